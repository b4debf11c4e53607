import { directFunction, merge, NO_PARTS, queueWorker, scheduledFunction, streamWorker } from '../fleet.ts';
import { between, chance, integer, logBetween, pick } from '../random.ts';
import type { Effect, ProducerSpec, ScenarioEvent, TrafficShape } from '../scenario.ts';
import { type Case, type Draw, defineFamily, drawOnset, type Family, harmless, heroOf } from './family.ts';

const FLAT: TrafficShape = { dailyAmplitude: 0, peakHour: 0, weekendFactor: 1, noiseSigma: 0.1 };

function buildQuiet(): Case {
  return { ...NO_PARTS, events: [] };
}

/** Workers that get many times their usual traffic for a while and process all of it. */
function buildSpike(draw: Draw, throttled: boolean): Case {
  const { rng } = draw;
  const count = integer(rng, 1, 3);
  const workers = Array.from({ length: count }, () =>
    queueWorker(rng, {
      name: draw.nextName(),
      perMinute: logBetween(rng, 5, 60),
      function: {
        durationMedianMs: logBetween(rng, 40, 1_200),
        timeoutSeconds: 60,
        reservedConcurrency: throttled ? integer(rng, 2, 5) : null,
      },
      // Where its own reservation throttles it, generous receives keep the messages out of the dead-letter queue.
      ...(throttled ? { maxReceiveCount: 50 } : {}),
    }),
  );
  const events = workers.map((worker) => {
    const { functionName, queueName } = heroOf(worker);
    const from = drawOnset(draw);
    const factor = logBetween(rng, 5, throttled ? 20 : 60);
    return harmless(
      {
        from,
        to: from + logBetween(rng, 5, 60),
        effects: [{ kind: 'traffic', target: queueName, factor }],
      },
      { function: functionName, queue: queueName },
    );
  });
  return { ...merge(...workers), events };
}

/** A job that sends its messages all at once, every night or every hour. */
function buildBatchJob(draw: Draw): Case {
  const { rng } = draw;
  const nightly = chance(rng, 0.5);
  const everyMinutes = nightly ? 1_440 : 60;
  const worker = queueWorker(rng, { name: draw.nextName(), silent: true });
  const { functionName, queueName } = heroOf(worker);
  const offsetMinutes = integer(rng, 0, everyMinutes - 1);
  const producer: ProducerSpec = {
    target: { kind: 'queue', queue: queueName },
    traffic: {
      kind: 'schedule',
      everyMinutes,
      offsetMinutes,
      count: Math.round(nightly ? logBetween(rng, 2_000, 30_000) : logBetween(rng, 100, 2_000)),
      spreadSeconds: integer(rng, 10, 600),
    },
  };
  const events: ScenarioEvent[] = [];
  for (let at = offsetMinutes; at < draw.minutes; at += everyMinutes) {
    events.push(
      harmless({ from: at, to: at + 45, effects: [] }, { function: functionName, queue: queueName }),
    );
  }
  return { ...merge(worker, { ...NO_PARTS, producers: [producer] }), events };
}

/** The consumer is paused for maintenance; then it works off what has piled up. */
function buildCatchUp(draw: Draw): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, { name: draw.nextName(), perMinute: logBetween(rng, 5, 150) });
  const { functionName, queueName } = heroOf(worker);
  const from = drawOnset(draw);
  const to = from + logBetween(rng, 20, 240);
  return {
    ...worker,
    events: [
      {
        atMinute: from,
        untilMinute: to,
        effects: [{ kind: 'pause', function: functionName }],
        meaning: { kind: 'background' },
      },
      harmless({ from, to: to + 60, effects: [] }, { function: functionName, queue: queueName }),
    ],
  };
}

/** Traffic that changes for good or for days, without harm. */
function buildTrend(draw: Draw, kind: 'growth' | 'weekend' | 'month-end' | 'daylight-saving'): Case {
  const { rng } = draw;
  const shape: TrafficShape = {
    dailyAmplitude: between(rng, 0.4, 0.8),
    peakHour: between(rng, 9, 18),
    weekendFactor: kind === 'weekend' ? 0.02 : 0.7,
    noiseSigma: 0.1,
    ...(kind === 'growth' ? { growthPerDay: between(rng, 0.05, 0.4) } : {}),
  };
  const worker = queueWorker(rng, { name: draw.nextName(), perMinute: logBetween(rng, 3, 60), shape });
  const api = directFunction(rng, { name: draw.nextName(), perMinute: logBetween(rng, 3, 60), shape });
  const { functionName, queueName } = heroOf(worker);
  const effects: Effect[] = [];
  if (kind === 'month-end') effects.push({ kind: 'traffic', target: queueName, factor: between(rng, 2, 6) });
  if (kind === 'daylight-saving') effects.push({ kind: 'shift-rhythm', hours: pick(rng, [1, -1]) });
  const from = kind === 'growth' || kind === 'weekend' ? 0 : drawOnset(draw);
  return {
    ...merge(worker, api),
    events: [harmless({ from, to: draw.minutes, effects }, { function: functionName, queue: queueName })],
    ...(kind === 'weekend' ? { settings: { startAt: firstFriday(rng) } } : {}),
  };
}

