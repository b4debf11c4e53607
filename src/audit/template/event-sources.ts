import type { EventSourceKind } from '../../model/inventory.ts';
import type { AuditEventSource } from '../subject.ts';
import { nameFromArn } from './queues.ts';
import type { NamedResource, Resolver } from './resolve.ts';
import { booleanOf, isReference, isUnknown, listOf, numberOf, property, type Resolved } from './values.ts';

const KIND_BY_TYPE: ReadonlyMap<string, EventSourceKind> = new Map([
  ['AWS::SQS::Queue', 'sqs'],
  ['AWS::Kinesis::Stream', 'kinesis'],
  ['AWS::DynamoDB::Table', 'dynamodb'],
  ['AWS::DynamoDB::GlobalTable', 'dynamodb'],
  ['AWS::Serverless::SimpleTable', 'dynamodb'],
]);

/** Mappings of a template by the name of the function they feed. */
export function eventSourcesOf(resolver: Resolver): ReadonlyMap<string, readonly AuditEventSource[]> {
  const byFunction = new Map<string, AuditEventSource[]>();
  for (const resource of resolver.ofType('AWS::Lambda::EventSourceMapping')) {
    const fn = functionNameOf(resource.properties['FunctionName'], resolver);
    if (fn !== undefined)
      byFunction.set(fn, [...(byFunction.get(fn) ?? []), eventSourceOf(resource, resolver)]);
  }
  return byFunction;
}

function eventSourceOf({ logicalId, properties }: NamedResource, resolver: Resolver): AuditEventSource {
  const arn = properties['EventSourceArn'];
  const kind = kindOf(arn, resolver);
  const types = listOf(properties['FunctionResponseTypes']);
  return {
    id: logicalId,
    kind,
    source: sourceName(arn, kind, resolver),
    enabled: booleanOf(properties['Enabled'], true) ?? true,
    batchSize: numberOf(properties['BatchSize'], kind === 'sqs' ? 10 : 100),
    maximumBatchingWindowSeconds: numberOf(properties['MaximumBatchingWindowInSeconds'], 0),
    maximumConcurrency: numberOf(property(properties['ScalingConfig'], 'MaximumConcurrency'), null),
    maximumPollers: pollersOf(properties['ProvisionedPollerConfig']),
    partialBatchResponses: types.includes('ReportBatchItemFailures'),
    maximumRetryAttempts: numberOf(properties['MaximumRetryAttempts'], -1),
    maximumRecordAgeSeconds: numberOf(properties['MaximumRecordAgeInSeconds'], -1),
    bisectOnError: booleanOf(properties['BisectBatchOnFunctionError'], false),
    parallelizationFactor: numberOf(properties['ParallelizationFactor'], 1),
    onFailure: destinationOf(properties['DestinationConfig'], resolver),
  };
}

/** 200 pollers where provisioned mode names no maximum (AWS Lambda API reference). */
function pollersOf(config: Resolved): number | null | undefined {
  if (config === undefined) return null;
  return isUnknown(config) ? undefined : numberOf(property(config, 'MaximumPollers'), 200);
}

/** Name of an on-failure destination; `null`: none; `undefined`: not known. */
export function destinationOf(config: Resolved, resolver: Resolver): string | null | undefined {
  if (config !== undefined && isUnknown(config)) return undefined;
  const destination = property(config, 'OnFailure', 'Destination');
  if (destination === undefined) return null;
  return nameFromArn(destination, resolver) ?? 'a destination outside this template';
}

function kindOf(arn: Resolved, resolver: Resolver): AuditEventSource['kind'] {
  if (isReference(arn)) return KIND_BY_TYPE.get(resolver.resource(arn.logicalId)?.type ?? '') ?? 'other';
  const service = resolver.text(arn)?.split(':')[2];
  return service === 'sqs' || service === 'kinesis' || service === 'dynamodb' ? service : 'other';
}

/** `arn:aws:dynamodb:…:table/orders/stream/…` is the table; a queue's ARN ends with its name. */
function sourceName(arn: Resolved, kind: AuditEventSource['kind'], resolver: Resolver): string {
  if (kind === 'dynamodb' && typeof arn === 'string') return arn.split('/')[1] ?? arn;
  return nameFromArn(arn, resolver) ?? 'a source outside this template';
}

/** Name of the function that a property names: by name, ARN, reference, or through an alias or version. */
export function functionNameOf(value: Resolved, resolver: Resolver): string | undefined {
  if (isReference(value)) {
    const resource = resolver.resource(value.logicalId);
    if (resource?.type === 'AWS::Lambda::Alias' || resource?.type === 'AWS::Lambda::Version') {
      return functionNameOf(resource.properties['FunctionName'], resolver);
    }
  }
  const text = resolver.text(value);
  if (text === undefined) return undefined;
  return text.startsWith('arn:') ? text.split(':')[6] : text.split(':')[0];
}
