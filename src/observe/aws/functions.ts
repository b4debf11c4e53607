import {
  GetAccountSettingsCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { EventSource } from '../../model/inventory.ts';
import type { ReadGap } from '../../model/window.ts';
import { functionNameOf, parseArn } from './arn.ts';
import type { FunctionFacts, Mapping } from './memory.ts';
import { call, type Listing, type ListingPart, listAll, type Wire } from './wire.ts';

/** A listing and what of it could not be understood. */
export interface Parsed<Item> extends Listing<Item> {
  readonly gaps: readonly ReadGap[];
}

type Page = Parameters<typeof listAll<unknown>>[2];

/** What one listed thing is: understood, not for us, or a gap. */
type Understood<Item> = Item | null | ReadGap;

const configurationSchema = z.object({
  FunctionName: z.string().min(1),
  MemorySize: z.number().positive(),
  Timeout: z.number().positive(),
  Architectures: z.array(z.string()).optional(),
  EphemeralStorage: z.object({ Size: z.number().positive() }).optional(),
  LastModified: z.string().optional(),
  Runtime: z.string().optional(),
  CodeSize: z.number().nonnegative().optional(),
  CapacityProviderConfig: z.unknown().optional(),
  DurableConfig: z.unknown().optional(),
});

/** All functions of the account in the region. */
export async function listFunctions(wire: Wire, part?: ListingPart): Promise<Parsed<FunctionFacts>> {
  const page: Page = async (Marker, options) => {
    const output = await wire.clients.lambda.send(
      new ListFunctionsCommand({ Marker, MaxItems: 50 }),
      options,
    );
    return { $metadata: output.$metadata, items: output.Functions ?? [], next: output.NextMarker };
  };
  const listing = await listAll(wire, 'ListFunctions', page, part);
  return parsed(listing, factsOf);
}

/** One function configuration; a gap names the field that is not as the API promises. */
export function factsOf(raw: unknown): FunctionFacts | ReadGap {
  const result = configurationSchema.safeParse(raw);
  if (!result.success) return malformed(raw, 'FunctionName', 'ListFunctions', result.error);
  const config = result.data;
  const lastModifiedAt = Date.parse(config.LastModified ?? '');
  return {
    name: config.FunctionName,
    memoryMB: config.MemorySize,
    timeoutSeconds: config.Timeout,
    architecture: config.Architectures?.includes('arm64') === true ? 'arm64' : 'x86_64',
    ephemeralStorageMB: config.EphemeralStorage?.Size ?? 512,
    ...(Number.isNaN(lastModifiedAt) ? {} : { lastModifiedAt }),
    ...(config.Runtime === undefined ? {} : { runtime: config.Runtime }),
    ...(config.CodeSize === undefined ? {} : { packageBytes: config.CodeSize }),
    ...billingOf(config),
  };
}

function billingOf(config: z.infer<typeof configurationSchema>): Pick<FunctionFacts, 'billing'> {
  if (config.CapacityProviderConfig != null) return { billing: 'managed-instances' };
  return config.DurableConfig == null ? {} : { billing: 'durable' };
}

const mappingSchema = z.object({
  UUID: z.string().min(1),
  FunctionArn: z.string(),
  EventSourceArn: z.string().optional(),
  State: z.string().optional(),
  BatchSize: z.number().positive().optional(),
  MaximumBatchingWindowInSeconds: z.number().nonnegative().optional(),
  MaximumRetryAttempts: z.number().optional(),
  FunctionResponseTypes: z.array(z.string()).optional(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().positive().optional() }).optional(),
  ProvisionedPollerConfig: z.object({ MinimumPollers: z.number().nonnegative().optional() }).optional(),
});

/** All event source mappings in one listing; those of other kinds than queues and streams are left out. */
export async function listMappings(wire: Wire, part?: ListingPart): Promise<Parsed<Mapping>> {
  const page: Page = async (Marker, options) => {
    const output = await wire.clients.lambda.send(
      new ListEventSourceMappingsCommand({ Marker, MaxItems: 100 }),
      options,
    );
    return { $metadata: output.$metadata, items: output.EventSourceMappings ?? [], next: output.NextMarker };
  };
  const listing = await listAll(wire, 'ListEventSourceMappings', page, part);
  return parsed(listing, mappingOf);
}

