import type { Series } from '../../src/model/window.ts';
import { sum } from '../../src/stats/series.ts';

/**
 * Counts that repeat, lap after lap, more exactly than independent arrivals can.
 * - `growing`: and each lap there are more of them: what arrives joins what comes round. No schedule does that.
 * - `constant`: a schedule that is new or sends more, or messages that come round and are joined by none: in counts they look
 *   the same.
 */
export type Repetition = 'growing' | 'constant';

/** Minutes after which a message comes round, or a schedule, at the most. */
const LAP_MINUTES_MAX = 60;

/** Newest minutes that are looked at, and newest laps where those take longer. */
const TEXTURE_MINUTES = 60;
const TEXTURE_LAPS = 3;

/** What repeats from `from` on, at the usual arrivals a minute; `null`: nothing does. */
export function repetitionOf(
  counts: Series,
  {
    from,
    to,
    usualPerMinute,
  }: { readonly from: number; readonly to: number; readonly usualPerMinute: number },
): Repetition | null {
  let isConstant = false;
  for (let lap = 1; lap <= LAP_MINUTES_MAX; lap++) {
    const newest = { from: Math.max(from, to - Math.max(TEXTURE_MINUTES, TEXTURE_LAPS * lap)), to };
    if (!isTooExact(counts, newest, lap)) continue;
    if (isGrowing(counts, { from, to }, { lap, usualPerMinute })) return 'growing';
    isConstant = true;
  }
  return isConstant ? 'constant' : null;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Deviates of the normal distribution below which hardly anything is chance: one look in thirty thousand. Growth must be seen
 * besides, or half an hour of it.
 */
const DEVIATES_BELOW = 4;
/** A minute is in two differences: as many independent ones are worth two thirds of them. */
export const OVERLAP = 1.5;

/**
 * Whether each minute follows from the one a lap before more exactly than chance allows: as a part or a multiple of it, and
 * what joins. The variance of a count is its mean; that of the minute before counts as often as it is taken.
 */
function isTooExact(counts: Series, span: Span, lap: number): boolean {
  const { ratio, joining } = lawOf(counts, span, lap);
  let deviation = 0;
  let total = 0;
  let pairs = 0;
  for (let i = span.from + lap; i < span.to; i++) {
    const now = counts[i] as number;
    const then = counts[i - lap] as number;
    if (Number.isNaN(now) || Number.isNaN(then)) continue;
    const expected = ratio * then + joining;
    deviation += (now - expected) ** 2 / Math.max(1, expected + ratio ** 2 * then);
    total += now + then;
    pairs++;
  }
  return deviation < Math.min(0.5, leastDispersion(Math.min(pairs, total / 2) / OVERLAP)) * pairs;
}

/** The straight line through minutes and those a lap before, each weighted by what chance makes of it. */
function lawOf(
  counts: Series,
  { from, to }: Span,
  lap: number,
): { readonly ratio: number; readonly joining: number } {
  let weights = 0;
  let nows = 0;
  let thens = 0;
  let products = 0;
  let squares = 0;
  for (let i = from + lap; i < to; i++) {
    const now = counts[i] as number;
    const then = counts[i - lap] as number;
    if (Number.isNaN(now) || Number.isNaN(then)) continue;
    const weight = 1 / Math.max(1, now + then);
    weights += weight;
    nows += weight * now;
    thens += weight * then;
    products += weight * now * then;
    squares += weight * then ** 2;
  }
  const spread = weights * squares - thens ** 2;
  // All the same: it is a schedule that sends as much each minute.
  const ratio = spread > 0 ? Math.max(0, (weights * products - nows * thens) / spread) : 1;
  return { ratio, joining: weights > 0 ? (nows - ratio * thens) / weights : 0 };
}

/** Lower bound of chi-square over its degrees of freedom (Wilson and Hilferty, 1931). */
function leastDispersion(freedom: number): number {
  const variance = 2 / (9 * freedom);
  return Math.max(0, 1 - variance - DEVIATES_BELOW * Math.sqrt(variance)) ** 3;
}

/** Minutes in a step: single messages that slip from one minute to the next are no change. */
const STEP_MINUTES = 5;
/** A schedule that is changed grows once, and seems to in two steps where it is changed within one. */
const STEPS_OF_A_CHANGE = 2;

/**
 * Whether there are more and more, all along: more than what is usual at all, and by more steps than a change of a schedule
 * has, or chance.
 */
function isGrowing(
  counts: Series,
  { from, to }: Span,
  { lap, usualPerMinute }: { readonly lap: number; readonly usualPerMinute: number },
): boolean {
  const each = lap * Math.ceil(STEP_MINUTES / lap);
  let last = Number.NaN;
  let first = Number.NaN;
  let largest = 0;
  for (let end = to - each * Math.floor((to - from) / each) + each; end <= to; end += each) {
    const minutes = counts.subarray(end - each, end);
    if (minutes.some(Number.isNaN)) continue;
    const inStep = sum(minutes);
    if (Number.isNaN(first)) first = inStep;
    else largest = Math.max(largest, Math.abs(inStep - last));
    last = inStep;
  }
  const growth = last - first;
  return growth > usualPerMinute * each && growth > STEPS_OF_A_CHANGE * largest;
}
