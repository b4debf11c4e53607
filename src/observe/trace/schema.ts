import * as z from 'zod';

const count = z.number().nonnegative();
const whole = z.number().int().nonnegative();
const instant = z.iso.datetime({ offset: true });

const eventSource = z.object({
  id: z.string(),
  kind: z.enum(['sqs', 'kinesis', 'dynamodb']),
  source: z.string(),
  enabled: z.boolean().default(true),
  batchSize: whole.min(1).default(10),
  maximumBatchingWindowSeconds: count.default(0),
  maximumConcurrency: count.nullish().transform((value) => value ?? null),
  minimumPollers: count.exactOptional(),
  partialBatchResponses: z.boolean().default(false),
  maximumRetryAttempts: z.number().int().min(-1).default(-1),
});

const lambdaFunction = z.object({
  name: z.string().min(1),
  memoryMB: z.number().positive(),
  timeoutSeconds: z.number().positive(),
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
  ephemeralStorageMB: z.number().positive().default(512),
  reservedConcurrency: count.nullish().transform((value) => value ?? null),
  tags: z.record(z.string(), z.string()).default({}),
  eventSources: z.array(eventSource).default([]),
  asyncInvoke: z
    .object({
      maximumRetryAttempts: whole.default(2),
      maximumEventAgeSeconds: count.default(21_600),
      onFailure: z
        .string()
        .nullish()
        .transform((value) => value ?? null),
    })
    .nullish()
    .transform((value) => value ?? null),
  lastModifiedAt: instant.optional(),
  runtime: z.string().optional(),
  packageBytes: count.optional(),
});

const queue = z.object({
  name: z.string().min(1),
  visibilityTimeoutSeconds: count,
  messageRetentionSeconds: z.number().positive(),
  redrive: z
    .object({ deadLetterQueue: z.string().min(1), maxReceiveCount: z.number().int().positive() })
    .nullish()
    .transform((value) => value ?? null),
});

const moveTask = z.object({
  queue: z.string(),
  startedAt: instant,
  status: z.enum(['RUNNING', 'COMPLETED', 'CANCELLING', 'CANCELLED', 'FAILED']),
  moved: whole,
});

/** Everything but the numbers of the series, which are too many for a schema and are checked by hand. */
export const headerSchema = z.object({
  format: z.literal('firebreak-trace/1'),
  account: z.string(),
  region: z.string().min(1),
  start: instant,
  periodSeconds: z.literal(60),
  periods: whole.min(1),
  publishDelaySeconds: count.default(60),
  accountConcurrencyLimit: count.optional(),
  functions: z.array(lambdaFunction),
  queues: z.array(queue),
  moveTasks: z.array(moveTask).default([]),
  series: z.array(z.unknown()),
});

export const seriesHeaderSchema = z.object({
  namespace: z.string(),
  metric: z.string(),
  stat: z.string(),
  dimensions: z.record(z.string(), z.string()),
  values: z.array(z.unknown()),
  late: z.array(z.unknown()).optional(),
});

export type TraceHeader = z.infer<typeof headerSchema>;
