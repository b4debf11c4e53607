import type { FunctionSpec, QueueSpec, Scenario, TrafficShape } from './scenario.ts';

/**
 * Incidents that people had and wrote about, rebuilt from the figures they gave: without chance where it can be done,
 * so that what must come out can be computed by hand.
 */

/** 2026-03-02T00:00:00Z, a Monday. */
const START = 1_772_409_600_000;
const EVEN: TrafficShape = { dailyAmplitude: 0, peakHour: 0, weekendFactor: 1, noiseSigma: 0 };
const DAY_MINUTES = 1_440;

function consumer(
  fixed: Partial<FunctionSpec> & { readonly name: string; readonly queue: string },
): FunctionSpec {
  const { queue, ...rest } = fixed;
  return {
    memoryMB: 1_024,
    timeoutSeconds: 30,
    architecture: 'x86_64',
    ephemeralStorageMB: 512,
    reservedConcurrency: null,
    tags: { team: 'documents' },
    eventSources: [
      {
        id: `esm-${queue}`,
        kind: 'sqs',
        source: queue,
        batchSize: 1,
        maximumBatchingWindowSeconds: 0,
        maximumConcurrency: null,
        partialBatchResponses: false,
        maximumRetryAttempts: -1,
      },
    ],
    asyncInvoke: null,
    durationMedianMs: 1_000,
    durationSigma: 0.2,
    initMedianMs: 400,
    errorShare: 0,
    ...rest,
  };
}

function queue(fixed: Partial<QueueSpec> & { readonly name: string }): QueueSpec {
  return { visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600, redrive: null, ...fixed };
}

function named(
  fixed: Pick<
    Scenario,
    'name' | 'description' | 'minutes' | 'functions' | 'queues' | 'producers' | 'events'
  > &
    Partial<Scenario>,
): Scenario {
  return {
    family: fixed.name,
    seed: 1,
    account: '111122223333',
    region: 'us-east-1',
    startAt: START,
    publishDelaySeconds: 60,
    streams: [],
    ...fixed,
  };
}

/** One message, sent once. */
function single(queueName: string, atMinute: number): Scenario['producers'][number] {
  return {
    target: { kind: 'queue', queue: queueName },
    traffic: {
      kind: 'schedule',
      everyMinutes: 1_000_000,
      offsetMinutes: atMinute,
      count: 1,
      spreadSeconds: 0,
    },
  };
}

function loop(
  about: { readonly function: string; readonly queue: string; readonly relatedQueues?: readonly string[] },
  event: Pick<Scenario['events'][number], 'atMinute' | 'effects'>,
): Scenario['events'][number] {
  return {
    ...event,
    untilMinute: null,
    meaning: {
      kind: 'positive',
      detectors: ['retry-loop'],
      function: about.function,
      queue: about.queue,
      relatedFunctions: [],
      relatedQueues: about.relatedQueues ?? [],
      params: {},
    },
  };
}

/** One scanned document, a timeout of 15 minutes, no dead-letter queue, two days. */
const pdfNoDlq = named({
  name: 'pdf-no-dlq',
  description: 'One document that never fits into 15 minutes, tried again for two days at 10 GB.',
  minutes: 2 * DAY_MINUTES,
  functions: [
    consumer({
      name: 'ocr',
      queue: 'scans',
      timeoutSeconds: 900,
      memoryMB: 10_240,
      durationMedianMs: 30_000,
    }),
  ],
  queues: [queue({ name: 'scans', visibilityTimeoutSeconds: 900 })],
  producers: [single('scans', 0)],
  events: [
    loop(
      { function: 'ocr', queue: 'scans' },
      { atMinute: 0, effects: [{ kind: 'poison', queue: 'scans', share: 1, how: 'timeout' }] },
    ),
  ],
});

/** A message every 30 minutes for four days: the default retention. */
const noDlqFourDays = named({
  name: 'no-dlq-4-days',
  description: 'A message that always fails comes back every half hour until retention ends after four days.',
  minutes: 4 * DAY_MINUTES + 60,
  functions: [consumer({ name: 'embedding', queue: 'documents', timeoutSeconds: 300 })],
  queues: [queue({ name: 'documents', visibilityTimeoutSeconds: 1_800 })],
  producers: [single('documents', 0)],
  events: [
    loop(
      { function: 'embedding', queue: 'documents' },
      { atMinute: 0, effects: [{ kind: 'poison', queue: 'documents', share: 1, how: 'throw' }] },
    ),
  ],
});

/** maxReceiveCount 1,000 at 30 s: the dead-letter queue is more than eight hours away. */
const retryEightHours = named({
  name: 'retry-8h-silent',
  description: 'A thousand tries, half a minute apart, before anybody hears of it.',
  minutes: 600,
  functions: [consumer({ name: 'extractor', queue: 'uploads' })],
  queues: [
    queue({ name: 'uploads', redrive: { deadLetterQueue: 'uploads-dlq', maxReceiveCount: 1_000 } }),
    queue({ name: 'uploads-dlq', messageRetentionSeconds: 1_209_600 }),
  ],
  producers: [single('uploads', 0)],
  events: [
    loop(
      { function: 'extractor', queue: 'uploads', relatedQueues: ['uploads-dlq'] },
      { atMinute: 0, effects: [{ kind: 'poison', queue: 'uploads', share: 1, how: 'throw' }] },
    ),
  ],
});

