import {
  GetAccountSettingsCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { credentialShape } from '../../audit/credential-shape.ts';
import type { AuditEventSource, AuditFunction } from '../../audit/subject.ts';
import { functionNameOf, parseArn } from './arn.ts';
import { type AuditWire, listPages } from './audit-wire.ts';

/** What ListFunctions says of a function, as far as an audit looks. A part that is not as promised is left unknown. */
const configurationSchema = z.object({
  FunctionName: z.string().min(1),
  LastModified: z.string().default(''),
  PackageType: z.string().optional(),
  Runtime: z.string().optional().catch(undefined),
  MemorySize: z.number().positive().optional().catch(undefined),
  Timeout: z.number().positive().optional().catch(undefined),
  Architectures: z.array(z.string()).optional().catch(undefined),
  EphemeralStorage: z.object({ Size: z.number().positive() }).optional().catch(undefined),
  CodeSize: z.number().nonnegative().optional().catch(undefined),
  Layers: z
    .array(z.object({ CodeSize: z.number().nonnegative().default(0) }))
    .default([])
    .catch([]),
  Role: z.string().optional().catch(undefined),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).nullish().catch(undefined),
  TracingConfig: z
    .object({ Mode: z.enum(['Active', 'PassThrough']) })
    .nullish()
    .catch(undefined),
  LoggingConfig: z
    .object({ LogFormat: z.enum(['JSON', 'Text']).optional(), LogGroup: z.string().optional() })
    .nullish()
    .catch(undefined),
  Environment: z
    .object({ Variables: z.record(z.string(), z.string()).optional(), Error: z.unknown().optional() })
    .nullish()
    .catch({ Error: 'unreadable' }),
  CapacityProviderConfig: z.unknown().optional(),
  DurableConfig: z.unknown().optional(),
});
type Configuration = z.infer<typeof configurationSchema>;

/** A function as the listing has it: details that need calls of their own are still unknown. */
export interface ListedFunction {
  readonly fn: AuditFunction;
  readonly lastModified: string;
  /** `null`: the default, `/aws/lambda/<name>`. */
  readonly logGroupName: string;
}

export async function listAuditFunctions(wire: AuditWire): Promise<readonly ListedFunction[] | undefined> {
  const listed = await listPages(wire, 'ListFunctions', async (Marker, options) => {
    const output = await wire.clients.lambda.send(
      new ListFunctionsCommand({ Marker, MaxItems: 50 }),
      options,
    );
    return { items: output.Functions ?? [], next: output.NextMarker };
  });
  return listed?.flatMap((raw) => {
    const parsed = configurationSchema.safeParse(raw);
    return parsed.success ? [listedFunction(parsed.data)] : [];
  });
}

