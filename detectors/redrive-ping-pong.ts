import type { Baselines } from '../src/model/baseline.ts';
import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount } from '../src/model/format.ts';
import type { Queue } from '../src/model/inventory.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import type { Detector } from './detector.ts';
import { consumersOfQueue } from './evidence/consumer.ts';
import { type DeadLetterPair, deadLetterPairs } from './evidence/dead-letter-arrivals.ts';
import { NATS_MOST, type Redrive, redrivesOf, returnMinutes } from './evidence/redrives.ts';

/**
 * Redrive ping-pong: somebody (or a schedule) moves a dead-letter queue back to its source, the messages fail again and
 * return. A redrive gives each a new message id and receive count, so only the moves themselves show it.
 *
 * Moves come from ListMessageMoveTasks; where those were not recorded, from dead letters that leave while as many more than
 * usual are sent to the source. A redrive after a repair is not one: its messages do not come back. One that comes back is
 * somebody who tried. Each round is over within minutes; that they are one incident is decided apart.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export const redrivePingPong: Detector = {
  id: 'redrive-ping-pong',
  doc: 'Dead-lettered messages are redriven again and again, and fail again and again.',
  requires: [
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
    'AWS/SQS/ApproximateNumberOfMessagesNotVisible/Maximum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
    'AWS/SQS/NumberOfMessagesReceived/Sum',
  ],
  evaluate(window, baselines) {
    return deadLetterPairs(window).flatMap((pair) => evaluatePair(pair, window, baselines));
  },
};

/** Redrives that came back, from which on it is a pattern. */
const RETURNS_MIN = 2;
const NATS_TO_OPEN = RETURNS_MIN * NATS_MOST;

function evaluatePair(pair: DeadLetterPair, window: Window, baselines: Baselines): Finding[] {
  const { source, deadLetter } = pair;
  const { rounds, nats } = redrivesOf(pair, window, baselines);
  const returned = rounds.filter(({ cameBack }) => cameBack);
  const [first] = returned;
  const newest = rounds.at(-1);
  // What is only emerging is no sign of anything: dead letters leave all the time where somebody archives them.
  if (first === undefined || newest === undefined || nats < NATS_TO_OPEN) return [];
  const functions = consumersOfQueue(source.name, window);
  const end = window.startAt + window.minutes * MINUTE_MS;
  return [
    {
      detector: 'redrive-ping-pong',
      functions,
      queues: [source.name, deadLetter],
      onsetAt: first.at,
      // What was moved is under way, or back, for as long as its receives may take.
      lastEvidenceAt: Math.min(newest.at + returnMinutes(source) * MINUTE_MS, end),
      nats,
      natsToOpen: NATS_TO_OPEN,
      persistenceMinutes: returned.length,
      // A redrive from before the window that nobody repeated is history.
      isOngoing: newest.at >= window.startAt,
      blipMinutes: RETURNS_MIN,
      wastedShare: functions.length === 0 ? null : wastedShares(source, rounds, window),
      amplification: null,
      loss: null,
      selfEnd: { kind: 'never' },
      roundMinutes: roundMinutesOf(rounds.slice(rounds.indexOf(first))),
      evidence: evidenceOf(pair, rounds, returned),
    },
  ];
}

/** Mean time between rounds. */
function roundMinutesOf(rounds: readonly Redrive[]): number {
  const spanMs = (rounds.at(-1)?.at ?? 0) - (rounds[0]?.at ?? 0);
  return spanMs / MINUTE_MS / Math.max(1, rounds.length - 1);
}

/** Deliveries that end without a delete, while redriven messages are received: they are failing again. */
function wastedShares(source: Queue, rounds: readonly Redrive[], window: Window): Float64Array | null {
  const { received, deleted } = window.queues.get(source.name) ?? {};
  if (received === undefined || deleted === undefined) return null;
  const back = returnMinutes(source);
  return received.map((count, i) => {
    const isRound = rounds.some(({ from, to }) => i >= from && i <= to + back);
    return isRound && count > 0 ? Math.min(1, Math.max(0, 1 - (deleted[i] || 0) / count)) : 0;
  });
}

function evidenceOf(
  { source, deadLetter }: DeadLetterPair,
  rounds: readonly Redrive[],
  returned: readonly Redrive[],
): Evidence[] {
  const moved = formatCount(rounds.reduce((total, round) => total + round.moved, 0));
  return [
    {
      kind: 'redrives',
      text: `${deadLetter} was redriven to ${source.name} ${rounds.length} times (${moved} messages); ${returned.length} times they came back`,
    },
    {
      kind: 'new-identity',
      text: 'a redrive gives messages new ids and receive counts: they look like new work',
    },
  ];
}