/** A cap on concurrency with maxReceiveCount 1 dead-letters good messages without running the handler once. */
const throttleToDlq = named({
  name: 'throttle-to-dlq',
  description: 'A reservation of 10 and maxReceiveCount 1: good messages are dead-lettered unseen.',
  minutes: 120,
  functions: [
    consumer({
      name: 'importer',
      queue: 'rows',
      reservedConcurrency: 10,
      durationMedianMs: 15_000,
      durationSigma: 0.1,
      timeoutSeconds: 30,
    }),
  ],
  queues: [
    queue({ name: 'rows', redrive: { deadLetterQueue: 'rows-dlq', maxReceiveCount: 1 } }),
    queue({ name: 'rows-dlq', messageRetentionSeconds: 1_209_600 }),
  ],
  producers: [
    {
      target: { kind: 'queue', queue: 'rows' },
      traffic: {
        kind: 'schedule',
        everyMinutes: 1_000_000,
        offsetMinutes: 30,
        count: 400,
        spreadSeconds: 240,
      },
    },
  ],
  events: [],
});

/** A consumer empties the dead-letter queue at once: its depth is 0 whenever somebody looks. */
const drainedDlq = named({
  name: 'drained-dlq',
  description: 'Dead letters are consumed at once, so the depth of the dead-letter queue never shows them.',
  minutes: 720,
  functions: [
    consumer({ name: 'ingest', queue: 'events' }),
    consumer({ name: 'dead-letter-archive', queue: 'events-dlq', durationMedianMs: 50 }),
  ],
  queues: [
    queue({ name: 'events', redrive: { deadLetterQueue: 'events-dlq', maxReceiveCount: 2 } }),
    queue({ name: 'events-dlq', messageRetentionSeconds: 1_209_600 }),
  ],
  producers: [
    {
      target: { kind: 'queue', queue: 'events' },
      traffic: { kind: 'poisson', perMinute: 10, shape: EVEN },
    },
  ],
  events: [
    loop(
      { function: 'ingest', queue: 'events', relatedQueues: ['events-dlq'] },
      { atMinute: 300, effects: [{ kind: 'fail', function: 'ingest', share: 1, how: 'throw' }] },
    ),
  ],
});

/** Thousands of uploads in a quarter of an hour; each times out about 2.4 times before it succeeds. */
const timeoutRedelivery = named({
  name: 'timeout-redelivery',
  description:
    'A burst of uploads saturates the queue; 70 % of the runs time out, and every document is done 3.3 times.',
  minutes: 240,
  functions: [consumer({ name: 'queue-processor', queue: 'documents', durationMedianMs: 8_000 })],
  queues: [queue({ name: 'documents', visibilityTimeoutSeconds: 60 })],
  producers: [
    {
      target: { kind: 'queue', queue: 'documents' },
      traffic: {
        kind: 'schedule',
        everyMinutes: 1_000_000,
        offsetMinutes: 60,
        count: 4_384,
        spreadSeconds: 780,
      },
    },
  ],
  events: [
    {
      ...loop(
        { function: 'queue-processor', queue: 'documents' },
        {
          atMinute: 60,
          effects: [{ kind: 'fail', function: 'queue-processor', share: 0.7, how: 'timeout' }],
        },
      ),
      untilMinute: 200,
    },
  ],
});

/** The error path puts a copy of the message on the same queue: nothing fails, nothing is redelivered. */
const requeueCopy = named({
  name: 'requeue-copy',
  description:
    'A handler that sends a copy of each image it cannot read to its own queue, and reports success.',
  minutes: DAY_MINUTES,
  functions: [consumer({ name: 'thumbnails', queue: 'images', durationMedianMs: 800 })],
  queues: [
    queue({ name: 'images', redrive: { deadLetterQueue: 'images-dlq', maxReceiveCount: 5 } }),
    queue({ name: 'images-dlq', messageRetentionSeconds: 1_209_600 }),
  ],
  producers: [
    {
      target: { kind: 'queue', queue: 'images' },
      traffic: { kind: 'poisson', perMinute: 4, shape: EVEN },
    },
  ],
  events: [
    {
      atMinute: 600,
      untilMinute: null,
      effects: [
        {
          kind: 'emit',
          function: 'thumbnails',
          emit: { queue: 'images', perMessage: 0.98, delaySeconds: 5, carriesLineage: false },
        },
      ],
      meaning: {
        kind: 'positive',
        detectors: ['recursion', 'traffic-amplification'],
        function: 'thumbnails',
        queue: 'images',
        relatedFunctions: [],
        relatedQueues: ['images-dlq'],
        params: {},
      },
    },
  ],
});

/** Scenarios by name. */
export const namedScenarios: Readonly<Record<string, Scenario>> = Object.fromEntries(
  [pdfNoDlq, noDlqFourDays, retryEightHours, throttleToDlq, drainedDlq, timeoutRedelivery, requeueCopy].map(
    (scenario) => [scenario.name, scenario],
  ),
);
