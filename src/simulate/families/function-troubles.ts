import { MINUTE_MS } from '../../model/time.ts';
import { asyncFunction, directFunction, queueWorker, streamWorker } from '../fleet.ts';
import { between, chance, integer, logBetween, pick } from '../random.ts';
import {
  type Case,
  type Draw,
  defineFamily,
  drawOnset,
  drawRepair,
  type Family,
  heroOf,
  incident,
} from './family.ts';

/** Something downstream became slow: every invocation waits, and concurrency climbs with the traffic. */
function buildConcurrencyRunaway(draw: Draw): Case {
  const { rng } = draw;
  const isQueue = chance(rng, 0.6);
  const durationMedianMs = logBetween(rng, 100, 800);
  const common = {
    name: draw.nextName(),
    perMinute: logBetween(rng, 60, 500),
    function: { durationMedianMs, timeoutSeconds: 300, reservedConcurrency: null },
  };
  const worker = isQueue
    ? queueWorker(rng, {
        ...common,
        source: { batchSize: 1, maximumConcurrency: null, maximumBatchingWindowSeconds: 0 },
        queue: { visibilityTimeoutSeconds: 1_800 },
      })
    : directFunction(rng, common);
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw, { young: chance(rng, 0.1) });
  const slowMs = logBetween(rng, 10_000, 90_000);
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.6 }),
          effects: [{ kind: 'slow', function: functionName, factor: slowMs / durationMedianMs }],
        },
        {
          detectors: ['concurrency-runaway', 'duration-regression'],
          function: functionName,
          queue: isQueue ? queueName : null,
          params: { perMinute: common.perMinute, slowMs },
        },
      ),
    ],
  };
}

/** A deploy makes the function several times slower. */
function buildDurationRegression(draw: Draw): Case {
  const { rng } = draw;
  const isQueue = chance(rng, 0.6);
  const common = {
    name: draw.nextName(),
    perMinute: logBetween(rng, 5, 150),
    function: { durationMedianMs: logBetween(rng, 100, 1_500), timeoutSeconds: 120, memoryMB: 1_024 },
  };
  const worker = isQueue ? queueWorker(rng, common) : directFunction(rng, common);
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw);
  const factor = between(rng, 2.5, 8);
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.4 }),
          effects: [
            { kind: 'deploy', function: functionName },
            { kind: 'slow', function: functionName, factor },
          ],
        },
        {
          detectors: ['duration-regression', 'concurrency-runaway'],
          function: functionName,
          queue: isQueue ? queueName : null,
          params: { factor },
        },
      ),
    ],
  };
}

/** An API that fails most of its calls, whose callers try again. */
function buildErrorStorm(draw: Draw): Case {
  const { rng } = draw;
  const callerRetries = integer(rng, 0, 3);
  const api = directFunction(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 5, 200),
    callerRetries,
  });
  const { functionName } = heroOf(api);
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  const share = between(rng, 0.5, 1);
  return {
    ...api,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.6 }),
          effects: [
            {
              kind: 'fail',
              function: functionName,
              share,
              how: pick(rng, ['throw', 'throw', 'timeout']),
              durationFactor: between(rng, 0.3, 1.5),
            },
          ],
        },
        {
          detectors: ['error-storm'],
          function: functionName,
          queue: null,
          params: { share, callerRetries },
        },
      ),
    ],
  };
}

/** An asynchronous function that fails everything: each event is paid for three times. */
function buildAsyncRetryStorm(draw: Draw): Case {
  const { rng } = draw;
  const attempts = pick(rng, [1, 2, 2, 2]);
  const asyncInvoke = chance(rng, 0.5)
    ? null
    : { maximumRetryAttempts: attempts, maximumEventAgeSeconds: 21_600, onFailure: null };
  const listener = asyncFunction(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 2, 200),
    function: { asyncInvoke, durationMedianMs: logBetween(rng, 100, 4_000), timeoutSeconds: 30 },
  });
  const { functionName } = heroOf(listener);
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  return {
    ...listener,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.5 }),
          effects: [
            {
              kind: 'fail',
              function: functionName,
              share: between(rng, 0.8, 1),
              how: pick(rng, ['throw', 'timeout']),
            },
          ],
        },
        {
          detectors: ['async-retry-storm', 'error-storm'],
          function: functionName,
          queue: null,
          params: { retries: asyncInvoke === null ? 2 : attempts },
        },
      ),
    ],
  };
}

