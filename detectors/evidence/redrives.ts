import type { Baselines } from '../../src/model/baseline.ts';
import type { Queue } from '../../src/model/inventory.ts';
import { DAY_MS, type EpochMs, MINUTE_MS, SECOND_MS } from '../../src/model/time.ts';
import type { QueueSeries, Series, Window } from '../../src/model/window.ts';
import { last, lastIndex, sum } from '../../src/stats/series.ts';
import {
  contentOf,
  type DeadLetterFlow,
  type DeadLetterPair,
  deadLetterFlow,
  settledArrivals,
} from './dead-letter-arrivals.ts';
import { DEVIATIONS, minutesOf, natsOfMore, usualOf } from './excess.ts';

/** Messages that were moved from a dead-letter queue back to its source. */
export interface Redrive {
  readonly at: EpochMs;
  /** First and last minute of the window in which they left; negative: before it. */
  readonly from: number;
  readonly to: number;
  readonly moved: number;
  /** Whether about as many were dead-lettered again within `returnMinutes`. */
  readonly cameBack: boolean;
}

export interface Redrives {
  /** Oldest first. */
  readonly rounds: readonly Redrive[];
  /**
   * Evidence in nats that those which came back are what they seem, at most `NATS_MOST` of each, less what dead letters that
   * left and were not sent again say against it.
   */
  readonly nats: number;
}

/** A redrive that returns whole is a hundred times likelier in a loop than after a repair (assumption). */
export const NATS_MOST = Math.log(100);

/** A move of fewer messages than this is somebody trying one out. */
const MOVED_MIN = 2;

/** Share of a move that is seen again, at the source or back, for it to be about as many; and the most. */
const SHARE_MIN = 0.5;
const SHARE_MAX = 2;

const NONE: Redrives = { rounds: [], nats: 0 };

/**
 * Redrives of the last hours; none where the depth of the dead-letter queue cannot be read. Those that SQS lists go back a
 * day. Where none is listed they are seen in the window: dead letters leave, and as many more than usual are sent to the
 * source at that time. Deletes without that are somebody's clearing up, or an archive.
 */
export function redrivesOf(pair: DeadLetterPair, window: Window, baselines: Baselines): Redrives {
  const series = window.queues.get(pair.deadLetter);
  const flow = series === undefined ? null : deadLetterFlow(series, window.minutes);
  if (series === undefined || flow === null) return NONE;
  const left = listed(pair.deadLetter, window) ?? seen(leavesOf(series, flow), pair, window);
  const moves = left.filter(({ nats }) => nats >= CLEAR_NATS);
  if (moves.length === 0) return NONE;
  const back = returnMinutes(pair.source);
  const history = baselines.queues.get(pair.deadLetter)?.arrivalsPerHour ?? 0;
  const content = contentOf(series);
  const arrived = settledArrivals(flow, series, lastIndex(content));
  const usual = usualOf(arrived, minutesOf(moves, window.minutes, { before: 0, after: back }));
  const perMinute = usual.minutes < OUTSIDE_MINUTES_MIN ? history / 60 : usual.mean;
  const rounds = moves.map((move, i) => {
    const next = moves[i + 1];
    return { ...move, cameBack: hasComeBack(move, next, { arrived, content, perMinute, back }) };
  });
  const counted = [...rounds.filter(({ cameBack }) => cameBack), ...left.filter(({ nats }) => nats < 0)];
  return { rounds, nats: counted.reduce((total, { nats }) => total + nats, 0) };
}

/** Evidence below this does not even say that it was a redrive. */
const CLEAR_NATS = 1;

/** Fewer minutes than this say less of what is usual than history. */
const OUTSIDE_MINUTES_MIN = 10;

/** A worker that fails is read more slowly: messages may take twice as long as their receives, and some minutes. */
const RETURN_FACTOR = 2;
const RETURN_MORE_MINUTES = 10;

/** How long redriven messages take at the most to be back: all their receives, each with its visibility timeout. */
export function returnMinutes(source: Queue): number {
  return Math.ceil(RETURN_FACTOR * receiveMinutes(source)) + RETURN_MORE_MINUTES;
}

/** How long a message takes that fails at each of its receives. */
function receiveMinutes({ redrive, visibilityTimeoutSeconds }: Queue): number {
  return ((redrive?.maxReceiveCount ?? 1) * visibilityTimeoutSeconds * SECOND_MS) / MINUTE_MS;
}

/** Messages that left, with the evidence that they were moved to the source: `NATS_MOST` in either direction at the most. */
type Move = Omit<Redrive, 'cameBack'> & { readonly nats: number };

