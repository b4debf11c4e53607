import type { PriceSource } from './price-source.ts';
import type { RegionPrices, Tier } from './region-prices.ts';

/** The prices that AWS's Price List API gives for a region; each is dollars per unit, by tier. */
const LIVE_RATE_IDS = [
  'x86-duration',
  'arm-duration',
  'requests',
  'ephemeral-storage',
  'x86-provisioned-configured',
  'arm-provisioned-configured',
  'x86-provisioned-duration',
  'arm-provisioned-duration',
  'sqs-standard',
  'sqs-fifo',
] as const;
export type LiveRateId = (typeof LIVE_RATE_IDS)[number];

export type LiveRates = ReadonlyMap<LiveRateId, readonly Tier[]>;

/** Without these two nothing can be priced: an answer that lacks them is no price list. */
export const REQUIRED_LIVE_RATES = ['x86-duration', 'requests'] as const satisfies readonly LiveRateId[];

/** Bundled prices with what AWS says now laid over them; what AWS did not answer stays bundled and is named. */
export function overlayLiveRates(input: {
  readonly base: RegionPrices;
  readonly live: LiveRates;
  readonly source: PriceSource;
}): RegionPrices {
  const { base, live, source } = input;
  const { x86_64, arm64 } = base.compute;
  const tiers = (id: LiveRateId, bundled: readonly Tier[]) => live.get(id) ?? bundled;
  const rate = (id: LiveRateId, bundled: number) => live.get(id)?.[0]?.usd ?? bundled;
  return {
    ...base,
    estimated: false,
    estimatedReason: null,
    source,
    assumptions: keptFromBundle(live),
    compute: {
      x86_64: {
        durationTiers: tiers('x86-duration', x86_64.durationTiers),
        provisionedConfiguredUsdPerGbSecond: rate(
          'x86-provisioned-configured',
          x86_64.provisionedConfiguredUsdPerGbSecond,
        ),
        provisionedDurationUsdPerGbSecond: rate(
          'x86-provisioned-duration',
          x86_64.provisionedDurationUsdPerGbSecond,
        ),
      },
      arm64: {
        durationTiers: tiers('arm-duration', arm64.durationTiers),
        provisionedConfiguredUsdPerGbSecond: rate(
          'arm-provisioned-configured',
          arm64.provisionedConfiguredUsdPerGbSecond,
        ),
        provisionedDurationUsdPerGbSecond: rate(
          'arm-provisioned-duration',
          arm64.provisionedDurationUsdPerGbSecond,
        ),
      },
    },
    usdPerRequest: rate('requests', base.usdPerRequest),
    ephemeralStorageUsdPerGbSecond: rate('ephemeral-storage', base.ephemeralStorageUsdPerGbSecond),
    sqs: { standard: tiers('sqs-standard', base.sqs.standard), fifo: tiers('sqs-fifo', base.sqs.fifo) },
  };
}

function keptFromBundle(live: LiveRates): readonly string[] {
  const missing = LIVE_RATE_IDS.filter((id) => !live.has(id));
  const always = 'CloudWatch Logs and event pollers: bundled rates';
  return missing.length === 0
    ? [always]
    : [`not in the answer, bundled rates kept: ${missing.join(', ')}`, always];
}
