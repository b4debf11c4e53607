import type { Baselines } from '../model/baseline.ts';
import type { PricingOptions } from './lambda-price.ts';

/**
 * The contract with the month so far, which chooses the price tier: as it is set, else as the bill has it, else nothing, which is
 * the first tier.
 */
export function pricingOf(
  pricing: PricingOptions,
  { monthGbSeconds }: Pick<Baselines, 'monthGbSeconds'>,
): PricingOptions {
  return { ...pricing, monthToDateGbSeconds: pricing.monthToDateGbSeconds ?? monthGbSeconds };
}
