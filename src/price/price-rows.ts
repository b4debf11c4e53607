import { formatCount } from '../model/format.ts';
import { FLAT_PRICES, LAMBDA_FREE_TIER, SQS_FREE_REQUESTS } from './price-list.ts';
import { PRICE_SOURCES, type PriceSource } from './price-source.ts';
import type { RegionPrices, Tier } from './region-prices.ts';

/** One line of the price list as people read it. */
export interface PriceRow {
  readonly id: string;
  readonly item: string;
  readonly usd: number;
  readonly per: string;
  readonly source: PriceSource;
}

const MILLION = 1e6;
const ARCHITECTURES = [
  ['x86_64', 'x86'],
  ['arm64', 'arm'],
] as const;

/** Every price of a region, Lambda first, in the units AWS quotes. */
export function priceRows(prices: RegionPrices): readonly PriceRow[] {
  const { source } = prices;
  const row = (id: string, item: string, usd: number, per: string): PriceRow => ({
    id,
    item,
    usd,
    per,
    source,
  });
  const compute = ARCHITECTURES.flatMap(([architecture, short]) => {
    const rates = prices.compute[architecture];
    return [
      ...rates.durationTiers.map((tier, index) =>
        row(
          `lambda-${short}-duration-tier-${index + 1}`,
          `Lambda duration, ${architecture}, ${tierText(rates.durationTiers, index, 'GB-s a month')}`,
          tier.usd,
          'GB-second',
        ),
      ),
      row(
        `lambda-${short}-provisioned-configured`,
        `Provisioned concurrency kept, ${architecture}`,
        rates.provisionedConfiguredUsdPerGbSecond,
        'GB-second',
      ),
      row(
        `lambda-${short}-provisioned-duration`,
        `Duration on provisioned concurrency, ${architecture}`,
        rates.provisionedDurationUsdPerGbSecond,
        'GB-second',
      ),
    ];
  });
  const sqs = (['standard', 'fifo'] as const).flatMap((kind) =>
    prices.sqs[kind].map((tier, index) => ({
      ...row(
        `sqs-${kind}-tier-${index + 1}`,
        `SQS requests, ${kind === 'fifo' ? 'FIFO' : 'standard'}, ${tierText(prices.sqs[kind], index, 'a month')}`,
        tier.usd * MILLION,
        '1,000,000 requests',
      ),
      source: source.kind === 'aws' ? source : PRICE_SOURCES.sqsGuides,
    })),
  );
  return [
    ...compute,
    row('lambda-requests', 'Lambda requests', prices.usdPerRequest * MILLION, '1,000,000 requests'),
    row(
      'lambda-ephemeral-storage',
      'Ephemeral storage above 512 MB',
      prices.ephemeralStorageUsdPerGbSecond,
      'GB-second',
    ),
    ...sqs,
    {
      ...row('logs-ingestion', 'CloudWatch Logs ingestion', prices.logsIngestionUsdPerGb, 'GB'),
      source: PRICE_SOURCES.cloudWatchOffer,
    },
    ...Object.values(FLAT_PRICES).map((price) => ({ ...price, source: PRICE_SOURCES[price.source] })),
  ];
}

/** What is free each month, in words. */
export const FREE_TIER_TEXT = `free each month: ${formatCount(LAMBDA_FREE_TIER.requests)} Lambda requests, ${formatCount(LAMBDA_FREE_TIER.gbSeconds)} GB-s (both architectures together), ${formatCount(SQS_FREE_REQUESTS)} SQS requests`;

function tierText(tiers: readonly Tier[], index: number, unit: string): string {
  const from = tiers[index - 1]?.upTo;
  const upTo = tiers[index]?.upTo ?? Number.POSITIVE_INFINITY;
  if (from === undefined && !Number.isFinite(upTo)) return `any use ${unit}`;
  if (from === undefined) return `first ${billions(upTo)} ${unit}`;
  return Number.isFinite(upTo)
    ? `${billions(from)} to ${billions(upTo)} ${unit}`
    : `above ${billions(from)} ${unit}`;
}

function billions(amount: number): string {
  return amount >= 1e9 ? `${amount / 1e9} B` : `${amount / MILLION} M`;
}
