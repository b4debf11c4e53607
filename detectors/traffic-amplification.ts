import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount, formatDuration } from '../src/model/format.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import { excessShares, type Influx, influxes, isStillComing } from './evidence/arrivals.ts';
import type { SurgeShape } from './evidence/surge-shape.ts';

/**
 * Traffic amplification: many times the usual work arrives, all of it is processed, and the bill follows.
 *
 * Two kinds. Arrivals in clumps as large as the surge mean that each unit of work upstream now makes many: a bug that
 * opens soon. Single arrivals, only more of them, are a real surge for all that metrics can tell: information, unless it
 * lasts for longer than surges do and is larger than anything that rhythms, campaigns and month ends explain.
 *
 * Left alone: spikes, batch jobs, growth, a month end; a backlog being worked off and retries, which nobody sends.
 */
export const trafficAmplification: Detector = {
  id: 'traffic-amplification',
  doc: 'Many times the usual work arrives and is processed; the cost follows it.',
  requires: [
    'AWS/SQS/NumberOfMessagesSent/Sum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/AsyncEventsReceived/Sum',
  ],
  evaluate(window, baselines) {
    return influxes(window, baselines)
      .filter(({ shape }) => shape !== 'circulating' && shape !== 'lock-step')
      .map((influx) => finding(influx, window));
  },
};

/** Surges, and what follows from them, are over after an hour or so (assumption). */
const SURGE_BLIP_MINUTES = 80;

/** Minutes after which what is no surge of people is no accident any more. */
const BLIP_MINUTES: Partial<Record<SurgeShape, number>> = { multiplied: 10, doubling: 15, regular: 30 };

/** Rhythms, campaigns and month ends stay below these multiples of the usual and of the busiest hour (assumption). */
const SURGE_FACTOR_MIN = 8;
const SURGE_RECORD_FACTOR_MIN = 2;

/** A burst that is over lifts the mean for long: the newest minutes must show half of it themselves. */
const LATELY_MINUTES = 15;

function isOver({ work, surge, factor }: Influx): boolean {
  const from = Math.max(surge.onsetMinute, work.length - LATELY_MINUTES);
  return sum(work, from) / (work.length - from) < (factor / 2) * surge.usualPerMinute;
}

function finding(influx: Influx, window: Window): Finding {
  const { fn, queueName, surge, shape, factor, recordFactor, isKnown } = influx;
  const mayBeWanted = shape !== 'multiplied';
  const isExplained =
    mayBeWanted &&
    (!isKnown || factor < SURGE_FACTOR_MIN || isOver(influx) || recordFactor < SURGE_RECORD_FACTOR_MIN);
  return {
    detector: 'traffic-amplification',
    functions: [fn.name],
    queues: queueName === null ? [] : [queueName],
    onsetAt: window.startAt + surge.onsetMinute * MINUTE_MS,
    lastEvidenceAt: window.startAt + (surge.lastMinute + 1) * MINUTE_MS,
    // A surge of a size that rhythms have is never more than a suspicion, however certain it is that there is one.
    nats: isExplained ? Math.min(surge.nats, NATS_TO_OPEN - 1) : surge.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: surge.lastMinute + 1 - surge.onsetMinute,
    isOngoing: isStillComing(influx),
    blipMinutes: BLIP_MINUTES[shape] ?? SURGE_BLIP_MINUTES,
    wastedShare: excessShares(influx),
    mayBeWanted,
    mayBeBacklog: !influx.isArriving,
    amplification: { receivesPerDelete: null, invocationsPerUnit: null },
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: evidenceOf(influx),
  };
}

function evidenceOf({ surge, shape, factor, counts, queueName, fn }: Influx): Evidence[] {
  const unit = queueName === null ? 'calls' : 'messages';
  const minutes = formatDuration((counts.length - surge.onsetMinute) * MINUTE_MS);
  const lines: Evidence[] = [
    {
      kind: 'arrivals',
      text: `${formatCount(Math.round(surge.perMinute))} ${unit} a minute reach ${queueName ?? fn.name} for ${minutes}, ${factor.toFixed(1)} times the usual`,
    },
    { kind: 'processed', text: 'they are new work, not retries: each one is paid for once' },
  ];
  if (shape === 'multiplied') {
    lines.push({
      kind: 'clumps',
      text: `they come in clumps: whatever sends them makes about ${Math.round(factor)} ${unit} where it made one`,
    });
  }
  if (shape === 'doubling') {
    lines.push({
      kind: 'doubling',
      text: `they double within minutes, again and again, as work does that makes more of itself: ${fn.name} may start itself`,
    });
  }
  if (shape === 'regular') {
    lines.push({
      kind: 'regular',
      text: `they come too exactly for chance: a schedule that is new or sends more, or the same ${unit} that ${fn.name} sends again`,
    });
  }
  return lines;
}