/** In these states a mapping polls nothing any more; in all others it does, or soon will. */
const STOPPED_STATES: readonly (string | undefined)[] = ['Disabled', 'Disabling', 'Deleting'];

/** One mapping; `null`: a kind of source that firebreak does not watch (Kafka, MQ, DocumentDB). */
export function mappingOf(raw: unknown): Understood<Mapping> {
  const result = mappingSchema.safeParse(raw);
  if (!result.success) return malformed(raw, 'UUID', 'ListEventSourceMappings', result.error);
  const mapping = result.data;
  const functionName = functionNameOf(mapping.FunctionArn);
  const source = sourceOf(mapping.EventSourceArn ?? '', mapping.FunctionArn);
  if (functionName === null || source === null) return null;
  return {
    functionName,
    foreignAccount: source.foreignAccount,
    source: {
      id: mapping.UUID,
      kind: source.kind,
      source: source.name,
      enabled: !STOPPED_STATES.includes(mapping.State),
      batchSize: mapping.BatchSize ?? (source.kind === 'sqs' ? 10 : 100),
      maximumBatchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
      maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency ?? null,
      ...(source.kind === 'sqs' ? pollersOf(mapping) : {}),
      partialBatchResponses: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') === true,
      maximumRetryAttempts: mapping.MaximumRetryAttempts ?? -1,
    },
  };
}

/** Pollers that are kept whatever there is to poll: the least of them, 2 where none is named (Lambda API reference, 2026). */
function pollersOf({
  ProvisionedPollerConfig: config,
}: z.infer<typeof mappingSchema>): Pick<EventSource, 'minimumPollers'> {
  return config === undefined ? {} : { minimumPollers: config.MinimumPollers ?? MINIMUM_POLLERS_DEFAULT };
}
const MINIMUM_POLLERS_DEFAULT = 2;

interface SourceName {
  readonly kind: EventSource['kind'];
  readonly name: string;
  readonly foreignAccount: string | null;
}

/** Queue or stream name of an ARN. A queue of another account keeps its ARN, lest it be taken for one of ours. */
function sourceOf(arn: string, functionArn: string): SourceName | null {
  const parsed = parseArn(arn);
  if (parsed === null) return null;
  const foreignAccount = parsed.account === parseArn(functionArn)?.account ? null : parsed.account;
  const path = parsed.resource.split('/');
  switch (parsed.service) {
    case 'sqs':
      return { kind: 'sqs', name: foreignAccount === null ? parsed.resource : arn, foreignAccount };
    case 'kinesis':
    case 'dynamodb':
      return path[1] ? { kind: parsed.service, name: path[1], foreignAccount } : null;
    default:
      return null;
  }
}

/** Concurrent executions the account may have in the region; `null`: the answer does not say. */
export async function readConcurrencyLimit(wire: Wire): Promise<number | null> {
  const output = await call(wire, 'GetAccountSettings', (options) =>
    wire.clients.lambda.send(new GetAccountSettingsCommand({}), options),
  );
  const limit: unknown = output.AccountLimit?.ConcurrentExecutions;
  return typeof limit === 'number' && limit >= 0 ? limit : null;
}

function parsed<Raw, Item extends object>(
  listing: Listing<Raw>,
  understand: (raw: Raw) => Understood<Item>,
): Parsed<Item> {
  const items: Item[] = [];
  const gaps: ReadGap[] = [];
  for (const raw of listing.items) {
    const item = understand(raw);
    if (item === null) continue;
    if ('reason' in item) gaps.push(item as ReadGap);
    else items.push(item as Item);
  }
  return { ...listing, items, gaps };
}

function malformed(raw: unknown, idField: string, operation: string, error: z.ZodError): ReadGap {
  const id = (raw as Record<string, unknown> | null)?.[idField];
  const issue = error.issues[0];
  return {
    resource: typeof id === 'string' && id !== '' ? id : 'unnamed',
    operation,
    reason: `malformed answer: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'unreadable'}`,
  };
}
