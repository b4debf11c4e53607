import * as z from 'zod';
import { configSchema } from '../../src/model/config.ts';
import { DETECTOR_IDS } from '../../src/model/finding.ts';
import type { Effect, EmitSpec } from '../../src/simulate/scenario.ts';

/**
 * A scenario as people write it: what is not said is ordinary (the defaults below), what is said has the words of the trace
 * format and of `src/simulate/scenario.ts`. Unknown words are refused.
 */

const share = z.number().min(0).max(1);
const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();
const factor = z.number().positive();
const name = z.string().min(1);
/** Who may be right about it, the best name first: one of them tells it. */
const detector = z.union([
  z.enum(DETECTOR_IDS).transform((id) => [id]),
  z.array(z.enum(DETECTOR_IDS)).min(2),
]);

/** A moderate daily rhythm with its peak in the afternoon, and a quieter weekend. */
const shape = z
  .strictObject({
    dailyAmplitude: share.default(0.3),
    peakHour: z.number().min(0).max(24).default(14),
    weekendFactor: factor.default(0.8),
    noiseSigma: z.number().nonnegative().default(0.1),
    growthPerDay: z.number().exactOptional(),
  })
  .prefault({});

/** Where work comes from: at random at a rate, in bursts, or both. */
const arrivals = {
  perMinute: z.number().positive().optional(),
  shape,
  bursts: z
    .array(
      z.strictObject({
        atMinute: count,
        count: count,
        spreadSeconds: seconds.default(0),
        /** Absent: once. */
        everyMinutes: count.min(1).optional(),
      }),
    )
    .default([]),
};

const queue = z.strictObject({
  name,
  ...arrivals,
  batchSize: count.min(1).default(10),
  maximumBatchingWindowSeconds: seconds.default(0),
  maximumConcurrency: count.min(2).nullable().default(null),
  partialBatchResponses: z.boolean().default(false),
  /** Absent: six times the timeout of the function, as AWS advises. */
  visibilityTimeoutSeconds: seconds.optional(),
  messageRetentionSeconds: seconds.default(345_600),
  /** `null`: no dead-letter queue. Otherwise it is `<name>-dlq`. */
  maxReceiveCount: count.min(1).nullable().default(5),
  initialMessages: count.default(0),
  staleDeletesWork: z.boolean().default(false),
});

const stream = z.strictObject({
  name,
  kind: z.enum(['kinesis', 'dynamodb']).default('kinesis'),
  shards: count.min(1).default(1),
  recordsPerMinute: factor,
  shape,
  batchSize: count.min(1).default(100),
  maximumBatchingWindowSeconds: seconds.default(10),
  maximumRetryAttempts: z.number().int().min(-1).default(-1),
});

const emitDetails = {
  perMessage: z.number().positive(),
  delaySeconds: seconds.exactOptional(),
  carriesLineage: z.boolean().exactOptional(),
};
const emit: z.ZodType<EmitSpec> = z.union([
  z.strictObject({ queue: name, ...emitDetails }),
  z.strictObject({ function: name, ...emitDetails }),
]);

const functionText = z.strictObject({
  memoryMB: count.default(512),
  timeoutSeconds: count.default(30),
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64'),
  ephemeralStorageMB: count.default(512),
  reservedConcurrency: count.nullable().default(null),
  tags: z.record(z.string(), z.string()).default({}),
  durationMedianMs: factor.default(300),
  durationSigma: z.number().nonnegative().default(0.3),
  initMedianMs: z.number().nonnegative().default(400),
  errorShare: share.default(0),
  emits: z.array(emit).default([]),
  queue: queue.optional(),
  stream: stream.optional(),
  calls: z.strictObject({ ...arrivals, callerRetries: count.default(0) }).optional(),
  events: z
    .strictObject({
      ...arrivals,
      maximumRetryAttempts: count.max(2).default(2),
      maximumEventAgeSeconds: seconds.default(21_600),
    })
    .optional(),
});

const when = { atMinute: z.number().nonnegative(), untilMinute: z.number().positive().optional() };

