import { asyncFunction, directFunction, merge, queueWorker, scheduledFunction } from '../fleet.ts';
import { between, chance, integer, logBetween, pick, type Rng } from '../random.ts';
import type { ScenarioEvent } from '../scenario.ts';
import {
  type Case,
  type Draw,
  deadLetterQueuesOf,
  defineFamily,
  drawOnset,
  type Family,
  harmless,
  heroOf,
} from './family.ts';

/** A deploy that is broken fails everything, a dependency that hiccups a part. */
function drawBlipShare(rng: Rng): number {
  return chance(rng, 0.25) ? 1 : between(rng, 0.3, 1);
}

/** A deploy breaks one or two workers for a few minutes; the messages are retried and done. */
function buildBlip(draw: Draw): Case {
  const { rng } = draw;
  const workers = Array.from({ length: integer(rng, 1, 2) }, () =>
    queueWorker(rng, {
      name: draw.nextName(),
      perMinute: logBetween(rng, 3, 80),
      // More receives than a blip of six minutes can use up.
      maxReceiveCount: pick(rng, [5, 5, 5, 10, 10, 10, 100, null]),
      function: { timeoutSeconds: 30, durationMedianMs: logBetween(rng, 40, 2_000) },
      queue: { visibilityTimeoutSeconds: pick(rng, [120, 180, 360]) },
    }),
  );
  const events = workers.flatMap((worker) => {
    const { functionName, queueName } = heroOf(worker);
    const times = chance(rng, 0.3) ? 2 : 1;
    return Array.from({ length: times }, (): ScenarioEvent => {
      const from = drawOnset(draw);
      const how = pick(rng, ['throw', 'throw', 'timeout'] as const);
      return harmless(
        {
          from,
          to: from + between(rng, 1, 6),
          effects: [
            { kind: 'deploy', function: functionName },
            { kind: 'fail', function: functionName, share: drawBlipShare(rng), how, durationFactor: 0.5 },
          ],
        },
        { function: functionName, queue: queueName },
      );
    });
  });
  return { ...merge(...workers), events };
}

/** The same blip on a function that is called, or gets events and tries each of them again. */
function buildCalledBlip(draw: Draw, build: typeof directFunction | typeof asyncFunction): Case {
  const { rng } = draw;
  const called = build(rng, { name: draw.nextName(), perMinute: logBetween(rng, 5, 200) });
  const { functionName } = heroOf(called);
  const from = drawOnset(draw);
  const share = drawBlipShare(rng);
  return {
    ...called,
    events: [
      harmless(
        {
          from,
          to: from + between(rng, 1, 6),
          effects: [
            { kind: 'deploy', function: functionName },
            { kind: 'fail', function: functionName, share, how: 'throw', durationFactor: 0.3 },
          ],
        },
        { function: functionName, queue: null },
      ),
    ],
  };
}

/** A function that always fails a small share of its work: normal for it. */
function buildSteadyErrors(draw: Draw, share: number): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 2, 60),
    maxReceiveCount: pick(rng, [5, 10]),
    function: { errorShare: share, timeoutSeconds: 30 },
    queue: { visibilityTimeoutSeconds: pick(rng, [60, 180]) },
  });
  const api = directFunction(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 2, 60),
    function: { errorShare: share },
  });
  return { ...merge(worker, api), events: [] };
}

/** Single failures, hours apart. */
function buildIsolated(draw: Draw): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 1, 30),
    function: { timeoutSeconds: 30 },
    maxReceiveCount: 5,
  });
  const report = scheduledFunction(rng, { name: draw.nextName(), everyMinutes: 60 });
  const { functionName, queueName } = heroOf(worker);
  const events = Array.from({ length: integer(rng, 2, 5) }, () => {
    const from = drawOnset(draw);
    return harmless(
      {
        from,
        to: from + between(rng, 0.2, 0.8),
        effects: [{ kind: 'fail', function: functionName, share: 1, how: pick(rng, ['throw', 'timeout']) }],
      },
      { function: functionName, queue: queueName },
    );
  });
  return { ...merge(worker, report), events };
}

