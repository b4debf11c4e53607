import type { Architecture } from '../model/inventory.ts';
import { FREE_EPHEMERAL_STORAGE_MB, LAMBDA_FREE_TIER } from './price-list.ts';
import type { RegionPrices, Tier } from './region-prices.ts';
import { tieredUsd, tierRate } from './tiers.ts';

export { pricedRegions, pricesFor, type RegionPrices } from './region-prices.ts';

/** What the account's contract and month change about a price; the `pricing` section of the configuration is one. */
export interface PricingOptions {
  /** GB-seconds the account has used this month in the region, of each architecture: chooses the tier. Default 0. */
  readonly monthToDateGbSeconds?: number | Readonly<Record<Architecture, number>> | undefined;
  /** Compute Savings Plan discount on duration and provisioned concurrency, 0..1; requests are not discounted. Default 0. */
  readonly savingsPlanDiscount?: number | undefined;
  /** Apply the always-free 400,000 GB-seconds and 1,000,000 requests a month. Default false: an alarm must not hide behind it. */
  readonly freeTier?: boolean | undefined;
}

interface Rate extends PricingOptions {
  readonly prices: RegionPrices;
  readonly architecture: Architecture;
}

/** GB-seconds of a duration: memory in GB (of 1,024 MB) times seconds. */
export function gbSeconds(use: { readonly memoryMB: number; readonly durationMs: number }): number {
  return (use.memoryMB / 1024) * (use.durationMs / 1000);
}

/** Dollars that the next GB-second of on-demand duration costs. */
export function usdPerGbSecond(rate: Rate): number {
  return tierRate(durationTiers(rate), usedGbSeconds(rate)) * (1 - (rate.savingsPlanDiscount ?? 0));
}

/** Dollars of an amount of on-demand duration, across the tiers it passes through. */
export function durationUsd(use: Rate & { readonly gbSeconds: number }): number {
  const from = usedGbSeconds(use);
  const usd = tieredUsd(durationTiers(use), { from, amount: use.gbSeconds });
  return usd * (1 - (use.savingsPlanDiscount ?? 0));
}

function usedGbSeconds({ monthToDateGbSeconds: used = 0, architecture }: Rate): number {
  return typeof used === 'number' ? used : used[architecture];
}

/** The free part, where it applies, is a first tier at no price. */
function durationTiers({ prices, architecture, freeTier }: Rate): readonly Tier[] {
  const tiers = prices.compute[architecture].durationTiers;
  return freeTier === true ? [{ upTo: LAMBDA_FREE_TIER.gbSeconds, usd: 0 }, ...tiers] : tiers;
}

/** GB-seconds of storage that are billed: what is above 512 MB. */
export function billedStorageGbSeconds(use: {
  readonly ephemeralStorageMB: number;
  readonly durationMs: number;
}): number {
  const billedMB = Math.max(0, use.ephemeralStorageMB - FREE_EPHEMERAL_STORAGE_MB);
  return gbSeconds({ memoryMB: billedMB, durationMs: use.durationMs });
}

export interface LambdaUse extends Rate {
  readonly memoryMB: number;
  /** Default 512: nothing is billed. */
  readonly ephemeralStorageMB?: number | undefined;
  /** Billed duration of all invocations together, ms. */
  readonly durationMs: number;
  /** Requests: billed invocations. */
  readonly invocations: number;
}

/** Dollars of some invocations of an on-demand function: duration, requests and storage. */
export function lambdaUsd(use: LambdaUse): number {
  const { prices, durationMs, memoryMB } = use;
  const storage = billedStorageGbSeconds({
    ephemeralStorageMB: use.ephemeralStorageMB ?? FREE_EPHEMERAL_STORAGE_MB,
    durationMs,
  });
  return (
    durationUsd({ ...use, gbSeconds: gbSeconds({ memoryMB, durationMs }) }) +
    use.invocations * prices.usdPerRequest +
    storage * prices.ephemeralStorageUsdPerGbSecond
  );
}

/** Dollars of one invocation. */
export function invocationUsd(use: Omit<LambdaUse, 'invocations'>): number {
  return lambdaUsd({ ...use, invocations: 1 });
}

/** Dollars an hour while this many invocations run at every moment: duration and storage, requests left out. */
export function concurrencyUsdPerHour(
  use: Omit<LambdaUse, 'invocations' | 'durationMs'> & { readonly concurrency: number },
): number {
  return lambdaUsd({ ...use, durationMs: use.concurrency * 3_600_000, invocations: 0 });
}

/** Dollars of keeping provisioned concurrency configured, used or idle. */
export function provisionedConfiguredUsd(
  use: Rate & { readonly memoryMB: number; readonly executions: number; readonly seconds: number },
): number {
  const rate = use.prices.compute[use.architecture].provisionedConfiguredUsdPerGbSecond;
  const amount = gbSeconds({ memoryMB: use.memoryMB, durationMs: use.seconds * 1000 }) * use.executions;
  return amount * rate * (1 - (use.savingsPlanDiscount ?? 0));
}

/** Dollars of invocations that ran on provisioned concurrency: a lower duration rate; the free tier does not apply. */
export function provisionedInvocationsUsd(use: LambdaUse): number {
  const rate = use.prices.compute[use.architecture].provisionedDurationUsdPerGbSecond;
  const duration = gbSeconds(use) * rate * (1 - (use.savingsPlanDiscount ?? 0));
  return duration + lambdaUsd({ ...use, memoryMB: 0 });
}

export { sqsRequestUsd } from './sqs-price.ts';
