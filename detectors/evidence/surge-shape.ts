import type { QueueSeries, Series } from '../../src/model/window.ts';
import { isDoubling } from './doubling.ts';
import { copiesOf } from './multiples.ts';
import { OVERLAP, repetitionOf } from './repetition.ts';
import type { Surge } from './surge.ts';

/**
 * What the counts of a surge say about where it comes from.
 * - `circulating`: far more regular than arrivals can be, and more each time: the same messages come round again.
 * - `regular`: as regular, and no more each time: a schedule, or the same messages.
 * - `lock-step`: there is a backlog, and still what arrives follows what is finished: the consumer sends it.
 * - `multiplied`: it comes in clumps as large as the surge: each unit of work now makes many.
 * - `doubling`: twice as much within minutes, again and again: work that makes work, for all that can be said.
 * - `plain`: single arrivals, only more of them: real traffic, for all that can be said.
 */
export type SurgeShape = 'circulating' | 'regular' | 'lock-step' | 'multiplied' | 'doubling' | 'plain';

/** Newest minutes that are looked at, and how many of the surge there must be. */
const SHAPE_MINUTES = 60;
const MINUTES_MIN = 6;
const CLUMP_MINUTES_MIN = 15;
/** Fewer have no shape. */
export const EVENTS_MIN = 25;

/**
 * Arrivals of independent origin have a variance as large as their mean (dispersion 1), at any rate. Clumps of k have k;
 * messages that come round have next to none.
 */
export function shapeOf(counts: Series, surge: Surge, queue: QueueSeries | undefined): SurgeShape {
  const to = surge.lastMinute + 1;
  // The steps at its beginning and end are no part of its texture.
  const from = Math.max(surge.onsetMinute + 2, to - SHAPE_MINUTES);
  const minutes = to - from;
  const factor = surge.perMinute / surge.usualPerMinute;
  if (factor < FACTOR_MIN || minutes < MINUTES_MIN || surge.perMinute * minutes < EVENTS_MIN) return 'plain';
  const before = { from: Math.max(0, surge.onsetMinute - SHAPE_MINUTES), to: surge.onsetMinute - 1 };
  const { onsetMinute, usualPerMinute } = surge;
  const start = onsetMinute + 2;
  const repetition = repetitionOf(counts, { from: start, to, usualPerMinute });
  if (repetition === 'growing') return 'circulating';
  if (queue !== undefined && isLockStep(counts, queue, { from, to })) return 'lock-step';
  if (repetition === 'constant') return 'regular';
  const usual = clumping(counts, before)?.size ?? 1;
  // A rate that wavers by a tenth adds to the dispersion in proportion to itself.
  const wavering = 1 + (Math.max(1, usual) - 1) * factor;
  const explained = Math.max(CLUMP_MIN, CLUMP_SHARE * factor, CLUMP_RISE * usual, wavering);
  const copies = copiesOf(counts, { from: Math.max(start, to - SHAPE_MINUTES), to });
  if (copies >= COPIES_SHARE * factor && copies >= CLUMP_RISE * usual) return 'multiplied';
  // Small clumps take long to be told from chance. Once they have been, they are that until the surge is over.
  for (let end = to; end - start >= CLUMP_MINUTES_MIN; end -= CLUMP_LOOK_MINUTES) {
    if (sizeAtLeast(counts, { from: start, to: end }) > explained) return 'multiplied';
  }
  return isDoubling(counts, { from: onsetMinute, to }) ? 'doubling' : 'plain';
}

/** Rhythms and noise make this much of the usual. */
const FACTOR_MIN = 2.5;

/** Clumps of fewer than this are within chance, and within what batches do. */
const CLUMP_MIN = 2;
/** Share of the surge that copies must explain: what is usual is known about so well. */
const COPIES_SHARE = 2 / 3;
/** Share of the surge that its clumps must explain, and how much larger they must be than before. */
const CLUMP_SHARE = 0.25;
const CLUMP_RISE = 2;
/** Standard errors by which the estimate of their size is lowered: small clumps take longer to be sure of. */
const CLUMP_ERRORS = 1.5;
const CLUMP_LOOK_MINUTES = 5;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Differences of minutes next to each other, so that a slow change of the rate does not count. */
function differences(counts: Series, { from, to }: Span) {
  let squares = 0;
  let largest = 0;
  let second = 0;
  let total = 0;
  let pairs = 0;
  for (let i = from + 1; i < to; i++) {
    const now = counts[i] as number;
    const then = counts[i - 1] as number;
    if (Number.isNaN(now) || Number.isNaN(then)) continue;
    const square = (now - then) ** 2;
    if (square > largest) {
      second = largest;
      largest = square;
    } else if (square > second) second = square;
    squares += square;
    total += now + then;
    pairs++;
  }
  return { squares, steps: largest + second, total, pairs };
}

/** Variance over mean, the steps up and down left out: about the size of the clumps. `null`: too little to say. */
function clumping(counts: Series, span: Span): { readonly size: number; readonly pairs: number } | null {
  const { squares, steps, total, pairs } = differences(counts, span);
  if (pairs < CLUMP_MINUTES_MIN - 1 || total < EVENTS_MIN) return null;
  // The largest of n squared normal differences is about 2 ln n - ln ln n - 0.4 times their mean, the second 1.5 less.
  const largest = 2 * Math.log(pairs) - Math.log(Math.log(pairs)) - 0.4;
  return { size: ((squares - steps) / total) * (pairs / (pairs - 2 * largest + 1.5)), pairs };
}

/** Lower bound of the size of the clumps; 0: too little to say. */
function sizeAtLeast(counts: Series, span: Span): number {
  const clump = clumping(counts, span);
  return clump === null
    ? 0
    : clump.size * Math.max(0, 1 - CLUMP_ERRORS * Math.sqrt((2 * OVERLAP) / clump.pairs));
}

/** Minutes of work that must be waiting for arrivals to be independent of what is finished. */
const BACKLOG_MINUTES = 1;

/** Residual dispersion that following the finished work must leave at the most. */
const RESIDUAL_MAX = 0.5;
/** Standard errors by which the two must go together (Student's t of a correlation). */
const CORRELATION_ERRORS = 3;

/**
 * With a backlog, the consumer works at its own pace, which no producer knows. Sent that still follows Deleted, and misses
 * it by less than chance, is sent by the consumer.
 */
export function isLockStep(sent: Series, { deleted, visible }: QueueSeries, { from, to }: Span): boolean {
  if (deleted === undefined || visible === undefined) return false;
  let products = 0;
  let squares = 0;
  let total = 0;
  let pairs = 0;
  const isUsable = (i: number) =>
    (visible[i] as number) > BACKLOG_MINUTES * (deleted[i] as number) && (sent[i] as number) >= 0;
  for (let i = from; i < to; i++) {
    if (!isUsable(i)) continue;
    products += (sent[i] as number) * (deleted[i] as number);
    squares += (deleted[i] as number) ** 2;
    total += sent[i] as number;
    pairs++;
  }
  if (pairs < MINUTES_MIN || squares === 0) return false;
  const perDeleted = products / squares;
  const mean = total / pairs;
  let unexplained = 0;
  let variance = 0;
  for (let i = from; i < to; i++) {
    if (!isUsable(i)) continue;
    unexplained += ((sent[i] as number) - perDeleted * (deleted[i] as number)) ** 2;
    variance += ((sent[i] as number) - mean) ** 2;
  }
  const freedom = pairs - 2;
  const mostUnexplained = freedom / (freedom + CORRELATION_ERRORS ** 2);
  return unexplained < RESIDUAL_MAX * total && unexplained < mostUnexplained * variance;
}
