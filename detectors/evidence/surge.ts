import type { FunctionBaseline, QueueBaseline } from '../../src/model/baseline.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { mayBeWorkday } from '../../src/model/week.ts';
import type { Series, Window } from '../../src/model/window.ts';
import { NATS_MAX, NATS_PER_MINUTE } from '../../src/stats/sequential.ts';
import { sum } from '../../src/stats/series.ts';

/** More work arrives than ever before at this hour, and keeps arriving up to the end of the window. */
export interface Surge {
  readonly onsetMinute: number;
  /** Newest minute that still shows it. */
  readonly lastMinute: number;
  readonly nats: number;
  /** Mean arrivals a minute since onset, and what is usual at this hour. */
  readonly perMinute: number;
  readonly usualPerMinute: number;
}

/** Usual arrivals a minute in a minute of the window; `NaN`: not known. */
export type Usual = (minute: number) => number;

/** The multiple of the usual arrivals from which on a surge is looked at. */
const MULTIPLE = 2.5;

/** One an hour is always possible. */
const USUAL_PER_MINUTE_MIN = 1 / 60;

/** A minute takes away no more than this: what comes in bursts has quiet minutes. */
const NATS_LEAST = -2 * NATS_PER_MINUTE;

/** Minutes that a surge must have gone on for before anything is computed. */
const GATE_MINUTES = 12;

/** Whether the newest minutes can be part of a surge: cheap, and `false` nearly always. */
export function isHigh(counts: Series, usual: Usual): boolean {
  const minutes = counts.length;
  const from = Math.max(0, minutes - GATE_MINUTES);
  const usualNow = atLeastOneAnHour(usual(minutes - 1));
  return sum(counts, from, minutes) >= MULTIPLE * 0.75 * usualNow * (minutes - from);
}

/**
 * Page's test on Poisson counts, usual rate against MULTIPLE times as much; `null`: no surge at the end of the window.
 * A minute without a datapoint says nothing.
 */
export function surgeOf(counts: Series, usual: Usual): Surge | null {
  if (!isHigh(counts, usual)) return null;
  const minutes = counts.length;
  const usualNow = atLeastOneAnHour(usual(minutes - 1));
  let nats = 0;
  let onset = 0;
  let lastMinute = -1;
  for (let i = 0; i < minutes; i++) {
    const count = counts[i] as number;
    if (Number.isNaN(count)) continue;
    const change = natsOf(count, atLeastOneAnHour(usual(i)));
    if (nats === 0) onset = i;
    nats = Math.min(NATS_MAX, Math.max(0, nats + Math.max(NATS_LEAST, Math.min(change, NATS_PER_MINUTE))));
    if (change > 0) lastMinute = i;
  }
  if (nats < NATS_PER_MINUTE) return null;
  const onsetMinute = likeliestOnset(counts, usual, onset);
  const perMinute = sum(counts, onsetMinute, minutes) / (minutes - onsetMinute);
  return { onsetMinute, lastMinute, nats, perMinute, usualPerMinute: usualNow };
}

/**
 * The start from which the evidence adds up to the most. A minute without a datapoint counts as one without arrivals here:
 * a function that nobody calls has none, and what was quiet before is no part of it.
 */
function likeliestOnset(counts: Series, usual: Usual, first: number): number {
  let best = first;
  let most = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let i = counts.length - 1; i >= first; i--) {
    total += natsOf(counts[i] || 0, atLeastOneAnHour(usual(i)));
    if (total >= most) {
      most = total;
      best = i;
    }
  }
  return best;
}

/** Log-likelihood ratio of a minute's count, not capped. */
function natsOf(count: number, expected: number): number {
  return count * Math.log(MULTIPLE) - (MULTIPLE - 1) * expected;
}

function atLeastOneAnHour(perMinute: number): number {
  return Math.max(USUAL_PER_MINUTE_MIN, perMinute || 0);
}

/** Whether history says what is usual now: that of a weekend does not, once it may be over. */
export function coversNow(
  { isOfWeekend }: FunctionBaseline | QueueBaseline,
  { startAt, minutes }: Window,
): boolean {
  return !isOfWeekend || !mayBeWorkday(startAt + minutes * MINUTE_MS);
}

/** Oldest part of the window that says what is usual where there is no history, and how it is cut. */
const COLD_MINUTES_MIN = 30;
const COLD_BLOCK_MINUTES = 15;

/** Without history: the busiest quarter of an hour of the older half of the window; `null`: too little of it. */
export function usualInWindow(counts: Series): Usual | null {
  const to = Math.floor(counts.length / 2);
  if (to < COLD_MINUTES_MIN) return null;
  let most = 0;
  for (let from = 0; from + COLD_BLOCK_MINUTES <= to; from += COLD_BLOCK_MINUTES) {
    most = Math.max(most, sum(counts, from, from + COLD_BLOCK_MINUTES) / COLD_BLOCK_MINUTES);
  }
  return () => most;
}

/** Invocations a minute that are usual at the hour of each minute of the window; where history knows no such day, in its busiest hour. */
export function usualInvocations(baseline: FunctionBaseline, window: Window): Usual {
  if (!coversNow(baseline, window)) return () => baseline.invocationsMaximum / 60;
  const { startAt } = window;
  return (minute) => usualInHour(baseline, hourOf(startAt, minute)) / 60;
}

/**
 * Messages sent a minute that are usual at the hour of each minute: the queue's median hour, shaped by the rhythm of its
 * consumer, since the history of a queue has no hours of the day. Where history knows no such day, the busiest hour.
 */
export function usualSent(queue: QueueBaseline, fn: FunctionBaseline | undefined, window: Window): Usual {
  if (!coversNow(queue, window)) return () => queue.sentMaximum / 60;
  const { startAt } = window;
  return (minute) => {
    const inHour = fn === undefined ? Number.NaN : usualInHour(fn, hourOf(startAt, minute));
    const shape = inHour / (fn?.invocationsPerHour ?? 0);
    const shaped = Number.isFinite(shape) ? queue.sentPerHour * shape * SHAPE_SLACK : queue.sentMaximum;
    return Math.min(queue.sentMaximum, shaped) / 60;
  };
}

/** The rhythm of invocations is flatter than that of messages where batches fill (assumption). */
const SHAPE_SLACK = 1.25;

/** The busiest of the hour and its neighbours: rhythms move by an hour twice a year. */
function usualInHour(baseline: FunctionBaseline, hour: number): number {
  const { invocationsByHour, invocationsMaximum, hours } = baseline;
  let most = Number.NaN;
  for (let near = hour + 23; near <= hour + 25; near++) {
    const count = invocationsByHour[near % 24] as number;
    if (!(count <= most) && !Number.isNaN(count)) most = count;
  }
  // An hour of the day that history has not seen may be as busy as any, or busier.
  return Number.isNaN(most) ? invocationsMaximum * (hours < 24 ? 2 : 1) : most;
}

function hourOf(startAt: number, minute: number): number {
  return Math.floor((startAt + minute * MINUTE_MS) / HOUR_MS) % 24;
}
