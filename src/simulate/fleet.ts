import type { AsyncInvokeConfig } from '../model/inventory.ts';
import { between, chance, integer, logBetween, pick, type Rng } from './random.ts';
import type {
  EventSourceSpec,
  FunctionSpec,
  ProducerSpec,
  QueueSpec,
  StreamSpec,
  TrafficShape,
} from './scenario.ts';

/** Functions with what feeds them. */
export interface Parts {
  readonly functions: readonly FunctionSpec[];
  readonly queues: readonly QueueSpec[];
  readonly streams: readonly StreamSpec[];
  readonly producers: readonly ProducerSpec[];
}

export const NO_PARTS: Parts = { functions: [], queues: [], streams: [], producers: [] };

export function merge(...all: readonly Parts[]): Parts {
  return {
    functions: all.flatMap(({ functions }) => functions),
    queues: all.flatMap(({ queues }) => queues),
    streams: all.flatMap(({ streams }) => streams),
    producers: all.flatMap(({ producers }) => producers),
  };
}

const SUBJECTS = [
  'orders',
  'invoices',
  'payments',
  'catalog',
  'shipping',
  'loyalty',
  'webhooks',
  'sessions',
  'thumbnails',
  'search-index',
  'coupons',
  'fraud',
  'ledger',
  'metering',
  'exports',
  'avatars',
  'geo',
  'mailings',
  'returns',
  'inventory',
  'reviews',
  'telemetry',
  'clicks',
  'statements',
] as const;
const TEAMS = ['platform', 'growth', 'core', 'payments', 'data'] as const;
const MEMORY_MB = [128, 256, 512, 512, 1024, 1024, 1536, 2048, 3008] as const;
const DLQ_RETENTION_SECONDS = 1_209_600;

/** Names that no other function of the fleet has. */
export function createNames(rng: Rng): () => string {
  const left: string[] = [...SUBJECTS];
  let round = 1;
  return () => {
    if (left.length === 0) {
      round++;
      left.push(...SUBJECTS.map((subject) => `${subject}-${round}`));
    }
    return left.splice(integer(rng, 0, left.length - 1), 1)[0] ?? `subject-${round}`;
  };
}

function drawShape(rng: Rng): TrafficShape {
  return {
    dailyAmplitude: between(rng, 0.2, 0.7),
    peakHour: between(rng, 9, 21),
    weekendFactor: between(rng, 0.4, 1),
    noiseSigma: between(rng, 0.05, 0.2),
  };
}

/** What most functions have in common; everything may be replaced. */
function drawFunction(rng: Rng, fixed: Partial<FunctionSpec> & { readonly name: string }): FunctionSpec {
  const durationMedianMs = fixed.durationMedianMs ?? logBetween(rng, 40, 1_500);
  return {
    memoryMB: pick(rng, MEMORY_MB),
    timeoutSeconds: pick(rng, durationMedianMs > 800 ? [30, 60, 120, 180, 300] : [6, 10, 15, 30, 60]),
    architecture: chance(rng, 0.5) ? 'arm64' : 'x86_64',
    ephemeralStorageMB: chance(rng, 0.15) ? 1024 : 512,
    reservedConcurrency: null,
    tags: { team: pick(rng, TEAMS) },
    eventSources: [],
    asyncInvoke: null,
    durationSigma: between(rng, 0.15, 0.6),
    initMedianMs: between(rng, 200, 900),
    errorShare: chance(rng, 0.5) ? logBetween(rng, 0.0002, 0.006) : 0,
    ...fixed,
    durationMedianMs,
  };
}

export interface QueueWorkerOptions {
  readonly name: string;
  readonly perMinute?: number;
  readonly shape?: TrafficShape;
  readonly function?: Partial<FunctionSpec>;
  readonly source?: Partial<EventSourceSpec>;
  readonly queue?: Partial<QueueSpec>;
  /** `null`: no dead-letter queue. Absent: drawn. */
  readonly maxReceiveCount?: number | null;
  /** No producer: something else sends to the queue. */
  readonly silent?: boolean;
}

