import { merge, NO_PARTS, queueWorker } from '../fleet.ts';
import { between, chance, integer, logBetween, pick } from '../random.ts';
import type { Effect, ScenarioEvent } from '../scenario.ts';
import {
  type Case,
  type Draw,
  deadLetterQueuesOf,
  defineFamily,
  drawOnset,
  drawRepair,
  type Family,
  heroOf,
  incident,
} from './family.ts';

/**
 * Every run succeeds, but takes longer than the visibility timeout: the message is delivered again meanwhile. Either
 * the work became slower, or somebody shortened the visibility timeout of the queue.
 */
function buildVisibilityLoop(draw: Draw): Case {
  const { rng } = draw;
  const short = pick(rng, [30, 60, 120]);
  const shortened = chance(rng, 0.3);
  const staleDeletesWork = chance(rng, 0.5);
  const maxReceiveCount = chance(rng, 0.3) ? null : pick(rng, [3, 5, 10]);
  const slowMs = short * 1000 * between(rng, 1.3, 2.6);
  const durationMedianMs = shortened ? slowMs : short * 1000 * between(rng, 0.02, 0.2);
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 0.5, staleDeletesWork || maxReceiveCount !== null ? 20 : 2),
    maxReceiveCount,
    function: { timeoutSeconds: short * pick(rng, [4, 5]), durationMedianMs, durationSigma: 0.1 },
    source: { batchSize: pick(rng, [1, 1, 5]), partialBatchResponses: chance(rng, 0.2) },
    queue: { visibilityTimeoutSeconds: shortened ? short * 6 : short, staleDeletesWork },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  const effect: Effect = shortened
    ? { kind: 'visibility', queue: queueName, seconds: short }
    : { kind: 'slow', function: functionName, factor: slowMs / durationMedianMs };
  return {
    ...worker,
    events: [
      incident(
        { onset, until: drawRepair(draw, onset, { repairedShare: 0.4 }), effects: [effect] },
        {
          detectors: ['visibility-loop', 'retry-loop', 'duration-regression', 'dead-letter-flood'],
          function: functionName,
          queue: queueName,
          relatedQueues: deadLetterQueuesOf(worker),
          params: { visibility: short, shortened, staleDeletesWork, maxReceiveCount },
        },
      ),
    ],
  };
}

/** A busy queue whose messages are dead-lettered after a try or three. Sometimes a consumer empties the DLQ at once. */
function buildDeadLetterFlood(draw: Draw): Case {
  const { rng } = draw;
  const drained = chance(rng, 0.35);
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 3, 200),
    maxReceiveCount: pick(rng, [1, 2, 3]),
    function: { timeoutSeconds: 15, durationMedianMs: logBetween(rng, 40, 900) },
    queue: { visibilityTimeoutSeconds: pick(rng, [30, 60, 90]) },
  });
  const { functionName, queueName } = heroOf(worker);
  const archiver = drained
    ? withoutQueues(
        queueWorker(rng, {
          name: `${queueName}-archive`,
          queue: { name: `${queueName}-dlq` },
          maxReceiveCount: null,
          silent: true,
        }),
      )
    : NO_PARTS;
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  const share = between(rng, 0.4, 1);
  return {
    ...merge(worker, archiver),
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.5 }),
          effects: [{ kind: 'fail', function: functionName, share, how: 'throw', durationFactor: 0.4 }],
        },
        {
          detectors: ['dead-letter-flood', 'retry-loop', 'error-storm'],
          function: functionName,
          queue: queueName,
          relatedFunctions: archiver.functions.map(({ name }) => name),
          relatedQueues: deadLetterQueuesOf(worker),
          params: { share, drained },
        },
      ),
    ],
  };
}

/** The function alone: its queue exists already. */
function withoutQueues(parts: Case | ReturnType<typeof queueWorker>) {
  return { ...parts, queues: [] };
}

/** Someone keeps redriving the dead-letter queue although nothing was fixed. */
function buildRedrivePingPong(draw: Draw): Case {
  const { rng } = draw;
  const recorded = chance(rng, 0.6);
  const count = Math.round(logBetween(rng, 10, 400));
  const visibility = pick(rng, [30, 60, 120]);
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 5, 60),
    maxReceiveCount: pick(rng, [3, 5]),
    function: { timeoutSeconds: 15, durationMedianMs: logBetween(rng, 100, 2_000) },
    queue: { visibilityTimeoutSeconds: visibility },
  });
  const { functionName, queueName } = heroOf(worker);
  const [deadLetterQueue = ''] = deadLetterQueuesOf(worker);
  const onset = drawOnset(draw);
  const everyMinutes = logBetween(rng, 20, 120);
  const redrives: ScenarioEvent[] = [];
  for (let at = onset + everyMinutes; at < draw.minutes - 10 && redrives.length < 24; at += everyMinutes) {
    redrives.push({
      atMinute: at,
      untilMinute: null,
      effects: [{ kind: 'redrive', queue: deadLetterQueue, perSecond: pick(rng, [5, 50]), recorded }],
      meaning: { kind: 'background' },
    });
  }
  return {
    ...worker,
    settings: { redriveCountsAsSent: chance(rng, 0.5) },
    events: [
      incident(
        {
          onset,
          until: null,
          effects: [{ kind: 'poison', queue: queueName, share: 0.5, how: 'throw', count }],
        },
        {
          detectors: ['redrive-ping-pong', 'retry-loop', 'dead-letter-flood'],
          function: functionName,
          queue: queueName,
          relatedQueues: [deadLetterQueue],
          params: { recorded, count, everyMinutes, visibility },
        },
      ),
      ...redrives,
    ],
  };
}

type Recursion = 'cut' | 'steady' | 'spiky';

