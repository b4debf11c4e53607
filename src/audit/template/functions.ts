import type { BillingModel } from '../../model/inventory.ts';
import { credentialShape } from '../credential-shape.ts';
import { type Invoker, invokerNames, invokerOf } from '../invokers.ts';
import type { AuditEventSource, AuditFunction, EnvironmentVariable, LogGroup } from '../subject.ts';
import { destinationOf, functionNameOf } from './event-sources.ts';
import { nameFromArn } from './queues.ts';
import type { NamedResource, Resolver } from './resolve.ts';
import { isMap, isReference, isUnknown, listOf, numberOf, property, type Resolved } from './values.ts';

/** Defaults of a function (AWS Lambda quotas and API reference, 2026). */
const MEMORY_DEFAULT_MB = 128;
const TIMEOUT_DEFAULT_SECONDS = 3;
const STORAGE_DEFAULT_MB = 512;

/** Functions of a template with everything the template says of them elsewhere. */
export function functionsOf(
  resolver: Resolver,
  eventSources: ReadonlyMap<string, readonly AuditEventSource[]>,
): readonly AuditFunction[] {
  const invokers = invokersOf(resolver);
  const asyncConfigs = asyncConfigsOf(resolver);
  return resolver.ofType('AWS::Lambda::Function').map((resource) => {
    const { name, properties } = resource;
    const callers = invokers.filter((invoker) => invoker.functionName === name);
    return {
      name,
      ...computeOf(properties),
      ...settingsOf(properties, resolver),
      asyncInvoke: asyncConfigs.get(name) ?? null,
      asyncInvokers: invokerNames(callers, true),
      syncInvokers: invokerNames(callers, false),
      provisionedConcurrency: provisionedOf(name, resolver),
      logGroup: logGroupOf(resource, resolver),
      eventSources: eventSources.get(name) ?? [],
    };
  });
}

type Properties = NamedResource['properties'];

function computeOf(properties: Properties) {
  const image = properties['PackageType'] === 'Image';
  const runtime = properties['Runtime'];
  const [architecture] = listOf(properties['Architectures']);
  const inline = property(properties['Code'], 'ZipFile');
  const reserved = properties['ReservedConcurrentExecutions'];
  return {
    runtime: image ? null : typeof runtime === 'string' ? runtime : undefined,
    memoryMB: numberOf(properties['MemorySize'], MEMORY_DEFAULT_MB),
    timeoutSeconds: numberOf(properties['Timeout'], TIMEOUT_DEFAULT_SECONDS),
    architecture:
      architecture === 'arm64'
        ? 'arm64'
        : architecture === undefined || architecture === 'x86_64'
          ? 'x86_64'
          : undefined,
    ephemeralStorageMB: numberOf(property(properties['EphemeralStorage'], 'Size'), STORAGE_DEFAULT_MB),
    billing: billingOf(properties),
    packageBytes: image ? null : typeof inline === 'string' ? inline.length : undefined,
    reservedConcurrency: numberOf(reserved, null),
  } as const;
}

function billingOf(properties: Properties): BillingModel {
  if (properties['CapacityProviderConfig'] !== undefined) return 'managed-instances';
  return properties['DurableConfig'] === undefined ? 'on-demand' : 'durable';
}

function settingsOf(properties: Properties, resolver: Resolver) {
  const tracing = property(properties['TracingConfig'], 'Mode');
  const format = property(properties['LoggingConfig'], 'LogFormat');
  const recursive = properties['RecursiveLoop'];
  const target = property(properties['DeadLetterConfig'], 'TargetArn');
  return {
    recursiveLoop: recursive === 'Allow' ? 'Allow' : isUnknown(recursive) ? undefined : 'Terminate',
    deadLetterTarget:
      target === undefined ? null : (nameFromArn(target, resolver) ?? 'a target outside this template'),
    tracing: tracing === 'Active' ? 'Active' : isUnknown(tracing) ? undefined : 'PassThrough',
    logFormat: format === 'JSON' ? 'JSON' : isUnknown(format) ? undefined : 'Text',
    role: roleOf(properties['Role'], resolver),
    environment: environmentOf(property(properties['Environment'], 'Variables')),
  } as const;
}