/** A function behind a queue, with its dead-letter queue and its producer. */
export function queueWorker(rng: Rng, options: QueueWorkerOptions): Parts {
  const { name } = options;
  const queueName = options.queue?.name ?? `${name}${pick(rng, ['', '-queue', '-jobs', '-events'])}`;
  const functionName =
    options.function?.name ?? `${name}-${pick(rng, ['worker', 'consumer', 'processor', 'handler', 'sync'])}`;
  const draft = drawFunction(rng, { ...options.function, name: functionName });
  const windowSeconds = chance(rng, 0.3) ? pick(rng, [1, 5, 20]) : 0;
  const source: EventSourceSpec = {
    id: esmId(rng),
    kind: 'sqs',
    source: queueName,
    batchSize: pick(rng, [1, 5, 10, 10]),
    maximumBatchingWindowSeconds: windowSeconds,
    maximumConcurrency: chance(rng, 0.25) ? pick(rng, [10, 50]) : null,
    partialBatchResponses: chance(rng, 0.25),
    maximumRetryAttempts: -1,
    ...options.source,
  };
  const maxReceiveCount =
    options.maxReceiveCount === undefined ? pick(rng, [3, 3, 5, 5, 5, 10]) : options.maxReceiveCount;
  const redrive = maxReceiveCount === null ? null : { deadLetterQueue: `${queueName}-dlq`, maxReceiveCount };
  const queue: QueueSpec = {
    visibilityTimeoutSeconds: Math.min(
      43_200,
      pick(rng, [6, 6, 6, 2]) * draft.timeoutSeconds + source.maximumBatchingWindowSeconds,
    ),
    messageRetentionSeconds: pick(rng, [86_400, 345_600, 345_600]),
    redrive,
    ...options.queue,
    name: queueName,
  };
  const deadLetterQueue: QueueSpec = {
    name: `${queueName}-dlq`,
    visibilityTimeoutSeconds: 30,
    messageRetentionSeconds: DLQ_RETENTION_SECONDS,
    redrive: null,
  };
  const producer: ProducerSpec = {
    target: { kind: 'queue', queue: queueName },
    traffic: {
      kind: 'poisson',
      perMinute: options.perMinute ?? logBetween(rng, 0.3, 40),
      shape: options.shape ?? drawShape(rng),
    },
  };
  return {
    functions: [{ ...draft, eventSources: [source] }],
    queues: redrive === null ? [queue] : [queue, deadLetterQueue],
    streams: [],
    producers: options.silent === true ? [] : [producer],
  };
}

export interface CalledOptions {
  readonly name: string;
  readonly perMinute?: number;
  readonly shape?: TrafficShape;
  readonly function?: Partial<FunctionSpec>;
  readonly callerRetries?: number;
}

/** A function that callers wait for: an API. */
export function directFunction(rng: Rng, options: CalledOptions): Parts {
  const name = options.function?.name ?? `${options.name}-${pick(rng, ['api', 'gateway', 'lookup'])}`;
  const spec = drawFunction(rng, { ...options.function, name });
  return {
    ...NO_PARTS,
    functions: [spec],
    producers: [
      {
        target: { kind: 'direct', function: name, callerRetries: options.callerRetries ?? 0 },
        traffic: {
          kind: 'poisson',
          perMinute: options.perMinute ?? logBetween(rng, 0.5, 40),
          shape: options.shape ?? drawShape(rng),
        },
      },
    ],
  };
}

