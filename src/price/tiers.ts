import type { Tier } from './region-prices.ts';

/** The price of the next unit once `used` units were used in the month. */
export function tierRate(tiers: readonly Tier[], used: number): number {
  const tier = tiers.find(({ upTo }) => used < upTo) ?? tiers.at(-1);
  return tier?.usd ?? 0;
}

/** The price of `amount` units after `from` units in the month, each part at the rate of its tier. */
export function tieredUsd(
  tiers: readonly Tier[],
  use: { readonly from: number; readonly amount: number },
): number {
  const end = use.from + use.amount;
  let start = use.from;
  let usd = 0;
  for (const tier of tiers) {
    if (start >= end) break;
    if (tier.upTo <= start) continue;
    const stop = Math.min(end, tier.upTo);
    // A use within one tier is multiplied as given: end - from would lose small amounts beside a large month.
    usd += (stop === end && start === use.from ? use.amount : stop - start) * tier.usd;
    start = stop;
  }
  return usd;
}
