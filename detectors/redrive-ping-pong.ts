import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount } from '../src/model/format.ts';
import type { Queue } from '../src/model/inventory.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { sum } from '../src/stats/series.ts';
import { type DeadLetterFlow, deadLetterFlow } from './dead-letter-arrivals.ts';
import type { Detector } from './detector.ts';

/**
 * Redrive ping-pong: somebody (or a schedule) moves a dead-letter queue back to its source, the messages fail again and
 * return. A redrive gives each a new message id and receive count, so only the moves themselves show it.
 *
 * Moves come from ListMessageMoveTasks; where those were not recorded, from falls of the dead-letter queue's content
 * that no delete explains. A redrive after a repair is not one: its messages do not come back.
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
  ],
  evaluate(window) {
    return window.inventory.queues.flatMap((source) => evaluateQueue(source, window));
  },
};

/** Moves that came back, from which on it is a pattern. */
const RETURNS_MIN = 2;

/** Share of a move that must be back for it to count. */
const RETURNED_SHARE_MIN = 0.5;

/** A move of fewer messages than this is somebody trying one out. */
const MOVED_MIN = 2;

interface Move {
  readonly at: EpochMs;
  readonly moved: number;
}

function evaluateQueue(source: Queue, window: Window): Finding[] {
  const deadLetter = source.redrive?.deadLetterQueue;
  const series = deadLetter === undefined ? undefined : window.queues.get(deadLetter);
  if (deadLetter === undefined || series === undefined) return [];
  const flow = deadLetterFlow(series, window.minutes);
  if (flow === null) return [];
  const moves = recordedMoves(window, deadLetter) ?? movesSeen(flow, window);
  const returned = moves.filter((move, i) => hasReturned(move, moves[i + 1], { flow, window }));
  if (returned.length < RETURNS_MIN) return [];
  return [finding({ source, deadLetter, moves, returned }, flow, window)];
}

/** Tasks of the last day, oldest first; `null` where none is known. */
function recordedMoves({ moveTasks, startAt, minutes }: Window, deadLetter: string): Move[] | null {
  const since = startAt + minutes * MINUTE_MS - DAY_MS;
  const tasks = moveTasks.filter(
    ({ queue, startedAt, moved }) => queue === deadLetter && startedAt >= since && moved >= MOVED_MIN,
  );
  if (tasks.length === 0) return null;
  return tasks.map(({ startedAt, moved }) => ({ at: startedAt, moved })).sort((a, b) => a.at - b.at);
}

/** Falls of the content that no delete explains; neighbouring minutes are one move. */
function movesSeen({ movedOut }: DeadLetterFlow, { startAt }: Window): Move[] {
  const moves: { at: EpochMs; moved: number; minute: number }[] = [];
  for (let i = 0; i < movedOut.length; i++) {
    const moved = movedOut[i] as number;
    if (moved < MOVED_MIN) continue;
    const previous = moves.at(-1);
    if (previous !== undefined && i - previous.minute <= 2) {
      previous.moved += moved;
      previous.minute = i;
    } else moves.push({ at: startAt + i * MINUTE_MS, moved, minute: i });
  }
  return moves;
}

/** Whether about as many messages arrived again after this move, and before the next one. */
function hasReturned(
  move: Move,
  next: Move | undefined,
  seen: { readonly flow: DeadLetterFlow; readonly window: Window },
): boolean {
  const { flow, window } = seen;
  const minuteOf = (at: EpochMs) => Math.floor((at - window.startAt) / MINUTE_MS);
  const from = minuteOf(move.at);
  const to = next === undefined ? window.minutes : Math.min(window.minutes, minuteOf(next.at) + 1);
  // A move from before the window came back if there was something to move again.
  if (to <= 0) return next !== undefined && next.moved >= RETURNED_SHARE_MIN * move.moved;
  const back = sum(flow.arrived, Math.max(0, from), to);
  return (
    back >= RETURNED_SHARE_MIN * move.moved ||
    (from < 0 && next !== undefined && next.moved >= RETURNED_SHARE_MIN * move.moved)
  );
}

interface Found {
  readonly source: Queue;
  readonly deadLetter: string;
  readonly moves: readonly Move[];
  readonly returned: readonly Move[];
}

function finding(found: Found, flow: DeadLetterFlow, window: Window): Finding {
  const { source, deadLetter, returned, moves } = found;
  const functions = window.inventory.functions
    .filter(({ eventSources }) =>
      eventSources.some(
        ({ kind, source: name, enabled }) => kind === 'sqs' && enabled && name === source.name,
      ),
    )
    .map(({ name }) => name);
  const first = moves[0]?.at ?? window.startAt;
  const newest = moves.at(-1)?.at ?? window.startAt;
  // Only what arrives soon after a move is that move coming back.
  const sinceMinute = Math.max(0, Math.floor((newest - window.startAt) / MINUTE_MS));
  const untilMinute = Math.min(window.minutes, sinceMinute + RETURN_MINUTES_MAX);
  let lastArrival = untilMinute - 1;
  while (lastArrival >= sinceMinute && (flow.arrived[lastArrival] as number) === 0) lastArrival--;
  const returnedAt = lastArrival < sinceMinute ? newest : window.startAt + (lastArrival + 1) * MINUTE_MS;
  return {
    detector: 'redrive-ping-pong',
    functions,
    queues: [source.name, deadLetter],
    onsetAt: first,
    lastEvidenceAt: Math.max(newest, newest < window.startAt ? newest : returnedAt),
    nats: returned.length * NATS_PER_RETURN,
    natsToOpen: RETURNS_MIN * NATS_PER_RETURN,
    persistenceMinutes: returned.length,
    // A redrive from before the window that nobody repeated is history.
    isOngoing: newest >= window.startAt,
    blipMinutes: RETURNS_MIN,
    wastedShare: wastedShares(source, functions, window),
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: evidenceOf(found),
  };
}

/** A redriven message is back after its receives at the latest; three hours are the window. */
const RETURN_MINUTES_MAX = 180;

/** A redrive that returns whole is a hundred times likelier in a loop than after a repair (assumption). */
const NATS_PER_RETURN = Math.log(100);

/** Deliveries that end without a delete are the redriven ones failing again. */
function wastedShares(source: Queue, functions: readonly string[], window: Window): Float64Array | null {
  const series = window.queues.get(source.name);
  if (functions.length === 0 || series?.received === undefined || series.deleted === undefined) return null;
  const { received, deleted } = series;
  return received.map((count, i) =>
    count > 0 ? Math.min(1, Math.max(0, 1 - (deleted[i] || 0) / count)) : 0,
  );
}

function evidenceOf({ source, deadLetter, moves, returned }: Found): Evidence[] {
  const moved = formatCount(moves.reduce((total, move) => total + move.moved, 0));
  return [
    {
      kind: 'redrives',
      text: `${deadLetter} was redriven to ${source.name} ${moves.length} times (${moved} messages); ${returned.length} times they came back`,
    },
    {
      kind: 'new-identity',
      text: 'a redrive gives messages new ids and receive counts: they look like new work',
    },
  ];
}