function listedFunction(config: Configuration): ListedFunction {
  const name = config.FunctionName;
  const image = config.PackageType === 'Image';
  const layers = config.Layers.reduce((sum, { CodeSize }) => sum + CodeSize, 0);
  const fn: AuditFunction = {
    name,
    runtime: image ? null : config.Runtime,
    memoryMB: config.MemorySize,
    timeoutSeconds: config.Timeout,
    architecture: config.Architectures?.includes('arm64') === true ? 'arm64' : 'x86_64',
    ephemeralStorageMB: config.EphemeralStorage?.Size ?? 512,
    billing: billingOf(config),
    packageBytes: image ? null : config.CodeSize === undefined ? undefined : config.CodeSize + layers,
    deadLetterTarget: config.DeadLetterConfig?.TargetArn ?? null,
    tracing: config.TracingConfig?.Mode,
    logFormat: config.LoggingConfig?.LogFormat,
    // Names of roles are unique in an account, and shorter to read than ARNs.
    role: config.Role?.split('/').at(-1),
    environment: environmentOf(config),
  };
  return {
    fn,
    lastModified: config.LastModified,
    logGroupName: config.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`,
  };
}

function billingOf(config: Configuration): AuditFunction['billing'] {
  if (config.CapacityProviderConfig != null) return 'managed-instances';
  return config.DurableConfig == null ? 'on-demand' : 'durable';
}

/** The values end here: only what they look like goes on. Variables that could not be decrypted are unknown. */
function environmentOf({ Environment }: Configuration): AuditFunction['environment'] {
  if (Environment?.Error != null) return undefined;
  return Object.entries(Environment?.Variables ?? {}).map(([name, value]) => ({
    name,
    looksLike: credentialShape({ name, value }),
  }));
}

const destinationSchema = z.object({
  OnFailure: z.object({ Destination: z.string().optional() }).optional(),
});
const mappingSchema = z.object({
  UUID: z.string().min(1),
  FunctionArn: z.string(),
  EventSourceArn: z.string().optional(),
  State: z.string().optional(),
  BatchSize: z.number().optional(),
  MaximumBatchingWindowInSeconds: z.number().optional(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().optional() }).nullish(),
  ProvisionedPollerConfig: z.object({ MaximumPollers: z.number().optional() }).nullish(),
  FunctionResponseTypes: z.array(z.string()).nullish(),
  MaximumRetryAttempts: z.number().optional(),
  MaximumRecordAgeInSeconds: z.number().optional(),
  BisectBatchOnFunctionError: z.boolean().optional(),
  ParallelizationFactor: z.number().optional(),
  DestinationConfig: destinationSchema.nullish(),
});

/** In these states a mapping polls nothing any more. */
const STOPPED_STATES: readonly (string | undefined)[] = ['Disabled', 'Disabling', 'Deleting'];

/** Mappings by the name of the function they feed; `undefined`: they could not be listed. */
export async function listAuditMappings(
  wire: AuditWire,
): Promise<ReadonlyMap<string, readonly AuditEventSource[]> | undefined> {
  const listed = await listPages(wire, 'ListEventSourceMappings', async (Marker, options) => {
    const command = new ListEventSourceMappingsCommand({ Marker, MaxItems: 100 });
    const output = await wire.clients.lambda.send(command, options);
    return { items: output.EventSourceMappings ?? [], next: output.NextMarker };
  });
  if (listed === undefined) return undefined;
  const byFunction = new Map<string, AuditEventSource[]>();
  for (const raw of listed) {
    const parsed = mappingSchema.safeParse(raw);
    const name = parsed.success ? functionNameOf(parsed.data.FunctionArn) : null;
    if (!parsed.success || name === null) continue;
    byFunction.set(name, [...(byFunction.get(name) ?? []), eventSourceOf(parsed.data)]);
  }
  return byFunction;
}

function eventSourceOf(mapping: z.infer<typeof mappingSchema>): AuditEventSource {
  const arn = parseArn(mapping.EventSourceArn ?? '');
  const stream = arn?.service === 'kinesis' || arn?.service === 'dynamodb';
  const kind = arn?.service === 'sqs' ? 'sqs' : stream ? (arn.service as 'kinesis' | 'dynamodb') : 'other';
  const pollers = mapping.ProvisionedPollerConfig;
  return {
    id: mapping.UUID,
    kind,
    source: sourceName(arn, mapping),
    enabled: !STOPPED_STATES.includes(mapping.State),
    batchSize: mapping.BatchSize,
    maximumBatchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds,
    maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? null,
    // 200 where provisioned mode names no maximum (AWS Lambda API reference).
    maximumPollers: pollers == null ? null : (pollers.MaximumPollers ?? 200),
    partialBatchResponses: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true,
    maximumRetryAttempts: mapping.MaximumRetryAttempts ?? -1,
    maximumRecordAgeSeconds: mapping.MaximumRecordAgeInSeconds ?? -1,
    bisectOnError: mapping.BisectBatchOnFunctionError ?? false,
    parallelizationFactor: mapping.ParallelizationFactor,
    onFailure: mapping.DestinationConfig?.OnFailure?.Destination ?? null,
  };
}

/** A queue of another account keeps its ARN, lest it be taken for one of ours. */
function sourceName(
  arn: ReturnType<typeof parseArn>,
  mapping: {
    readonly FunctionArn: string;
    readonly EventSourceArn?: string | undefined;
    readonly UUID: string;
  },
): string {
  if (arn === null) return mapping.EventSourceArn ?? mapping.UUID;
  const foreign = arn.account !== parseArn(mapping.FunctionArn)?.account;
  if (arn.service === 'sqs') return foreign ? (mapping.EventSourceArn ?? arn.resource) : arn.resource;
  return arn.resource.split('/')[1] ?? arn.resource;
}

/** Concurrent executions the account may have; `undefined`: not known. */
export async function readAccountLimit(wire: AuditWire): Promise<number | undefined> {
  const output = await wire.ask('GetAccountSettings', 'account', (options) =>
    wire.clients.lambda.send(new GetAccountSettingsCommand({}), options),
  );
  return output?.AccountLimit?.ConcurrentExecutions;
}
