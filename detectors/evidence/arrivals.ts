import type { Baselines, QueueBaseline } from '../../src/model/baseline.ts';
import type { LambdaFunction } from '../../src/model/inventory.ts';
import type { FunctionSeries, QueueSeries, Series, Window } from '../../src/model/window.ts';
import { NATS_MAX } from '../../src/stats/sequential.ts';
import { last, lastIndex, sum } from '../../src/stats/series.ts';
import { hasHistory } from './history.ts';
import { type Invoked, triggerOf } from './invoked.ts';
import { perWindow } from './per-window.ts';
import {
  coversNow,
  isHigh,
  type Surge,
  surgeOf,
  type Usual,
  usualInvocations,
  usualInWindow,
  usualSent,
} from './surge.ts';
import { EVENTS_MIN, isLockStep, type SurgeShape, shapeOf } from './surge-shape.ts';

/** Far more work than is usual for a function, and how it looks. */
export interface Influx {
  readonly fn: LambdaFunction;
  readonly lambda: FunctionSeries;
  /** Queue that the work comes from; `null`: callers, or events. */
  readonly queueName: string | null;
  readonly sqs: QueueSeries | undefined;
  /** What arrives. */
  readonly counts: Series;
  /** What arrives or, where that is more, is finished: a backlog of too much is still too much. */
  readonly work: Series;
  readonly usual: Usual;
  readonly surge: Surge;
  /** Whether it goes on arriving; `false`: what has arrived is being worked off. */
  readonly isArriving: boolean;
  readonly shape: SurgeShape;
  /** Arrivals a minute since onset over the usual ones (or, where those are 0, over what is finished), and over those of the busiest hour in history. */
  readonly factor: number;
  readonly recordFactor: number;
  /** Whether there is history enough, and of days like this one, to call anything a record. */
  readonly isKnown: boolean;
}

/** Below this multiple of the busiest hour in history it is a busy hour: a Monday after a quiet weekend. */
const RECORD_FACTOR_MIN = 1.3;

/**
 * Functions to which more work comes than ever at this hour: messages that are sent where a queue feeds it, else events
 * or calls. Retries are no arrivals, and not in it, except those of direct callers.
 */
export const influxes = perWindow(findInfluxes);

function findInfluxes(window: Window, baselines: Baselines): readonly Influx[] {
  const found: Influx[] = [];
  const deadLetters = new Set(window.inventory.queues.map(({ redrive }) => redrive?.deadLetterQueue));
  for (const fn of window.inventory.functions) {
    const lambda = window.functions.get(fn.name);
    if (lambda === undefined) continue;
    const baseline = baselines.functions.get(fn.name);
    let isQueued = false;
    for (const { kind, source, enabled } of fn.eventSources) {
      if (!enabled) continue;
      isQueued = true;
      const sqs = kind === 'sqs' ? window.queues.get(source) : undefined;
      if (sqs?.sent === undefined) continue;
      const history = baselines.queues.get(source);
      const isSome = history !== undefined && history.activeHours > 0;
      add(
        found,
        { fn, lambda, queueName: source, sqs, counts: sqs.sent },
        {
          usual: isSome ? usualSent(history, baseline, window) : usualInWindow(sqs.sent),
          busiestHour: isSome ? history.sentMaximum : 0,
          isKnown: hasHistory(history) && coversNow(history, window),
          ...(isSome && deadLetters.has(source) ? usualDeadLetters(history) : {}),
        },
      );
    }
    if (isQueued || lambda.invocations === undefined) continue;
    const isSome = baseline !== undefined && baseline.activeHours > 0;
    const normal = {
      usual: isSome ? usualInvocations(baseline, window) : usualInWindow(lambda.invocations),
      busiestHour: isSome ? baseline.invocationsMaximum : 0,
      isKnown: hasHistory(baseline) && coversNow(baseline, window),
    };
    const counts = eventsOf({ fn, lambda, baseline }) ?? lambda.invocations;
    add(found, { fn, lambda, queueName: null, sqs: undefined, counts }, normal);
  }
  return found;
}

/** What the redrive policy moves is not counted as sent, and is work for whoever reads a dead-letter queue. */
function usualDeadLetters({ arrivalsMaximum }: QueueBaseline): Pick<Normal, 'usual' | 'busiestHour'> {
  return { usual: () => arrivalsMaximum / 60, busiestHour: arrivalsMaximum };
}

/** Lambda's own retries of asynchronous events are invocations, but no arrivals. `undefined`: events are not what starts it. */
function eventsOf(invoked: Invoked): Series | undefined {
  const { asyncEventsReceived } = invoked.lambda;
  return triggerOf(invoked) === 'asynchronous' ? asyncEventsReceived : undefined;
}

interface Normal {
  /** `null`: nobody knows. */
  readonly usual: Usual | null;
  readonly busiestHour: number;
  readonly isKnown: boolean;
}

type Subject = Pick<Influx, 'fn' | 'lambda' | 'queueName' | 'sqs' | 'counts'>;

function add(found: Influx[], subject: Subject, normal: Normal): void {
  const influx =
    beyondRecord(subject, normal) ?? unlikeBefore(subject, normal) ?? overflowing(subject, normal);
  if (influx !== null) found.push(influx);
}

/** More than history has seen at this hour, and than its busiest hour. */
function beyondRecord(subject: Subject, normal: Normal): Influx | null {
  const { counts, sqs } = subject;
  const { usual } = normal;
  if (usual === null) return null;
  const finished = sqs?.deleted;
  const isArriving = isHigh(counts, usual);
  if (!isArriving && (finished === undefined || !isHigh(finished, usual))) return null;
  const work = finished === undefined ? counts : counts.map((sent, i) => Math.max(sent, finished[i] || 0));
  const influx = influxOf(subject, normal, { usual, work, isArriving });
  return influx !== null && influx.recordFactor >= RECORD_FACTOR_MIN ? influx : null;
}