/** More calls than a small reservation can take, and callers that hammer on. */
function buildThrottleStorm(draw: Draw): Case {
  const { rng } = draw;
  const callerRetries = integer(rng, 2, 5);
  const perMinute = logBetween(rng, 20, 100);
  const durationMedianMs = logBetween(rng, 100, 400);
  // Enough on an ordinary day: a hundredth of the calls is refused at the most (Erlang's loss formula).
  const reserved = integer(rng, 1, 4) + Math.ceil((4 * perMinute * durationMedianMs) / MINUTE_MS);
  const api = directFunction(rng, {
    name: draw.nextName(),
    perMinute,
    callerRetries,
    function: {
      reservedConcurrency: reserved,
      durationMedianMs,
      timeoutSeconds: 30,
    },
  });
  const { functionName } = heroOf(api);
  const onset = drawOnset(draw);
  const factor = between(rng, 20, 60);
  return {
    ...api,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.6 }),
          effects: [{ kind: 'slow', function: functionName, factor }],
        },
        {
          detectors: ['throttle-storm', 'duration-regression', 'concurrency-runaway'],
          function: functionName,
          queue: null,
          params: { reserved, callerRetries, factor },
        },
      ),
    ],
  };
}

/** One record that cannot be processed blocks its shard. */
function buildStreamPoison(draw: Draw): Case {
  const { rng } = draw;
  const reader = streamWorker(rng, {
    name: draw.nextName(),
    function: { durationMedianMs: logBetween(rng, 100, 3_000), timeoutSeconds: pick(rng, [30, 60, 300]) },
    source: { maximumRetryAttempts: -1 },
    stream: { shards: integer(rng, 1, 4) },
  });
  const { functionName } = heroOf(reader);
  const stream = reader.streams[0]?.name ?? '';
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  const how = pick(rng, ['throw', 'throw', 'timeout'] as const);
  return {
    ...reader,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.5 }),
          effects: [{ kind: 'poison-record', stream, how }],
        },
        {
          detectors: ['stream-poison-record', 'error-storm'],
          function: functionName,
          queue: null,
          params: { how, shards: reader.streams[0]?.shards ?? 0 },
        },
      ),
    ],
  };
}

export const FUNCTION_TROUBLE_FAMILIES: readonly Family[] = [
  defineFamily({
    id: 'concurrency-runaway',
    description: 'A slow dependency makes every invocation wait; concurrency climbs into the hundreds.',
    detectors: ['concurrency-runaway', 'duration-regression'],
    build: buildConcurrencyRunaway,
  }),
  defineFamily({
    id: 'duration-regression',
    description: 'A deploy makes the function several times slower.',
    detectors: ['duration-regression', 'concurrency-runaway'],
    build: buildDurationRegression,
  }),
  defineFamily({
    id: 'error-storm',
    description: 'An API fails most of its calls for half an hour or more.',
    detectors: ['error-storm'],
    build: buildErrorStorm,
  }),
  defineFamily({
    id: 'async-retry-storm',
    description: 'An asynchronous function fails everything; Lambda tries each event up to three times.',
    detectors: ['async-retry-storm', 'error-storm'],
    build: buildAsyncRetryStorm,
  }),
  defineFamily({
    id: 'throttle-storm',
    description: 'A small reservation refuses most calls, and the callers try again.',
    detectors: ['throttle-storm', 'duration-regression', 'concurrency-runaway'],
    build: buildThrottleStorm,
  }),
  defineFamily({
    id: 'stream-poison-record',
    description: 'One record that cannot be processed blocks a shard.',
    detectors: ['stream-poison-record', 'error-storm'],
    build: buildStreamPoison,
  }),
];