/** A Friday of 2026, 00:00 UTC, so that the weekend falls into the trace. */
function firstFriday(rng: Draw['rng']): number {
  // 2026-01-02 was a Friday.
  return 1_767_312_000_000 + integer(rng, 0, 46) * 7 * 86_400_000;
}

/** Functions with a handful of requests a day, some of which fail. */
function buildLowTraffic(draw: Draw): Case {
  const { rng } = draw;
  const rare = Array.from({ length: 3 }, () =>
    queueWorker(rng, {
      name: draw.nextName(),
      perMinute: between(rng, 2, 8) / 1_440,
      shape: FLAT,
      function: { errorShare: between(rng, 0, 0.15) },
    }),
  );
  const api = directFunction(rng, {
    name: draw.nextName(),
    perMinute: 3 / 1_440,
    shape: FLAT,
    function: { errorShare: 0.1 },
  });
  return { ...merge(...rare, api), events: [] };
}

/** A canary that calls its function every minute, and fails now and then. */
function buildCanary(draw: Draw): Case {
  const { rng } = draw;
  const canary = scheduledFunction(rng, {
    name: draw.nextName(),
    everyMinutes: 1,
    function: { errorShare: between(rng, 0.002, 0.03) },
  });
  return { ...canary, events: [] };
}

/** CloudWatch has no datapoints for a while, or only later; nothing happened. */
function buildGap(draw: Draw, lost: boolean): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, { name: draw.nextName(), perMinute: logBetween(rng, 3, 60) });
  const stream = streamWorker(rng, { name: draw.nextName() });
  const { functionName, queueName } = heroOf(worker);
  const from = Math.floor(drawOnset(draw));
  const to = from + integer(rng, 3, 45);
  const scopes = chance(rng, 0.5) ? ['*'] : [pick(rng, [functionName, queueName])];
  return {
    ...merge(worker, stream),
    events: [
      harmless(
        { from, to, effects: scopes.map((scope): Effect => ({ kind: 'gap', scope, lost })) },
        { function: functionName, queue: queueName },
      ),
    ],
  };
}

export const BENIGN_TRAFFIC_FAMILIES: readonly Family[] = [
  benign('quiet-fleet', 'An ordinary day: rhythm, noise, cold starts, the odd error.', buildQuiet),
  benign(
    'traffic-spike',
    'Many times the usual traffic for minutes to an hour, all of it processed.',
    (draw) => buildSpike(draw, false),
  ),
  benign(
    'traffic-spike-throttled',
    'A traffic spike that a reservation throttles; all of it is processed in the end.',
    (draw) => buildSpike(draw, true),
  ),
  benign('batch-job', 'A nightly or hourly job sends thousands of messages at once.', buildBatchJob),
  benign('backlog-catch-up', 'A paused consumer works off its backlog.', buildCatchUp),
  benign('slow-growth', 'Traffic grows by 5 to 40 % a day.', (draw) => buildTrend(draw, 'growth'), 5_760),
  benign(
    'weekend-silence',
    'Hardly any traffic at the weekend.',
    (draw) => buildTrend(draw, 'weekend'),
    5_760,
  ),
  benign('month-end-surge', 'Two to six times the usual traffic until the end of the trace.', (draw) =>
    buildTrend(draw, 'month-end'),
  ),
  benign(
    'daylight-saving',
    'The daily rhythm moves by an hour.',
    (draw) => buildTrend(draw, 'daylight-saving'),
    4_320,
  ),
  benign('low-traffic', 'A few requests a day; some fail.', buildLowTraffic),
  benign('canary', 'A canary every minute that fails now and then.', buildCanary),
  benign('metric-gap', 'CloudWatch lost some minutes of datapoints.', (draw) => buildGap(draw, true)),
  benign('publish-outage', 'CloudWatch published some minutes only later.', (draw) => buildGap(draw, false)),
  benign(
    'cold-account',
    'A few hours of a new account, without history.',
    (draw) => ({ ...queueWorker(draw.rng, { name: draw.nextName() }), events: [] }),
    360,
  ),
];

function benign(id: string, description: string, build: (draw: Draw) => Case, minutes?: number): Family {
  return defineFamily({
    id,
    description,
    detectors: [],
    build,
    ...(minutes === undefined ? {} : { minutes }),
  });
}