/**
 * Many of each, or sent by the consumer, at an hour that has room for it: four times as much as before is little beside the
 * busiest hour, but nothing else makes clumps of four where there were single messages. A consumer that history knows to feed
 * itself at this hour does what it always does.
 */
function unlikeBefore(subject: Subject, normal: Normal): Influx | null {
  const { counts } = subject;
  for (const usual of [normal.usual, meanBefore(counts)]) {
    if (usual === null || !isHigh(counts, usual)) continue;
    const influx = influxOf(subject, normal, { usual, work: counts, isArriving: true });
    if (influx === null) continue;
    const isNews = usual === normal.usual || !normal.isKnown;
    if (influx.shape !== 'multiplied' && !(influx.shape === 'lock-step' && isNews)) continue;
    // After silence nobody knows whether its work has always come so.
    if (sum(counts, 0, influx.surge.onsetMinute) >= EVENTS_MIN) return influx;
  }
  return null;
}

/** Mean arrivals a minute of the oldest third of the window; `null`: too short. */
function meanBefore(counts: Series): Usual | null {
  const minutes = Math.floor(counts.length / 3);
  const mean = sum(counts, 0, minutes) / minutes;
  return minutes < MEAN_MINUTES_MIN ? null : () => mean;
}

/** Fewer minutes are no mean. */
const MEAN_MINUTES_MIN = 10;

/** Minutes of work that wait, and minutes over which so many more are sent than finished, where a queue overflows. */
const OVERFLOW_MINUTES = 60;
const OVERFLOW_FACTOR = 1.2;

/**
 * A queue that overflows with what its own consumer sends. That is nobody's usual, even if it has been so from the first day
 * on: history has learnt it, or has not begun.
 */
function overflowing(subject: Subject, { isKnown }: Normal): Influx | null {
  const { counts, sqs } = subject;
  const { deleted, visible } = sqs ?? {};
  if (sqs === undefined || deleted === undefined || visible === undefined) return null;
  const to = lastIndex(counts) + 1;
  const lately = Math.max(0, to - OVERFLOW_MINUTES);
  const finished = sum(deleted, lately, to);
  if (!(last(visible) > finished) || sum(counts, lately, to) < OVERFLOW_FACTOR * finished) return null;
  let onsetMinute = to;
  while (onsetMinute > 0 && (visible[onsetMinute - 1] as number) > (deleted[onsetMinute - 1] as number))
    onsetMinute--;
  if (!isLockStep(counts, sqs, { from: Math.max(onsetMinute, lately), to })) return null;
  return {
    ...subject,
    work: counts,
    usual: (minute) => (minute < onsetMinute ? Number.POSITIVE_INFINITY : 0),
    surge: {
      onsetMinute,
      lastMinute: to - 1,
      nats: NATS_MAX,
      perMinute: sum(counts, onsetMinute, to) / (to - onsetMinute),
      usualPerMinute: 0,
    },
    isArriving: true,
    shape: 'lock-step',
    factor: sum(counts, lately, to) / finished,
    recordFactor: 1,
    isKnown,
  };
}

function influxOf(
  subject: Subject,
  { busiestHour, isKnown }: Normal,
  arriving: { readonly usual: Usual; readonly work: Series; readonly isArriving: boolean },
): Influx | null {
  const surge = surgeOf(arriving.work, arriving.usual);
  if (surge === null) return null;
  return {
    ...subject,
    ...arriving,
    surge,
    shape: shapeOf(subject.counts, surge, subject.sqs),
    factor: surge.perMinute / surge.usualPerMinute,
    recordFactor: (60 * surge.perMinute) / Math.max(1, busiestHour),
    isKnown,
  };
}

/** Minutes before and after over which counts are averaged for their excess, and the multiple that is one. */
const SMOOTH_MINUTES = 7;
const EXCESS_MULTIPLE = 1.5;

/**
 * Share of the work that is more than usual, in each minute of the window: an incident may have begun before the surge
 * that is under way now. The step at its onset is not smoothed away.
 */
export function excessShares({ work, usual, surge }: Influx): Series {
  const minutes = work.length;
  const sums = new Float64Array(minutes + 1);
  for (let i = 0; i < minutes; i++) sums[i + 1] = (sums[i] as number) + (work[i] || 0);
  const end = lastIndex(work) + 1;
  const shares = new Float64Array(minutes);
  for (let i = 0; i < minutes; i++) {
    const isSince = i >= surge.onsetMinute;
    const from = Math.max(
      isSince ? surge.onsetMinute : 0,
      Math.min(i, end - SMOOTH_MINUTES) - SMOOTH_MINUTES,
    );
    const to = Math.min(isSince ? end : surge.onsetMinute, i + SMOOTH_MINUTES + 1);
    const perMinute = to > from ? ((sums[to] as number) - (sums[from] as number)) / (to - from) : 0;
    const expected = usual(i);
    if (perMinute > EXCESS_MULTIPLE * expected) shares[i] = 1 - expected / perMinute;
  }
  return shares;
}

const QUIET_MINUTES_MIN = 10;
const QUIET_MINUTES_MAX = 60;

/** Whether it goes on: the last sign of it is not older than some of its own intervals. */
export function isStillComing({ work, surge }: Influx): boolean {
  const quiet = Math.min(QUIET_MINUTES_MAX, Math.max(QUIET_MINUTES_MIN, 4 / surge.perMinute));
  return surge.lastMinute >= work.length - quiet;
}
