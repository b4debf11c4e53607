import type { Series } from '../../src/model/window.ts';
import { NATS_TO_OPEN } from '../../src/stats/sequential.ts';
import { sum } from '../../src/stats/series.ts';

/** Largest number of copies that is looked for. */
const COPIES_MAX = 500;

/** Share of minutes in which copies may be counted in the next one, or something else arrives too. */
const MISFIT_SHARE = 0.1;

/** What is sent in clumps varies by whole clumps; a schedule that sends as many each minute does not. */
const VARIATION_SHARE_MIN = 1 / 3;
const MINUTES_MIN = 5;

/**
 * How many copies of each message arrive: the counts of nearly all minutes are multiples of it, and vary by as much.
 * Independent arrivals are so in one minute of k. 1: nothing says that there are copies.
 */
export function copiesOf(
  counts: Series,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const minutes = counts.subarray(from, to).filter((count) => count > 0);
  if (minutes.length < MINUTES_MIN) return 1;
  const mean = sum(minutes) / minutes.length;
  const variance = minutes.reduce((total, count) => total + (count - mean) ** 2, 0) / (minutes.length - 1);
  const largest = Math.min(COPIES_MAX, variance / mean / VARIATION_SHARE_MIN);
  let best = 1;
  // One of so many numbers fits by chance sooner than a given one.
  let most = NATS_TO_OPEN + Math.log(COPIES_MAX);
  for (let copies = 2; copies <= largest; copies++) {
    const nats = minutes.reduce((total, count) => total + natsOf(count, copies), 0);
    if (nats >= most) {
      most = nats;
      best = copies;
    }
  }
  return best;
}

/** Log-likelihood ratio of a minute's count: so many copies of each, against arrivals of independent origin. */
function natsOf(count: number, copies: number): number {
  const byChance = 1 / copies;
  return count % copies === 0
    ? Math.log((1 - MISFIT_SHARE) / byChance)
    : Math.log(MISFIT_SHARE / (1 - byChance));
}