/** A function that is invoked asynchronously. */
export function asyncFunction(rng: Rng, options: CalledOptions): Parts {
  const name = options.function?.name ?? `${options.name}-${pick(rng, ['listener', 'resize', 'notify'])}`;
  const asyncInvoke: AsyncInvokeConfig | null = chance(rng, 0.3)
    ? { maximumRetryAttempts: integer(rng, 0, 2), maximumEventAgeSeconds: 21_600, onFailure: null }
    : null;
  const spec = drawFunction(rng, { asyncInvoke, ...options.function, name });
  return {
    ...NO_PARTS,
    functions: [spec],
    producers: [
      {
        target: { kind: 'async', function: name },
        traffic: {
          kind: 'poisson',
          perMinute: options.perMinute ?? logBetween(rng, 0.3, 15),
          shape: options.shape ?? drawShape(rng),
        },
      },
    ],
  };
}

/** A function that a schedule invokes every few minutes. */
export function scheduledFunction(
  rng: Rng,
  options: CalledOptions & { readonly everyMinutes?: number },
): Parts {
  const name = options.function?.name ?? `${options.name}-${pick(rng, ['sweeper', 'refresh', 'report'])}`;
  const everyMinutes = options.everyMinutes ?? pick(rng, [1, 5, 15, 60]);
  const durationMedianMs = logBetween(rng, 200, 4_000);
  return {
    ...NO_PARTS,
    functions: [drawFunction(rng, { timeoutSeconds: 60, durationMedianMs, ...options.function, name })],
    producers: [
      {
        target: { kind: 'async', function: name },
        traffic: {
          kind: 'schedule',
          everyMinutes,
          offsetMinutes: integer(rng, 0, everyMinutes - 1),
          count: 1,
          spreadSeconds: 0,
        },
      },
    ],
  };
}

export interface StreamWorkerOptions {
  readonly name: string;
  readonly function?: Partial<FunctionSpec>;
  readonly source?: Partial<EventSourceSpec>;
  readonly stream?: Partial<StreamSpec>;
}

/** A function behind a Kinesis or DynamoDB stream. */
export function streamWorker(rng: Rng, options: StreamWorkerOptions): Parts {
  const kind = chance(rng, 0.5) ? 'kinesis' : 'dynamodb';
  const stream: StreamSpec = {
    name: `${options.name}-stream`,
    kind,
    shards: integer(rng, 1, 2),
    recordsPerMinute: logBetween(rng, 10, 200),
    shape: drawShape(rng),
    ...options.stream,
  };
  const name =
    options.function?.name ?? `${options.name}-${pick(rng, ['projector', 'aggregator', 'stream'])}`;
  const source: EventSourceSpec = {
    id: esmId(rng),
    kind: stream.kind,
    source: stream.name,
    batchSize: 100,
    maximumBatchingWindowSeconds: pick(rng, [5, 10, 30, 60]),
    maximumConcurrency: null,
    partialBatchResponses: false,
    maximumRetryAttempts: -1,
    ...options.source,
  };
  return {
    functions: [{ ...drawFunction(rng, { ...options.function, name }), eventSources: [source] }],
    queues: [],
    streams: [stream],
    producers: [],
  };
}

function esmId(rng: Rng): string {
  return `esm-${integer(rng, 0, 0xffffff).toString(16).padStart(6, '0')}`;
}

/** An ordinary fleet: mostly functions behind queues, some APIs, schedules, listeners and stream readers. */
export function drawFleet(rng: Rng, size: number, nextName: () => string): Parts {
  return merge(...Array.from({ length: size }, () => drawOrdinary(rng, nextName())));
}

const KINDS = ['queue', 'queue', 'queue', 'queue', 'direct', 'async', 'schedule', 'stream'] as const;

function drawOrdinary(rng: Rng, name: string): Parts {
  switch (pick(rng, KINDS)) {
    case 'queue':
      return queueWorker(rng, { name });
    case 'direct':
      return directFunction(rng, { name });
    case 'async':
      return asyncFunction(rng, { name });
    case 'schedule':
      return scheduledFunction(rng, { name });
    case 'stream':
      return streamWorker(rng, { name });
  }
}
