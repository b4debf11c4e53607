import { MINUTE_MS } from '../../model/time.ts';
import type { Scenario } from '../../simulate/scenario.ts';

/** The function and queues the demo is about. */
export const WORKER = 'orders-worker';
export const QUEUE = 'orders';

/** Minutes of ordinary traffic before the bug is deployed: enough for the monitor to know what is normal. */
export const BUG_AT_MINUTE = 8 * 60 + 7;
const DEMO_MINUTES = BUG_AT_MINUTE + 26 * 60;

const DAILY = { dailyAmplitude: 0.2, peakHour: 14, weekendFactor: 1, noiseSigma: 0.05 };

const SQS = {
  kind: 'sqs',
  maximumBatchingWindowSeconds: 0,
  maximumConcurrency: null,
  partialBatchResponses: false,
  maximumRetryAttempts: -1,
} as const;

const PLAIN = {
  architecture: 'x86_64',
  ephemeralStorageMB: 512,
  reservedConcurrency: null,
  asyncInvoke: null,
  initMedianMs: 350,
  errorShare: 0.0005,
  durationSigma: 0.4,
} as const;

/**
 * The bill surprise that firebreak exists for: a function with a five-minute timeout reads a queue without a dead-letter
 * queue. A deploy makes every message hang, so each attempt is billed for five minutes, comes back, and is billed again.
 */
export const STORY: Scenario = {
  name: 'five-minute-timeout',
  family: 'demo',
  description: 'A deploy makes every message of a queue hang until the five-minute timeout',
  seed: 7,
  account: '111122223333',
  region: 'us-east-1',
  startAt: Date.parse('2026-11-01T18:00:00Z'),
  minutes: DEMO_MINUTES,
  publishDelaySeconds: 60,
  functions: [
    {
      ...PLAIN,
      name: WORKER,
      memoryMB: 1024,
      timeoutSeconds: 300,
      tags: { team: 'orders' },
      eventSources: [{ ...SQS, id: 'esm-orders', source: QUEUE, batchSize: 1 }],
      durationMedianMs: 900,
    },
    {
      ...PLAIN,
      name: 'invoices-worker',
      memoryMB: 512,
      timeoutSeconds: 60,
      tags: { team: 'billing' },
      eventSources: [{ ...SQS, id: 'esm-invoices', source: 'invoices', batchSize: 10 }],
      durationMedianMs: 400,
    },
  ],
  queues: [
    { name: QUEUE, visibilityTimeoutSeconds: 360, messageRetentionSeconds: 345_600, redrive: null },
    {
      name: 'invoices',
      visibilityTimeoutSeconds: 360,
      messageRetentionSeconds: 345_600,
      redrive: { deadLetterQueue: 'invoices-dlq', maxReceiveCount: 5 },
    },
    { name: 'invoices-dlq', visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600, redrive: null },
  ],
  streams: [],
  producers: [
    { target: { kind: 'queue', queue: QUEUE }, traffic: { kind: 'poisson', perMinute: 12, shape: DAILY } },
    {
      target: { kind: 'queue', queue: 'invoices' },
      traffic: { kind: 'poisson', perMinute: 40, shape: DAILY },
    },
  ],
  events: [
    {
      atMinute: BUG_AT_MINUTE,
      untilMinute: null,
      effects: [
        { kind: 'deploy', function: WORKER },
        { kind: 'fail', function: WORKER, share: 1, how: 'timeout' },
      ],
      meaning: { kind: 'background' },
    },
  ],
};

/** How long the person who was paged takes to run the command. */
export const REACTION_MS = 4 * MINUTE_MS;
/** How long the repair takes, from the page on. */
export const REPAIR_MS = 45 * MINUTE_MS;
