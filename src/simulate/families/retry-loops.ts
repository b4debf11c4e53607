import { queueWorker } from '../fleet.ts';
import { between, chance, integer, logBetween, pick, type Rng } from '../random.ts';
import type { Effect, FailureKind } from '../scenario.ts';
import {
  type Draw,
  deadLetterQueuesOf,
  defineFamily,
  drawOnset,
  drawRepair,
  type Family,
  heroOf,
  incident,
} from './family.ts';

/** Receives an incident may need per minute of the trace: keeps the fastest loops at seconds of simulation. */
const RECEIVES_PER_MINUTE = 1_500;

interface Loop {
  readonly how: FailureKind;
  readonly perMinute?: number;
  readonly timeoutSeconds?: number;
  readonly visibilityTimeoutSeconds?: number;
  readonly maxReceiveCount?: number | null;
  readonly young?: boolean;
  readonly partial?: boolean;
  readonly repairedShare?: number;
}

/** At most so many messages a minute that the loop stays within the budget of receives. */
function affordable(
  rate: number,
  loop: { readonly minutes: number; readonly visibility: number; readonly receives: number | null },
): number {
  // An incident lasts half of the trace at most in the mean, and a message half of the incident.
  const loopMinutes = loop.minutes / 2;
  const attempts = Math.min(loop.receives ?? Number.POSITIVE_INFINITY, (loopMinutes * 30) / loop.visibility);
  return Math.min(rate, (2 * RECEIVES_PER_MINUTE) / Math.max(1, attempts));
}

function drawMaxReceiveCount(rng: Rng): number | null {
  return chance(rng, 0.4) ? null : pick(rng, [3, 5, 5, 10, 20, 100, 1000]);
}

/** A worker whose every message fails from one moment on. */
function buildLoop(draw: Draw, loop: Loop) {
  const { rng, minutes } = draw;
  const timeoutSeconds = loop.timeoutSeconds ?? pick(rng, [30, 60, 120, 300, 600, 900]);
  const visibility =
    loop.visibilityTimeoutSeconds ??
    Math.min(43_200, Math.max(30, Math.round(timeoutSeconds * pick(rng, [1, 1.5, 2, 6]))));
  const maxReceiveCount =
    loop.maxReceiveCount === undefined ? drawMaxReceiveCount(rng) : loop.maxReceiveCount;
  const perMinute = affordable(loop.perMinute ?? logBetween(rng, 0.2, 3_000), {
    minutes,
    visibility,
    receives: maxReceiveCount,
  });
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute,
    maxReceiveCount,
    function: {
      timeoutSeconds,
      durationMedianMs: Math.min(timeoutSeconds * 200, logBetween(rng, 40, 4_000)),
    },
    source: loop.partial === undefined ? {} : { partialBatchResponses: loop.partial },
    queue: { visibilityTimeoutSeconds: visibility },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw, { young: loop.young ?? chance(rng, 0.15) });
  const until = drawRepair(draw, onset, {
    repairedShare: loop.repairedShare ?? 0.4,
    // Long enough for a handful of messages to loop.
    atLeastMinutes: 5 / perMinute,
  });
  const durationFactor = loop.how === 'throw' ? between(rng, 0.1, 1.2) : 1;
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until,
          effects: [{ kind: 'fail', function: functionName, share: 1, how: loop.how, durationFactor }],
        },
        {
          detectors: LOOP_DETECTORS,
          function: functionName,
          queue: queueName,
          relatedQueues: deadLetterQueuesOf(worker),
          params: { timeoutSeconds, visibility, maxReceiveCount, perMinute, how: loop.how },
        },
      ),
    ],
  };
}

const LOOP_DETECTORS = ['retry-loop', 'error-storm', 'dead-letter-flood'] as const;