/** Tasks of the last day, oldest first; `null` where none is known. */
function listed(deadLetter: string, { moveTasks, startAt, minutes }: Window): Move[] | null {
  const since = startAt + minutes * MINUTE_MS - DAY_MS;
  const tasks = moveTasks.filter(
    ({ queue, startedAt, moved }) => queue === deadLetter && startedAt >= since && moved >= MOVED_MIN,
  );
  if (tasks.length === 0) return null;
  const moves = tasks.map(({ startedAt, moved }) => {
    const minute = Math.floor((startedAt - startAt) / MINUTE_MS);
    return { at: startedAt, from: minute, to: minute, moved, nats: NATS_MOST };
  });
  return moves.sort((a, b) => a.at - b.at);
}

/** Messages that leave a dead-letter queue in neighbouring minutes. */
interface Leave {
  readonly from: number;
  to: number;
  moved: number;
  deleted: number;
}

/** Minutes without one that a slow script may take between two messages. */
const PAUSE_MINUTES = 1;

function leavesOf({ deleted }: QueueSeries, { movedOut }: DeadLetterFlow): Leave[] {
  const leaves: Leave[] = [];
  for (let i = 0; i < movedOut.length; i++) {
    const gone = deleted?.[i] || 0;
    const moved = gone + (movedOut[i] as number);
    if (moved < MOVED_MIN) continue;
    const previous = leaves.at(-1);
    if (previous !== undefined && i - previous.to <= PAUSE_MINUTES + 1) {
      previous.to = i;
      previous.moved += moved;
      previous.deleted += gone;
    } else leaves.push({ from: i, to: i, moved, deleted: gone });
  }
  return leaves;
}

/** Leaves, and whether they were sent to the source again. */
function seen(leaves: readonly Leave[], { source }: DeadLetterPair, window: Window): Move[] {
  if (leaves.length === 0) return [];
  const series = window.queues.get(source.name) ?? {};
  const script = scriptNats(series, leaves, { source, minutes: window.minutes });
  return leaves.map((leave) => {
    const { from, to, moved, deleted } = leave;
    const nats = deleted >= moved / 2 ? script(leave) : fallNats(series.received, leave, source);
    return { at: window.startAt + from * MINUTE_MS, from, to, moved, nats };
  });
}

/**
 * What was deleted, was moved by a script: before that, about as many more than usual were sent. Where many are sent anyway,
 * those that fail show all the same: the source holds so many more until their receives are used up.
 */
function scriptNats(
  series: QueueSeries,
  leaves: readonly Leave[],
  { source, minutes }: { readonly source: Queue; readonly minutes: number },
): (leave: Leave) => number {
  const content = contentOf(series);
  const sending = minutesOf(leaves, minutes, { before: 1, after: 1 });
  const holding = minutesOf(leaves, minutes, { before: 1, after: Math.ceil(receiveMinutes(source)) });
  return ({ from, to, moved }) => {
    const wanted = { wanted: moved, least: SHARE_MIN * moved, most: SHARE_MAX * moved };
    const sent = natsOfMore(series.sent, sending, { ...wanted, from: from - 1, to });
    const held = natsOfMore(content, holding, { ...wanted, from: to + 1, to: to + 1 });
    return Math.max(-NATS_MOST, Math.min(NATS_MOST, held > 0 ? Math.max(sent, held) : sent));
  };
}

/**
 * What falls without a delete was moved by SQS, which need not count as sent; or it was purged, or has expired, and nobody
 * receives it.
 */
function fallNats(received: Series | undefined, { from, to, moved }: Leave, source: Queue): number {
  if (received === undefined) return NATS_MOST;
  const until = Math.min(received.length, to + returnMinutes(source) + 1);
  return sum(received, from, until) >= SHARE_MIN * moved ? NATS_MOST : 0;
}

/** Whether about as many as were moved were dead-lettered after it, in time and beyond what always is. */
function hasComeBack(
  move: Move,
  next: Move | undefined,
  seen: {
    readonly arrived: Series;
    readonly content: Series | undefined;
    readonly perMinute: number;
    readonly back: number;
  },
): boolean {
  const { from, to, moved } = move;
  // A move from before the window came back if there was something to move again.
  if (to < 0) return next !== undefined && next.moved >= SHARE_MIN * moved;
  // What is drained by the minute arrives in the very minute in which it leaves: it is back only when it leaves again.
  const wasWaiting = last(seen.content, from) >= SHARE_MIN * moved;
  const start = wasWaiting ? from : to + 1;
  const until = Math.min(next?.from ?? Number.POSITIVE_INFINITY, to + seen.back, seen.arrived.length - 1);
  const expected = seen.perMinute * Math.max(0, until - start + 1);
  const noise = DEVIATIONS * Math.sqrt(expected);
  const more = sum(seen.arrived, start, until + 1) - expected;
  return more >= Math.max(SHARE_MIN * moved, noise) && more <= SHARE_MAX * moved + noise;
}