function roleOf(role: Resolved, resolver: Resolver): string | undefined {
  return isReference(role) ? resolver.nameOf(role.logicalId) : resolver.text(role);
}

/** Values that only a deployment knows point elsewhere: they are no credential in the template. */
function environmentOf(variables: Resolved): readonly EnvironmentVariable[] | undefined {
  if (variables === undefined) return [];
  if (!isMap(variables) || isUnknown(variables)) return undefined;
  return Object.entries(variables).map(([name, value]) => ({
    name,
    looksLike: typeof value === 'string' ? credentialShape({ name, value }) : null,
  }));
}

function asyncConfigsOf(resolver: Resolver): ReadonlyMap<string, AuditFunction['asyncInvoke']> {
  return new Map(
    resolver.ofType('AWS::Lambda::EventInvokeConfig').flatMap(({ properties }) => {
      const name = functionNameOf(properties['FunctionName'], resolver);
      if (name === undefined) return [];
      const config = {
        maximumRetryAttempts: numberOf(properties['MaximumRetryAttempts'], 2) ?? 2,
        maximumEventAgeSeconds: numberOf(properties['MaximumEventAgeInSeconds'], 21_600) ?? 21_600,
        onFailure: destinationOf(properties['DestinationConfig'], resolver) ?? null,
      };
      return [[name, config] as const];
    }),
  );
}

/** Who may invoke which function: permissions, function URLs, schedules. */
function invokersOf(
  resolver: Resolver,
): readonly (Invoker & { readonly functionName: string | undefined })[] {
  const permissions = resolver.ofType('AWS::Lambda::Permission').map(({ properties }) => ({
    ...invokerOf(resolver.text(properties['Principal']) ?? 'another account'),
    functionName: functionNameOf(properties['FunctionName'], resolver),
  }));
  const urls = resolver.ofType('AWS::Lambda::Url').map(({ properties }) => ({
    name: 'function URL',
    asynchronous: false,
    functionName: functionNameOf(properties['TargetFunctionArn'], resolver),
  }));
  const schedules = resolver.ofType('AWS::Scheduler::Schedule').map(({ properties }) => ({
    ...invokerOf('scheduler.amazonaws.com'),
    functionName: functionNameOf(property(properties['Target'], 'Arn'), resolver),
  }));
  return [...permissions, ...urls, ...schedules];
}

function provisionedOf(functionName: string, resolver: Resolver): AuditFunction['provisionedConcurrency'] {
  return resolver.ofType('AWS::Lambda::Alias', 'AWS::Lambda::Version').flatMap((resource) => {
    const { properties } = resource;
    const executions = numberOf(
      property(properties['ProvisionedConcurrencyConfig'], 'ProvisionedConcurrentExecutions'),
      null,
    );
    if (typeof executions !== 'number') return [];
    if (functionNameOf(properties['FunctionName'], resolver) !== functionName) return [];
    return [{ qualifier: resolver.text(properties['Name']) ?? resource.logicalId, executions }];
  });
}

/** The log group a function writes to; one that the template does not create is made by Lambda and never expires. */
function logGroupOf({ name, properties }: NamedResource, resolver: Resolver): LogGroup | undefined {
  const given = property(properties['LoggingConfig'], 'LogGroup');
  if (given !== undefined && resolver.text(given) === undefined) return undefined;
  const groupName = resolver.text(given) ?? `/aws/lambda/${name}`;
  const group = resolver
    .ofType('AWS::Logs::LogGroup', 'Custom::LogRetention')
    .find(
      (resource) =>
        resource.name === groupName || resolver.text(resource.properties['LogGroupName']) === groupName,
    );
  // A group that is named but not made here: someone else keeps it.
  if (group === undefined && given !== undefined) return undefined;
  const retentionDays = numberOf(group?.properties['RetentionInDays'], null);
  return retentionDays === undefined ? undefined : { name: groupName, retentionDays };
}