/** Some of the messages cannot be processed and come back while the rest of the traffic is fine. */
function buildPoison(draw: Draw) {
  const { rng, minutes } = draw;
  const share = logBetween(rng, 0.01, 0.15);
  const timeoutSeconds = pick(rng, [15, 30, 60, 120]);
  const visibility = Math.max(30, Math.round(timeoutSeconds * pick(rng, [1.5, 2, 5, 6])));
  const maxReceiveCount = chance(rng, 0.25) ? null : pick(rng, [5, 10, 20, 50, 100]);
  const perMinute = affordable(logBetween(rng, 4, 120), { minutes, visibility, receives: maxReceiveCount });
  const how = pick(rng, ['throw', 'throw', 'timeout', 'partial'] as const);
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute,
    maxReceiveCount,
    function: { timeoutSeconds, durationMedianMs: logBetween(rng, 80, 3_000) },
    source: { partialBatchResponses: how === 'partial' },
    queue: { visibilityTimeoutSeconds: visibility },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.6 }),
          effects: [{ kind: 'poison', queue: queueName, share, how }],
        },
        {
          detectors: ['retry-loop', 'dead-letter-flood', 'error-storm'],
          function: functionName,
          queue: queueName,
          relatedQueues: deadLetterQueuesOf(worker),
          params: { share, maxReceiveCount, visibility, perMinute, how },
        },
      ),
    ],
  };
}

/** A few poison messages and nothing else: money in a single message is small, but it never ends. */
function buildFewPoison(draw: Draw) {
  const { rng } = draw;
  const count = pick(rng, [1, 2, 5, 20]);
  const visibility = pick(rng, [30, 60, 120, 300]);
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 0.5, 20),
    maxReceiveCount: chance(rng, 0.6) ? null : 1_000,
    function: { timeoutSeconds: 30 },
    queue: { visibilityTimeoutSeconds: visibility },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw);
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until: null,
          effects: [{ kind: 'poison', queue: queueName, share: 1, how: 'throw', count }],
        },
        {
          detectors: ['retry-loop'],
          function: functionName,
          queue: queueName,
          relatedQueues: deadLetterQueuesOf(worker),
          params: { count, visibility },
        },
      ),
    ],
  };
}

/** Times as much work as can be done at once, at any hour of the day. */
const TOO_LITTLE = 1.5;
/** And so many times what is reserved on average, so that it is too much at a quiet hour too. */
const FAR_TOO_MUCH = 2.5;

/**
 * A reservation that is too small: good messages are received, throttled and in the end dead-lettered. Either the
 * work outgrows a reservation that was always there, or the reservation is cut.
 */