/** A deploy makes the function moderately slower or faster: news, but no incident. */
function buildModerateChange(draw: Draw): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 2, 60),
    function: { durationMedianMs: logBetween(rng, 100, 1_500), timeoutSeconds: 60 },
  });
  const { functionName, queueName } = heroOf(worker);
  const from = drawOnset(draw);
  return {
    ...worker,
    events: [
      harmless(
        {
          from,
          to: draw.minutes,
          effects: [
            { kind: 'deploy', function: functionName },
            { kind: 'slow', function: functionName, factor: pick(rng, [0.5, 0.7, 1.15, 1.3]) },
          ],
        },
        { function: functionName, queue: queueName },
      ),
    ],
  };
}

/** Messages that were dead-lettered long ago are redriven once, after the fix: all of them are processed. */
function buildSingleRedrive(draw: Draw): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, { name: draw.nextName(), maxReceiveCount: 3 });
  const waiting = Math.round(logBetween(rng, 20, 3_000));
  const { functionName, queueName } = heroOf(worker);
  const [deadLetterQueue = ''] = deadLetterQueuesOf(worker);
  const queues = worker.queues.map((queue) =>
    queue.name === deadLetterQueue ? { ...queue, initialMessages: waiting } : queue,
  );
  const from = drawOnset(draw);
  const recorded = chance(rng, 0.7);
  return {
    ...worker,
    queues,
    events: [
      harmless(
        {
          from,
          to: from + 60,
          effects: [{ kind: 'redrive', queue: deadLetterQueue, perSecond: pick(rng, [5, 50]), recorded }],
        },
        { function: functionName, queue: queueName },
      ),
    ],
  };
}

/** Jobs of minutes, as they should be: their metrics are late, and nothing is wrong. */
function buildLongJobs(draw: Draw): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 0.2, 6),
    function: {
      durationMedianMs: logBetween(rng, 60_000, 400_000),
      durationSigma: 0.2,
      timeoutSeconds: 900,
      errorShare: 0,
    },
    source: { batchSize: 1, maximumConcurrency: null },
    queue: { visibilityTimeoutSeconds: 5_400 },
  });
  return { ...worker, events: [] };
}

/** Deploys all day long, of functions that work as before: cold starts and a new `lastModifiedAt`. */
function buildDeploys(draw: Draw): Case {
  const { rng } = draw;
  const workers = [
    queueWorker(rng, { name: draw.nextName(), perMinute: logBetween(rng, 2, 60) }),
    directFunction(rng, { name: draw.nextName(), perMinute: logBetween(rng, 2, 60) }),
  ];
  const events = workers.flatMap((worker) => {
    const { functionName } = heroOf(worker);
    return Array.from({ length: integer(rng, 1, 4) }, () => {
      const from = drawOnset(draw);
      return harmless(
        { from, to: from + 15, effects: [{ kind: 'deploy', function: functionName }] },
        { function: functionName, queue: null },
      );
    });
  });
  return { ...merge(...workers), events };
}

export const BENIGN_ERROR_FAMILIES: readonly Family[] = [
  benign(
    'error-blip',
    'A deploy fails for one to six minutes, sometimes twice a day, and recovers.',
    buildBlip,
  ),
  benign('error-blip-api', 'An API fails for one to six minutes after a deploy.', (draw) =>
    buildCalledBlip(draw, directFunction),
  ),
  benign(
    'error-blip-async',
    'A function that gets events fails for one to six minutes after a deploy.',
    (draw) => buildCalledBlip(draw, asyncFunction),
  ),
  benign('steady-errors-2', 'A function that always fails 2 % of its work.', (draw) =>
    buildSteadyErrors(draw, 0.02),
  ),
  benign('steady-errors-10', 'A function that always fails 10 % of its work.', (draw) =>
    buildSteadyErrors(draw, 0.1),
  ),
  benign('isolated-failures', 'Single failures, hours apart.', buildIsolated),
  benign(
    'single-redrive',
    'An old dead-letter queue is redriven once, and all is processed.',
    buildSingleRedrive,
  ),
  benign('long-jobs', 'Invocations of minutes, as intended: their metrics come late.', buildLongJobs),
  benign('deploys', 'Deploys all day, of functions that work as before.', buildDeploys),
  benign('moderate-change', 'A deploy makes a function half as fast again, or faster.', buildModerateChange),
];

function benign(id: string, description: string, build: (draw: Draw) => Case): Family {
  return defineFamily({ id, description, detectors: [], build });
}