const effect = z.discriminatedUnion('kind', [
  z.strictObject({
    ...when,
    kind: z.literal('fail'),
    function: name,
    share: share.default(1),
    how: z.enum(['throw', 'timeout', 'partial']),
    durationFactor: factor.exactOptional(),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('poison'),
    queue: name,
    share: share.default(1),
    how: z.enum(['throw', 'timeout', 'partial']),
    forMinutes: factor.exactOptional(),
    count: count.exactOptional(),
  }),
  z.strictObject({
    ...when,
    kind: z.literal('poison-record'),
    stream: name,
    how: z.enum(['throw', 'timeout']),
  }),
  z.strictObject({ ...when, kind: z.literal('slow'), function: name, factor }),
  z.strictObject({
    ...when,
    kind: z.literal('traffic'),
    target: name,
    factor: z.number().nonnegative(),
  }),
  z.strictObject({ ...when, kind: z.literal('copies'), queue: name, copies: count }),
  z.strictObject({ ...when, kind: z.literal('write-back'), stream: name, recordsPerMinute: factor }),
  z.strictObject({ ...when, kind: z.literal('pause'), function: name }),
  z.strictObject({ ...when, kind: z.literal('reserve'), function: name, concurrency: count }),
  z.strictObject({ ...when, kind: z.literal('visibility'), queue: name, seconds }),
  z.strictObject({ ...when, kind: z.literal('emit'), function: name, emit }),
  z.strictObject({
    ...when,
    kind: z.literal('redrive'),
    queue: name,
    perSecond: factor,
    recorded: z.boolean().default(true),
  }),
  z.strictObject({ ...when, kind: z.literal('deploy'), function: name }),
  z.strictObject({ ...when, kind: z.literal('gap'), scope: name, lost: z.boolean() }),
  z.strictObject({ ...when, kind: z.literal('shift-rhythm'), hours: z.number() }),
]) satisfies z.ZodType<Effect & { readonly atMinute: number }>;

const about = {
  /** Its functions, joined by ` + `: the one in the headline first. */
  of: name,
  withinMinutes: factor,
  /** Since when; absent: since the first event of the scenario. */
  sinceMinute: z.number().nonnegative().optional(),
};

/** Everything that is told, and nothing else may be: a page wakes somebody, a warning does not. */
const expectation = z.union([
  z.literal('silent'),
  z
    .array(
      z.union([
        z
          .strictObject({ page: detector, ...about })
          .transform(({ page, ...rest }) => ({ severity: 'page' as const, detectors: page, ...rest })),
        z.strictObject({ warning: detector, ...about }).transform(({ warning, ...rest }) => ({
          severity: 'warning' as const,
          detectors: warning,
          ...rest,
        })),
      ]),
    )
    .min(1),
]);

const scenarioText = z.strictObject({
  /** What happens, and why it is worth a scenario. */
  what: name,
  why: name,
  seed: count.min(1).default(1),
  startAt: z.iso.datetime().default('2026-03-02T00:00:00Z'),
  hours: factor,
  accountConcurrencyLimit: count.exactOptional(),
  publishDelaySeconds: seconds.default(60),
  recordLastModified: z.boolean().exactOptional(),
  redriveCountsAsSent: z.boolean().exactOptional(),
  config: configSchema.prefault({}),
  functions: z.record(name, functionText),
  events: z.array(effect).default([]),
  expect: expectation,
  /** firebreak is wrong on it: why. The expectation stays what it should be. */
  wrong: name.optional(),
});

/** What people told of it, in our words. */
const incident = z.strictObject({
  grade: z.enum(['A', 'A-', 'B', 'C']),
  source: name,
  happened: name,
  published: name,
  noticed: name,
  /** How long it really lasted, from its onset. */
  lastedHours: factor,
  /** What the figures leave open, and is ours. */
  assumed: name,
  /** Dollars of other services, where they are not what firebreak is told in `config`. */
  reallyUsdPerInvocation: z.record(name, factor).optional(),
  /** What is to be said of firebreak's part where it is late or blind. */
  honestly: name.optional(),
});

export const scenarioFile = z.record(name, scenarioText);
export const incidentFile = z.record(name, scenarioText.extend({ incident }));

export type ScenarioText = z.infer<typeof scenarioText>;
export type FunctionText = z.infer<typeof functionText>;
export type ArrivalsText = Pick<NonNullable<FunctionText['calls']>, keyof typeof arrivals>;
export type IncidentText = z.infer<typeof incidentFile>[string];
export type Expected = Exclude<ScenarioText['expect'], 'silent'>[number];
