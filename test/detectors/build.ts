import type { Baselines, FunctionBaseline, QueueBaseline } from '../../src/model/baseline.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { EventSource, LambdaFunction, Queue } from '../../src/model/inventory.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { FunctionSeries, MoveTask, QueueSeries, Series, Window } from '../../src/model/window.ts';

export const START_AT = Date.parse('2026-11-01T03:00:00Z');

/** Minutes in words: `0 _ 3x5` is 0, no datapoint, and five times 3. */
export function series(text: string): Series {
  const values = text
    .trim()
    .split(/\s+/)
    .flatMap((token) => {
      const [value = '', times = '1'] = token.split('x');
      const number = value === '_' ? Number.NaN : Number(value);
      if ((value !== '_' && Number.isNaN(number)) || !(Number(times) >= 1))
        throw new Error(`no minute: ${token}`);
      return Array.from({ length: Number(times) }, () => number);
    });
  return Float64Array.from(values);
}

type Words<T> = { readonly [Key in keyof T]?: string };

/** One function, `worker`, its queue `orders`, and that one's dead-letter queue `orders-dlq`. */
export interface Scene {
  readonly fn?: Partial<LambdaFunction>;
  /** `null`: nothing but calls and events starts the function. */
  readonly source?: Partial<EventSource> | null;
  /** `redrive` defaults to none. */
  readonly queue?: Partial<Queue>;
  readonly lambda?: Words<FunctionSeries>;
  readonly orders?: Words<QueueSeries>;
  readonly deadLetter?: Words<QueueSeries>;
  readonly moveTasks?: readonly MoveTask[];
}

export const REDRIVE = { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 };

const SOURCE: EventSource = {
  id: 'esm-1',
  kind: 'sqs',
  source: 'orders',
  enabled: true,
  batchSize: 1,
  maximumBatchingWindowSeconds: 0,
  maximumConcurrency: null,
  partialBatchResponses: false,
  maximumRetryAttempts: -1,
};

function lambdaFunction({ fn, source }: Scene): LambdaFunction {
  return {
    name: 'worker',
    memoryMB: 1024,
    timeoutSeconds: 30,
    architecture: 'x86_64',
    ephemeralStorageMB: 512,
    reservedConcurrency: null,
    tags: {},
    eventSources: source === null ? [] : [{ ...SOURCE, ...source }],
    asyncInvoke: null,
    ...fn,
  };
}

function read(words: Words<FunctionSeries> | Words<QueueSeries> | undefined): Record<string, Series> {
  return Object.fromEntries(
    Object.entries(words ?? {}).map(([name, text]: [string, string]) => [name, series(text)]),
  );
}

/** All series of a scene must be of one length: that of the window. */
export function windowOf(scene: Scene): Window {
  const lambda = read(scene.lambda);
  const orders = read(scene.orders);
  const deadLetter = read(scene.deadLetter);
  const lengths = new Set(
    [lambda, orders, deadLetter].flatMap((of) => Object.values(of).map((s) => s.length)),
  );
  if (lengths.size > 1) throw new Error(`series of ${[...lengths].join(' and ')} minutes`);
  const timeouts = { visibilityTimeoutSeconds: 180, messageRetentionSeconds: 345_600, redrive: null };
  return {
    startAt: START_AT,
    minutes: [...lengths][0] ?? 60,
    inventory: {
      account: '111122223333',
      region: 'us-east-1',
      functions: [lambdaFunction(scene)],
      queues: [
        { name: 'orders', ...timeouts, ...scene.queue },
        { name: 'orders-dlq', ...timeouts },
      ],
    },
    functions: new Map(scene.lambda === undefined ? [] : [['worker', lambda]]),
    queues: new Map([
      ...(scene.orders === undefined ? [] : [['orders', orders] as const]),
      ...(scene.deadLetter === undefined ? [] : [['orders-dlq', deadLetter] as const]),
    ]),
    depths: new Map(),
    moveTasks: scene.moveTasks ?? [],
    gaps: [],
  };
}

const HOURS = 300;

/** A function and a queue that were healthy for two weeks, 10 invocations a minute. */
export function baselines(
  changed: {
    readonly worker?: Partial<FunctionBaseline>;
    readonly orders?: Partial<QueueBaseline>;
    readonly deadLetter?: Partial<QueueBaseline>;
  } = {},
): Baselines {
  const worker: FunctionBaseline = {
    activeHours: HOURS,
    hours: HOURS,
    isOfWeekend: false,
    invocationsPerHour: 600,
    errorShare: 0.001,
    errorShareP95: 0.003,
    throttleShare: 0,
    durationMs: 1000,
    durationP95Ms: 1200,
    durationMaximumP95Ms: 3000,
    concurrencyByHour: new Float64Array(24).fill(2),
    invocationsByHour: new Float64Array(24).fill(600),
    gbSecondsByHour: new Float64Array(24).fill(600),
    invocationsMaximum: 700,
    gbSecondsMaximum: 700,
    concurrencyMaximum: 4,
  };
  const queue: QueueBaseline = {
    activeHours: HOURS,
    hours: HOURS,
    isOfWeekend: false,
    failedReceiveShare: 0.001,
    failedReceiveShareP95: 0.003,
    sentPerHour: 600,
    sentMaximum: 700,
    arrivalsPerHour: 0,
    arrivalsMaximum: 0,
  };
  return {
    builtAt: START_AT,
    functions: new Map([['worker', { ...worker, ...changed.worker }]]),
    queues: new Map([
      ['orders', { ...queue, ...changed.orders }],
      ['orders-dlq', { ...queue, sentPerHour: 0, sentMaximum: 0, ...changed.deadLetter }],
    ]),
  };
}

export const NO_HISTORY: Baselines = { builtAt: START_AT, functions: new Map(), queues: new Map() };

/** Findings that would be told where a dollar an hour is at stake: sure enough, long enough, and still going on. */
export function told(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ nats, natsToOpen, isOngoing, persistenceMinutes, blipMinutes }) =>
      nats >= natsToOpen && isOngoing && persistenceMinutes >= blipMinutes,
  );
}

/** Minute of the window in which a finding says it began. */
export function onsetMinute({ onsetAt }: Finding): number {
  return (onsetAt - START_AT) / MINUTE_MS;
}

export function kinds({ evidence }: Finding): readonly string[] {
  return evidence.map(({ kind }) => kind);
}
