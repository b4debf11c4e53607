import type { Series } from '../../src/model/window.ts';
import { sum } from '../../src/stats/series.ts';

/** Standard deviations of what comes anyway that are no sign of anything. */
export const DEVIATIONS = 3;

/** Minutes on either side that say what is usual at that time of the day. */
const NEAR_MINUTES = 30;
const NEAR_MINUTES_MIN = 5;
/** What is always possible, messages a minute. */
const USUAL_PER_MINUTE_MIN = 0.05;

/** First and last minute of the window. */
export interface Minutes {
  readonly from: number;
  readonly to: number;
}

/** So many more than usual as are looked for, and the least and the most that may be taken for them. */
interface More extends Minutes {
  readonly wanted: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Evidence in nats that some minutes have so many more than usual, negative where it says the opposite: a Poisson
 * log-likelihood ratio, divided by how much more than Poisson the counts vary, so that a burst says little where bursts are
 * usual. `apart`: minutes that do not say what is usual. 0 where it cannot be read, and never in favour of too few or too many.
 */
export function natsOfMore(
  counts: Series | undefined,
  apart: Uint8Array,
  { from, to, wanted, least, most }: More,
): number {
  if (counts === undefined) return 0;
  const near = usualOf(counts, apart, { from: from - NEAR_MINUTES, to: to + NEAR_MINUTES });
  if (near.minutes < NEAR_MINUTES_MIN) return 0;
  const { dispersion } = usualOf(counts, apart);
  const expected = (to - from + 1) * Math.max(USUAL_PER_MINUTE_MIN, near.mean);
  const count = sum(counts, from, Math.min(counts.length, to + 1));
  const nats = (count * Math.log(1 + wanted / expected) - wanted) / dispersion;
  const more = count - expected;
  const noise = DEVIATIONS * Math.sqrt(expected * dispersion);
  return more < least || more > most + noise ? Math.min(0, nats) : nats;
}

/** 1 in each minute of the window that belongs to a span, or is so few minutes before or after one. */
export function minutesOf(
  spans: readonly Minutes[],
  minutes: number,
  reach: { readonly before: number; readonly after: number },
): Uint8Array {
  const apart = new Uint8Array(minutes);
  for (const { from, to } of spans)
    apart.fill(1, Math.max(0, from - reach.before), Math.max(0, to + reach.after + 1));
  return apart;
}

interface Usual {
  readonly minutes: number;
  readonly mean: number;
  /** Variance over mean, at least 1, which is that of Poisson counts. */
  readonly dispersion: number;
}

/** What is usual in the whole window or in a part of it; minutes `apart` do not count. */
export function usualOf(counts: Series, apart: Uint8Array, part = { from: 0, to: counts.length - 1 }): Usual {
  let minutes = 0;
  let total = 0;
  let squares = 0;
  for (let i = Math.max(0, part.from); i <= Math.min(counts.length - 1, part.to); i++) {
    if (apart[i] === 1) continue;
    const count = counts[i] || 0;
    minutes++;
    total += count;
    squares += count * count;
  }
  const mean = minutes === 0 ? 0 : total / minutes;
  const variance = minutes === 0 ? 0 : squares / minutes - mean * mean;
  return { minutes, mean, dispersion: mean > 0 ? Math.max(1, variance / mean) : 1 };
}