/** A function sends to the queue that feeds it. */
function buildRecursion(draw: Draw, kind: Recursion): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: kind === 'steady' ? logBetween(rng, 0.05, 0.6) : logBetween(rng, 0.5, 12),
    maxReceiveCount: chance(rng, 0.3) ? null : pick(rng, [3, 5]),
    function: {
      timeoutSeconds: 60,
      durationMedianMs: kind === 'spiky' ? logBetween(rng, 1_000, 6_000) : logBetween(rng, 200, 5_000),
    },
    source: {
      maximumConcurrency: kind === 'spiky' ? pick(rng, [5, 10]) : null,
      batchSize: pick(rng, [1, 5]),
    },
    queue: { visibilityTimeoutSeconds: 360 },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw, { young: chance(rng, 0.15) });
  const emit = {
    queue: queueName,
    perMessage: kind === 'spiky' ? between(rng, 1.2, 2) : 1,
    delaySeconds: kind === 'steady' ? pick(rng, [30, 60, 300]) : pick(rng, [0, 0, 10]),
    carriesLineage: kind === 'cut',
  };
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.5 }),
          effects: [{ kind: 'emit', function: functionName, emit }],
        },
        {
          detectors: ['recursion', 'traffic-amplification', 'retry-loop'],
          function: functionName,
          queue: queueName,
          relatedQueues: deadLetterQueuesOf(worker),
          params: { kind, perMessage: emit.perMessage, delaySeconds: emit.delaySeconds },
        },
      ),
    ],
  };
}

/** A function sends its successor many times the messages it should; all of them are processed. */
function buildAmplification(draw: Draw): Case {
  const { rng } = draw;
  const second = queueWorker(rng, {
    name: draw.nextName(),
    silent: true,
    function: { durationMedianMs: logBetween(rng, 200, 3_000), timeoutSeconds: 60 },
    source: { maximumConcurrency: null },
  });
  const target = heroOf(second);
  const first = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 2, 30),
    function: { emits: [{ queue: target.queueName, perMessage: 1 }] },
  });
  const upstream = heroOf(first);
  const onset = drawOnset(draw, { young: chance(rng, 0.1) });
  const factor = Math.round(logBetween(rng, 4, 40));
  const effect: Effect = {
    kind: 'emit',
    function: upstream.functionName,
    emit: { queue: target.queueName, perMessage: factor - 1 },
  };
  return {
    ...merge(second, first),
    events: [
      incident(
        { onset, until: drawRepair(draw, onset, { repairedShare: 0.5 }), effects: [effect] },
        {
          detectors: ['traffic-amplification', 'concurrency-runaway'],
          function: target.functionName,
          queue: target.queueName,
          relatedFunctions: [upstream.functionName],
          relatedQueues: [upstream.queueName],
          params: { factor },
        },
      ),
    ],
  };
}

/** A producer sends every message many times over; all of them are processed. */
function buildDuplicates(draw: Draw): Case {
  const { rng } = draw;
  const worker = queueWorker(rng, {
    name: draw.nextName(),
    perMinute: logBetween(rng, 2, 30),
    function: { durationMedianMs: logBetween(rng, 200, 3_000), timeoutSeconds: 60 },
  });
  const { functionName, queueName } = heroOf(worker);
  const onset = drawOnset(draw);
  const factor = integer(rng, 5, 30);
  return {
    ...worker,
    events: [
      incident(
        {
          onset,
          until: drawRepair(draw, onset, { repairedShare: 0.4 }),
          effects: [{ kind: 'copies', queue: queueName, copies: factor - 1 }],
        },
        {
          detectors: ['traffic-amplification', 'concurrency-runaway'],
          function: functionName,
          queue: queueName,
          params: { factor },
        },
      ),
    ],
  };
}

export const QUEUE_TROUBLE_FAMILIES: readonly Family[] = [
  defineFamily({
    id: 'visibility-loop',
    description: 'Runs take longer than the visibility timeout: all succeed, and the messages come again.',
    detectors: ['visibility-loop', 'retry-loop', 'duration-regression', 'dead-letter-flood'],
    build: buildVisibilityLoop,
  }),
  defineFamily({
    id: 'dead-letter-flood',
    description: 'Messages are dead-lettered by the hundred; a consumer may empty the queue at once.',
    detectors: ['dead-letter-flood', 'retry-loop', 'error-storm'],
    build: buildDeadLetterFlood,
  }),
  defineFamily({
    id: 'redrive-ping-pong',
    description: 'The dead-letter queue is redriven again and again although nothing was fixed.',
    detectors: ['redrive-ping-pong', 'retry-loop', 'dead-letter-flood'],
    build: buildRedrivePingPong,
  }),
  ...(['cut', 'steady', 'spiky'] as const).map((kind) =>
    defineFamily({
      id: `recursion-${kind}`,
      description: {
        cut: 'A function feeds its own queue; AWS cuts each chain after 16 invocations.',
        steady: 'A function feeds its own queue slowly, unseen by recursive loop detection.',
        spiky:
          'A function sends more to its own queue than it takes out, unseen by recursive loop detection.',
      }[kind],
      detectors: ['recursion', 'traffic-amplification', 'retry-loop'],
      build: (draw) => buildRecursion(draw, kind),
    }),
  ),
  defineFamily({
    id: 'traffic-amplification',
    description: 'A function sends its successor many times the messages it should.',
    detectors: ['traffic-amplification', 'concurrency-runaway'],
    build: buildAmplification,
  }),
  defineFamily({
    id: 'duplicate-producer',
    description: 'A producer sends every message many times over.',
    detectors: ['traffic-amplification', 'concurrency-runaway'],
    build: buildDuplicates,
  }),
];