function buildThrottled(draw: Draw) {
  const { rng } = draw;
  const outgrown = chance(rng, 0.65);
  const visibility = pick(rng, [30, 60, 120, 300]);
  const withDeadLetterQueue = chance(rng, 0.75);
  const durationMedianMs = logBetween(rng, 800, 6_000);
  // Concurrency that the work needs on average; what is reserved is enough for the busiest hour.
  const needed = between(rng, 0.5, 2);
  const perMinute = (needed * 60_000) / durationMedianMs;
  const name = draw.nextName();
  const maxReceiveCount = withDeadLetterQueue ? pick(rng, [1, 3, 5]) : null;
  const reserved = outgrown ? integer(rng, 2, 4) + Math.ceil(2 * needed) : null;
  const worker = queueWorker(rng, {
    name,
    perMinute,
    maxReceiveCount,
    function: {
      timeoutSeconds: 30,
      durationMedianMs,
      durationSigma: 0.2,
      reservedConcurrency: reserved,
    },
    source: { batchSize: 1, maximumConcurrency: null },
    queue: { visibilityTimeoutSeconds: visibility },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  // What is left must be too little: throttles that only delay the messages are no incident.
  const factor = Math.max(between(rng, 6, 15), (FAR_TOO_MUCH * (reserved ?? 0)) / needed);
  const concurrency = pick(rng, [0, 1, 1]) * Number(needed > TOO_LITTLE);
  const effect: Effect = outgrown
    ? { kind: 'traffic', target: queueName, factor }
    : { kind: 'reserve', function: functionName, concurrency };
  return {
    ...worker,
    events: [
      incident(
        { onset, until: drawRepair(draw, onset, { repairedShare: 0.5 }), effects: [effect] },
        {
          detectors: ['throttle-storm', 'retry-loop', 'dead-letter-flood'],
          function: functionName,
          queue: queueName,
          relatedQueues: deadLetterQueuesOf(worker),
          params: { outgrown, visibility, withDeadLetterQueue, perMinute },
        },
      ),
    ],
  };
}

export const RETRY_LOOP_FAMILIES: readonly Family[] = [
  defineFamily({
    id: 'retry-throw',
    description: 'From one moment on the handler throws on every message; the messages come back.',
    detectors: LOOP_DETECTORS,
    build: (draw) => buildLoop(draw, { how: 'throw' }),
  }),
  defineFamily({
    id: 'retry-timeout',
    description: 'From one moment on every invocation runs into its timeout; each retry is billed in full.',
    detectors: LOOP_DETECTORS,
    build: (draw) => buildLoop(draw, { how: 'timeout', perMinute: logBetween(draw.rng, 0.2, 60) }),
  }),
  defineFamily({
    id: 'retry-partial',
    description: 'Every message is reported in batchItemFailures: Errors stays 0 while the messages loop.',
    detectors: ['retry-loop', 'dead-letter-flood'],
    build: (draw) => buildLoop(draw, { how: 'partial', partial: true }),
  }),
  defineFamily({
    id: 'retry-slow-queue',
    description: 'A queue with about a message a minute or less loops.',
    detectors: LOOP_DETECTORS,
    build: (draw) =>
      buildLoop(draw, {
        how: pick(draw.rng, ['throw', 'timeout']),
        perMinute: logBetween(draw.rng, 0.05, 1),
        repairedShare: 0.2,
      }),
  }),
  defineFamily({
    id: 'retry-fast-queue',
    description: 'A queue with hundreds to thousands of messages a minute loops.',
    detectors: LOOP_DETECTORS,
    build: (draw) =>
      buildLoop(draw, {
        how: 'throw',
        perMinute: logBetween(draw.rng, 200, 3_000),
        maxReceiveCount: pick(draw.rng, [3, 5, 10]),
        timeoutSeconds: 30,
      }),
  }),
  defineFamily({
    id: 'retry-long-visibility',
    description: 'Messages come back only after half an hour to twelve hours.',
    detectors: LOOP_DETECTORS,
    build: (draw) =>
      buildLoop(draw, {
        how: pick(draw.rng, ['throw', 'timeout']),
        perMinute: logBetween(draw.rng, 0.5, 60),
        visibilityTimeoutSeconds: Math.round(logBetween(draw.rng, 1_800, 43_200)),
      }),
  }),
  defineFamily({
    id: 'retry-young-account',
    description: 'The loop begins within hours of the start of the trace: no history to compare with.',
    detectors: LOOP_DETECTORS,
    build: (draw) => buildLoop(draw, { how: pick(draw.rng, ['throw', 'timeout', 'partial']), young: true }),
  }),
  defineFamily({
    id: 'retry-thousand-receives',
    description: 'maxReceiveCount is 1,000: the dead-letter queue is hours away.',
    detectors: LOOP_DETECTORS,
    build: (draw) =>
      buildLoop(draw, {
        how: pick(draw.rng, ['throw', 'timeout']),
        maxReceiveCount: 1_000,
        perMinute: logBetween(draw.rng, 0.2, 30),
        repairedShare: 0.2,
      }),
  }),
  defineFamily({
    id: 'poison-share',
    description:
      'A few per cent of the messages cannot be processed and fail their whole batch again and again.',
    detectors: ['retry-loop', 'dead-letter-flood', 'error-storm'],
    build: buildPoison,
  }),
  defineFamily({
    id: 'poison-few',
    description: 'One to twenty messages that nobody can process are retried for ever.',
    detectors: ['retry-loop'],
    build: buildFewPoison,
  }),
  defineFamily({
    id: 'throttled-to-dead-letter',
    description: 'A reservation that is too small throttles good messages until they are dead-lettered.',
    detectors: ['throttle-storm', 'retry-loop', 'dead-letter-flood'],
    build: buildThrottled,
  }),
];
