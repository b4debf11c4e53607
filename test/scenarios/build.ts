import type {
  EventSourceSpec,
  FunctionSpec,
  ProducerSpec,
  ProducerTarget,
  QueueSpec,
  Scenario,
  ScenarioEvent,
  StreamSpec,
} from '../../src/simulate/scenario.ts';
import type { ArrivalsText, FunctionText, ScenarioText } from './format.ts';

/** Once: later than any scenario is long. */
const NEVER_AGAIN_MINUTES = 10_000_000;
const DEAD_LETTER_RETENTION_SECONDS = 1_209_600;

/** What the simulator runs of a scenario as people write it. */
export function buildScenario(name: string, text: ScenarioText): Scenario {
  const functions = Object.entries(text.functions);
  const queues = functions.flatMap(([, fn]) => queuesOf(fn));
  // A consumer of a dead-letter queue names a queue that is there already.
  const deadLetters = new Set(queues.flatMap(({ redrive }) => redrive?.deadLetterQueue ?? []));
  const startAt = Date.parse(text.startAt);
  const { accountConcurrencyLimit, recordLastModified, redriveCountsAsSent } = text;
  return {
    name,
    family: name,
    description: text.what,
    seed: text.seed,
    account: '111122223333',
    region: 'us-east-1',
    startAt,
    minutes: Math.round(text.hours * 60),
    publishDelaySeconds: text.publishDelaySeconds,
    ...(accountConcurrencyLimit === undefined ? {} : { accountConcurrencyLimit }),
    ...(recordLastModified === undefined ? {} : { recordLastModified }),
    ...(redriveCountsAsSent === undefined ? {} : { redriveCountsAsSent }),
    functions: functions.map(([fnName, fn]) => functionOf(fnName, fn)),
    queues: [
      ...queues.filter((queue) => !deadLetters.has(queue.name)),
      ...[...deadLetters].map(deadLetterQueue),
    ],
    streams: functions.flatMap(([, { stream }]) => streamOf(stream)),
    producers: functions.flatMap(([fnName, fn]) => producersOf(fnName, fn)),
    events: text.events.map(eventOf),
  };
}

function functionOf(name: string, text: FunctionText): FunctionSpec {
  const { queue, stream, calls, events, emits, ...settings } = text;
  return {
    name,
    ...settings,
    emits,
    eventSources: sourcesOf(text),
    asyncInvoke:
      events === undefined
        ? null
        : {
            maximumRetryAttempts: events.maximumRetryAttempts,
            maximumEventAgeSeconds: events.maximumEventAgeSeconds,
            onFailure: null,
          },
  };
}

function sourcesOf({ queue, stream }: FunctionText): EventSourceSpec[] {
  const sources: EventSourceSpec[] = [];
  if (queue !== undefined) {
    const { name, batchSize, maximumBatchingWindowSeconds, maximumConcurrency, partialBatchResponses } =
      queue;
    sources.push({
      id: `esm-${name}`,
      kind: 'sqs',
      source: name,
      batchSize,
      maximumBatchingWindowSeconds,
      maximumConcurrency,
      partialBatchResponses,
      maximumRetryAttempts: -1,
    });
  }
  if (stream !== undefined) {
    const { name, kind, batchSize, maximumBatchingWindowSeconds, maximumRetryAttempts } = stream;
    sources.push({
      id: `esm-${name}`,
      kind,
      source: name,
      batchSize,
      maximumBatchingWindowSeconds,
      maximumConcurrency: null,
      partialBatchResponses: false,
      maximumRetryAttempts,
    });
  }
  return sources;
}

function queuesOf({ queue, timeoutSeconds }: FunctionText): QueueSpec[] {
  if (queue === undefined) return [];
  const { name, messageRetentionSeconds, maxReceiveCount, initialMessages, staleDeletesWork } = queue;
  const redrive = maxReceiveCount === null ? null : { deadLetterQueue: `${name}-dlq`, maxReceiveCount };
  const visibilityTimeoutSeconds =
    queue.visibilityTimeoutSeconds ?? 6 * timeoutSeconds + queue.maximumBatchingWindowSeconds;
  return [
    {
      name,
      visibilityTimeoutSeconds,
      messageRetentionSeconds,
      redrive,
      initialMessages,
      staleDeletesWork,
    },
  ];
}

function deadLetterQueue(name: string): QueueSpec {
  return {
    name,
    visibilityTimeoutSeconds: 30,
    messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
    redrive: null,
  };
}

function streamOf(text: FunctionText['stream']): StreamSpec[] {
  if (text === undefined) return [];
  const { name, kind, shards, recordsPerMinute, shape } = text;
  return [{ name, kind, shards, recordsPerMinute, shape }];
}

function producersOf(name: string, { queue, calls, events }: FunctionText): ProducerSpec[] {
  return [
    ...(queue === undefined ? [] : trafficTo({ kind: 'queue', queue: queue.name }, queue)),
    ...(calls === undefined
      ? []
      : trafficTo({ kind: 'direct', function: name, callerRetries: calls.callerRetries }, calls)),
    ...(events === undefined ? [] : trafficTo({ kind: 'async', function: name }, events)),
  ];
}

function trafficTo(target: ProducerTarget, { perMinute, shape, bursts }: ArrivalsText): ProducerSpec[] {
  const scheduled = bursts.map(({ atMinute, count, spreadSeconds, everyMinutes }): ProducerSpec => {
    const every = everyMinutes ?? NEVER_AGAIN_MINUTES;
    return {
      target,
      traffic: { kind: 'schedule', everyMinutes: every, offsetMinutes: atMinute, count, spreadSeconds },
    };
  });
  if (perMinute === undefined) return scheduled;
  return [{ target, traffic: { kind: 'poisson', perMinute, shape } }, ...scheduled];
}

/** What it means is for the expectation to say, so here it is nothing but something that happens. */
function eventOf({ atMinute, untilMinute, ...effect }: ScenarioText['events'][number]): ScenarioEvent {
  return { atMinute, untilMinute: untilMinute ?? null, effects: [effect], meaning: { kind: 'background' } };
}
