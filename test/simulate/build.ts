import type {
  EventSourceSpec,
  FunctionSpec,
  ProducerSpec,
  QueueSpec,
  Scenario,
  ScenarioEvent,
  TrafficShape,
} from '../../src/simulate/scenario.ts';

export const FLAT: TrafficShape = { dailyAmplitude: 0, peakHour: 0, weekendFactor: 1, noiseSigma: 0 };

/** 2026-03-02T00:00:00Z, a Monday. */
export const START = Date.parse('2026-03-02T00:00:00Z');

export function functionSpec(fixed: Partial<FunctionSpec> = {}): FunctionSpec {
  return {
    name: 'worker',
    memoryMB: 1024,
    timeoutSeconds: 30,
    architecture: 'x86_64',
    ephemeralStorageMB: 512,
    reservedConcurrency: null,
    tags: {},
    eventSources: [],
    asyncInvoke: null,
    durationMedianMs: 1_000,
    durationSigma: 0,
    // No INIT: cold starts cost nothing and change no instant.
    initMedianMs: 0,
    errorShare: 0,
    ...fixed,
  };
}

export function sourceSpec(fixed: Partial<EventSourceSpec> = {}): EventSourceSpec {
  return {
    id: 'esm-1',
    kind: 'sqs',
    source: 'jobs',
    batchSize: 1,
    maximumBatchingWindowSeconds: 0,
    maximumConcurrency: null,
    partialBatchResponses: false,
    maximumRetryAttempts: -1,
    ...fixed,
  };
}

export function queueSpec(fixed: Partial<QueueSpec> = {}): QueueSpec {
  return {
    name: 'jobs',
    visibilityTimeoutSeconds: 30,
    messageRetentionSeconds: 345_600,
    redrive: null,
    ...fixed,
  };
}

/** `count` messages at the start of minute `atMinute`, once. */
export function once(queue: string, atMinute: number, count = 1, spreadSeconds = 0): ProducerSpec {
  return {
    target: { kind: 'queue', queue },
    traffic: { kind: 'schedule', everyMinutes: 1_000_000, offsetMinutes: atMinute, count, spreadSeconds },
  };
}

export function background(
  effects: ScenarioEvent['effects'],
  fromMinute = 0,
  untilMinute: number | null = null,
) {
  return { atMinute: fromMinute, untilMinute, effects, meaning: { kind: 'background' } } as const;
}

export function scenario(fixed: Partial<Scenario>): Scenario {
  return {
    name: 'case',
    family: 'case',
    description: '',
    seed: 1,
    account: '111122223333',
    region: 'us-east-1',
    startAt: START,
    minutes: 60,
    publishDelaySeconds: 60,
    functions: [],
    queues: [],
    streams: [],
    producers: [],
    events: [],
    ...fixed,
  };
}

/** One function behind the queue `jobs`, with `jobs-dlq` where `maxReceiveCount` is given. */
export function oneWorker(
  fixed: {
    readonly function?: Partial<FunctionSpec>;
    readonly source?: Partial<EventSourceSpec>;
    readonly queue?: Partial<QueueSpec>;
    readonly maxReceiveCount?: number;
    readonly settings?: Partial<Scenario>;
  } = {},
): Scenario {
  const { maxReceiveCount } = fixed;
  const redrive = maxReceiveCount === undefined ? null : { deadLetterQueue: 'jobs-dlq', maxReceiveCount };
  const dlq = queueSpec({ name: 'jobs-dlq', messageRetentionSeconds: 1_209_600 });
  return scenario({
    functions: [functionSpec({ eventSources: [sourceSpec(fixed.source)], ...fixed.function })],
    queues: [queueSpec({ redrive, ...fixed.queue }), ...(redrive === null ? [] : [dlq])],
    ...fixed.settings,
  });
}
