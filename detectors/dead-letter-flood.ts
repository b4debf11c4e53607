import type { Baselines } from '../src/model/baseline.ts';
import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount } from '../src/model/format.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_PER_MINUTE, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { last, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import { consumersOfQueue } from './evidence/consumer.ts';
import {
  type DeadLetterFlow,
  type DeadLetterPair,
  deadLetterFlow,
  deadLetterPairs,
} from './evidence/dead-letter-arrivals.ts';

/**
 * Dead-letter flood: messages reach a dead-letter queue far faster than they used to. Each was tried maxReceiveCount
 * times, and is lost unless somebody redrives it before retention ends.
 *
 * Arrivals are counted from the content of the queue, not from NumberOfMessagesSent, which does not see the redrive
 * policy; deletes are added, so that a consumer that drains the queue between samples hides nothing. A sequential test on
 * Poisson counts compares them with the queue's own history. A handful of poison messages is what the queue is for.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const deadLetterFlood: Detector = {
  id: 'dead-letter-flood',
  doc: 'Messages are dead-lettered far faster than is normal for the queue.',
  requires: [
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
    'AWS/SQS/ApproximateNumberOfMessagesNotVisible/Maximum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
  ],
  evaluate(window, baselines) {
    return deadLetterPairs(window).flatMap((pair) => evaluatePair(pair, window, baselines));
  },
};

/** Fewer arrivals than this are no flood, whatever the history. */
const ARRIVALS_MIN = 20;

/** The last messages of a deploy blip are dead-lettered together, minutes after it. */
const BLIP_MINUTES = 4;

/** A flood is over after this many minutes without an arrival. */
const QUIET_MINUTES = 15;

/** Arrivals a minute that are always possible, and the multiple of the usual ones that is worth finding. */
const USUAL_PER_MINUTE_MIN = 0.05;
const MULTIPLE = 5;

function evaluatePair(pair: DeadLetterPair, window: Window, baselines: Baselines): Finding[] {
  const { source, deadLetter } = pair;
  const series = window.queues.get(deadLetter);
  if (series === undefined || !((last(series.visible) || 0) > 0 || series.deleted !== undefined)) return [];
  const flow = deadLetterFlow(series, window.minutes);
  const flood = flow === null ? null : floodOf(flow, usualPerMinute(pair, window, baselines));
  if (flood === null || flood.arrived < ARRIVALS_MIN) return [];
  const minutesSince = Math.max(1, window.minutes - flood.from);
  const lostPerHour = (flood.arrived / minutesSince) * 60;
  return [
    {
      detector: 'dead-letter-flood',
      functions: consumersOfQueue(source.name, window),
      queues: [deadLetter, source.name],
      onsetAt: window.startAt + flood.from * MINUTE_MS,
      lastEvidenceAt: window.startAt + (flood.lastArrival + 1) * MINUTE_MS,
      nats: flood.nats,
      natsToOpen: NATS_TO_OPEN,
      persistenceMinutes: flood.minutesWithArrivals,
      isOngoing: flood.lastArrival >= window.minutes - QUIET_MINUTES,
      blipMinutes: BLIP_MINUTES,
      wastedShare: null,
      amplification: null,
      loss: { lost: flood.arrived, lostPerHour, expiresAt: null },
      selfEnd: { kind: 'never' },
      evidence: evidenceOf(flood, pair, last(series.visible)),
    },
  ];
}

/** Hours of the source that make a history, and the share of its messages that is lost anyway without one (assumption). */
const HISTORY_HOURS_MIN = 3;
const LOST_SHARE_PRIOR = 0.005;

/** Those of its usual hour, and more of them when more is sent to the source than then. */
function usualPerMinute(
  { source, deadLetter }: DeadLetterPair,
  window: Window,
  baselines: Baselines,
): number {
  const arrivalsPerHour = baselines.queues.get(deadLetter)?.arrivalsPerHour ?? 0;
  const sentPerHour = (60 * sum(window.queues.get(source.name)?.sent)) / window.minutes;
  const history = baselines.queues.get(source.name);
  // A dead-letter queue that nothing ever reached has no history; its source has.
  const isKnown = history !== undefined && history.hours >= HISTORY_HOURS_MIN;
  const busier = isKnown && history.sentPerHour > 0 ? Math.max(1, sentPerHour / history.sentPerHour) : 1;
  const lostAnyway = isKnown ? 0 : LOST_SHARE_PRIOR * sentPerHour;
  return Math.max(USUAL_PER_MINUTE_MIN, (arrivalsPerHour * busier) / 60, lostAnyway / 60);
}

interface Flood {
  readonly from: number;
  readonly lastArrival: number;
  readonly nats: number;
  readonly arrived: number;
  readonly minutesWithArrivals: number;
}

/** Page's test on Poisson counts: usual rate against MULTIPLE times as much. */
function floodOf({ arrived }: DeadLetterFlow, usualPerMinute: number): Flood | null {
  const unusual = Math.max(MULTIPLE * usualPerMinute, 0.5);
  const perArrival = Math.log(unusual / usualPerMinute);
  let nats = 0;
  let from = 0;
  let lastArrival = -1;
  for (let i = 0; i < arrived.length; i++) {
    const count = arrived[i] as number;
    const change = count * perArrival - (unusual - usualPerMinute);
    if (nats === 0) from = i;
    nats = Math.min(NATS_MAX, Math.max(0, nats + Math.min(change, NATS_PER_MINUTE)));
    if (count > 0) lastArrival = i;
    if (i - lastArrival > QUIET_MINUTES) nats = 0;
  }
  if (nats < NATS_PER_MINUTE) return null;
  let total = 0;
  let minutes = 0;
  for (let i = from; i < arrived.length; i++) {
    total += arrived[i] as number;
    if ((arrived[i] as number) > 0) minutes++;
  }
  return { from, lastArrival, nats, arrived: total, minutesWithArrivals: minutes };
}

function evidenceOf(flood: Flood, { source, deadLetter }: DeadLetterPair, depth: number): Evidence[] {
  const arrived = formatCount(flood.arrived);
  const waiting = Number.isNaN(depth) ? '' : `; ${formatCount(depth)} are waiting there`;
  const attempts = source.redrive?.maxReceiveCount ?? 1;
  return [
    { kind: 'dead-lettered', text: `${arrived} messages of ${source.name} reached ${deadLetter}${waiting}` },
    { kind: 'attempts', text: `each was received ${attempts} times before` },
  ];
}
