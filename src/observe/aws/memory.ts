import * as z from 'zod';
import { depthHistorySchema, mapSchema, NO_DEPTHS } from './depth-history.ts';
import { pack, unpack } from './packed.ts';
import { NOTHING_READ, readingSchema } from './reading-state.ts';

const instant = z.number();
const count = z.number().nonnegative();

/** What ListFunctions says of a function. */
const functionFactsSchema = z.object({
  name: z.string().min(1),
  memoryMB: z.number().positive(),
  timeoutSeconds: z.number().positive(),
  architecture: z.enum(['x86_64', 'arm64']),
  ephemeralStorageMB: z.number().positive(),
  lastModifiedAt: instant.exactOptional(),
  runtime: z.string().exactOptional(),
  packageBytes: count.exactOptional(),
  billing: z.enum(['on-demand', 'managed-instances', 'durable']).exactOptional(),
});
export type FunctionFacts = Readonly<z.infer<typeof functionFactsSchema>>;

/** What only a call per function says. */
const functionDetailsSchema = z.object({
  readAt: instant,
  reservedConcurrency: count.nullable(),
  tags: z.record(z.string(), z.string()),
});
export type FunctionDetails = Readonly<z.infer<typeof functionDetailsSchema>>;

const asyncInvokeSchema = z.object({
  readAt: instant,
  /** `null`: AWS defaults. */
  config: z
    .object({
      maximumRetryAttempts: count,
      maximumEventAgeSeconds: count,
      onFailure: z.string().nullable(),
    })
    .nullable(),
});

const mappingSchema = z.object({
  functionName: z.string(),
  /** Account of a queue that is not in the function's own; `null`: it is. */
  foreignAccount: z.string().nullable(),
  source: z.object({
    id: z.string(),
    kind: z.enum(['sqs', 'kinesis', 'dynamodb']),
    source: z.string(),
    enabled: z.boolean(),
    batchSize: count,
    maximumBatchingWindowSeconds: count,
    maximumConcurrency: count.nullable(),
    minimumPollers: count.exactOptional(),
    partialBatchResponses: z.boolean(),
    maximumRetryAttempts: z.number(),
  }),
});
export type Mapping = Readonly<z.infer<typeof mappingSchema>>;

const queueSchema = z.object({
  name: z.string(),
  url: z.string(),
  arn: z.string(),
  visibilityTimeoutSeconds: count,
  messageRetentionSeconds: count,
  redrive: z.object({ deadLetterQueue: z.string(), maxReceiveCount: count }).nullable(),
});
export type KnownQueue = Readonly<z.infer<typeof queueSchema>>;

const activitySchema = z.object({
  readAt: instant,
  /** Functions that published Invocations or Throttles within the last hours. */
  active: z.array(z.string()),
  /** Functions that published async metrics then. */
  async: z.array(z.string()),
  /** Rare metric to the functions that published it then. */
  rare: mapSchema(z.array(z.string())),
});
export type Activity = Readonly<z.infer<typeof activitySchema>>;

const moveTaskSchema = z.object({
  queue: z.string(),
  startedAt: instant,
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: count,
});

/** A list, and how far it is read anew where that takes more than one tick. */
function listSchema<Item extends z.ZodType>(item: Item) {
  const items = z.array(item);
  return z.object({
    readAt: instant,
    items,
    unfinished: z.object({ next: z.string(), items }).exactOptional(),
  });
}

const memorySchema = z.object({
  version: z.literal(1),
  account: z.string(),
  region: z.string(),
  functions: listSchema(functionFactsSchema).nullable(),
  mappings: listSchema(mappingSchema).nullable(),
  accountConcurrencyLimit: z.object({ readAt: instant, value: count }).nullable(),
  details: mapSchema(functionDetailsSchema),
  /** When GetFunction was denied last; `null`: it is allowed. */
  getFunctionDeniedAt: instant.nullable(),
  asyncInvoke: mapSchema(asyncInvokeSchema),
  queues: mapSchema(queueSchema),
  moveTasks: z.object({ readAt: instant, items: z.array(moveTaskSchema) }).nullable(),
  activity: activitySchema.nullable(),
  /** Functions that woke up since `activity` was read, and when that was seen. */
  awake: mapSchema(instant),
  /** Not before then are silent functions asked again whether they woke up. */
  nextSweepAt: instant,
  depths: depthHistorySchema,
  reading: readingSchema,
});

/**
 * What a source has read and need not read again at every tick, and the queue depths of earlier ticks. Losing it costs
 * calls, and never correctness: a source without memory reads everything anew.
 */
export type SourceMemory = Readonly<z.infer<typeof memorySchema>>;

export function emptyMemory(account: string, region: string): SourceMemory {
  return {
    version: 1,
    account,
    region,
    functions: null,
    mappings: null,
    accountConcurrencyLimit: null,
    details: new Map(),
    getFunctionDeniedAt: null,
    asyncInvoke: new Map(),
    queues: new Map(),
    moveTasks: null,
    activity: null,
    awake: new Map(),
    nextSweepAt: 0,
    depths: NO_DEPTHS,
    reading: NOTHING_READ,
  };
}

/** As one line of text for a store, a few hundred bytes a function. */
export function packMemory(memory: SourceMemory): string {
  return pack(memory);
}

/** `null`: it is damaged or of another version; the source then starts without. */
export function unpackMemory(text: string): SourceMemory | null {
  return unpack(text, memorySchema);
}
