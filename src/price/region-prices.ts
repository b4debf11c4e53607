import type { Architecture } from '../model/inventory.ts';
import {
  ARM_PROVISIONED_SHARE,
  DURATION_TIER_SHARES,
  DURATION_TIERS,
  FLAT_PRICES,
  LAMBDA_ROWS,
  type LambdaRow,
  LOGS_INGESTION_USD_PER_GB,
  REGIONS_WITHOUT_PRICE,
  SQS_SOURCED_REGIONS,
  SQS_TIERS,
  type TierRow,
} from './price-list.ts';
import { PRICE_SOURCES, type PriceSource } from './price-source.ts';

/** A step of a tiered price, dollars per single unit. It holds for monthly use below `upTo`. */
export interface Tier {
  readonly upTo: number;
  readonly usd: number;
}

/** Duration prices of one architecture. 1 GB = 1,024 MB. */
interface ComputePrices {
  /** On-demand duration, dollars per GB-second, by GB-seconds used in the month. */
  readonly durationTiers: readonly Tier[];
  /** Keeping provisioned concurrency, used or not, dollars per GB-second. */
  readonly provisionedConfiguredUsdPerGbSecond: number;
  /** Duration on provisioned concurrency, dollars per GB-second. */
  readonly provisionedDurationUsdPerGbSecond: number;
}

/** Everything firebreak prices in one region. All dollars are per single unit. */
export interface RegionPrices {
  readonly region: string;
  /** The Lambda rates are those of us-east-1 because none are known for this region. */
  readonly estimated: boolean;
  /** Why, in words; `null` where they are known. */
  readonly estimatedReason: string | null;
  /** Smaller gaps that were filled, a sentence each. */
  readonly assumptions: readonly string[];
  readonly source: PriceSource;
  readonly compute: Readonly<Record<Architecture, ComputePrices>>;
  readonly usdPerRequest: number;
  /** Per GB-second above 512 MB. */
  readonly ephemeralStorageUsdPerGbSecond: number;
  readonly provisionedPollerUsdPerHour: number;
  readonly sqs: Readonly<Record<'standard' | 'fifo', readonly Tier[]>>;
  readonly logsIngestionUsdPerGb: number;
}

const PER_MILLION = 1e-6;
const HOME = 'us-east-1';

/** Prices of a region; those of us-east-1, flagged `estimated` with the reason, where none are known. */
export function pricesFor(region: string): RegionPrices {
  const known = built.get(region);
  if (known !== undefined) return known;
  const prices = lookUp(region);
  built.set(region, prices);
  return prices;
}

/** Prices never change while a process runs; building them for each of a million calls would. */
const built = new Map<string, RegionPrices>();

function lookUp(region: string): RegionPrices {
  const row = rowOf(region);
  const home = rowOf(HOME);
  if (home === undefined) throw new Error('the price list has no us-east-1 row');
  const estimatedReason = row === undefined ? reasonFor(region) : null;
  return build({ region, row: row ?? home, home, estimatedReason });
}

/** Regions with a price of their own. */
export function pricedRegions(): readonly string[] {
  return LAMBDA_ROWS.map(([region]) => region);
}

function rowOf(region: string): LambdaRow | undefined {
  return LAMBDA_ROWS.find(([name]) => name === region);
}

function reasonFor(region: string): string {
  if (region.startsWith('cn-')) {
    return `${region} is billed in CNY by its operators; us-east-1 rates in USD stand in`;
  }
  const known = (REGIONS_WITHOUT_PRICE as readonly string[]).includes(region);
  return known
    ? `no published Lambda price was found for ${region}; us-east-1 rates stand in`
    : `${region} is not in the price list; us-east-1 rates stand in`;
}

interface BuildInput {
  readonly region: string;
  readonly row: LambdaRow;
  readonly home: LambdaRow;
  readonly estimatedReason: string | null;
}

function build({ region, row, home, estimatedReason }: BuildInput): RegionPrices {
  const [, x86, arm, request, storage, configured, duration, source] = row;
  const [, , , , homeStorage, homeConfigured, homeDuration] = home;
  const configuredRate = (configured ?? homeConfigured ?? 0) * PER_MILLION;
  const durationRate = (duration ?? homeDuration ?? 0) * PER_MILLION;
  return {
    region,
    estimated: estimatedReason !== null,
    estimatedReason,
    assumptions: assumptionsFor(region, row),
    source: PRICE_SOURCES[estimatedReason === null ? source : 'assumed'],
    compute: {
      x86_64: {
        durationTiers: durationTiers('x86_64', x86),
        provisionedConfiguredUsdPerGbSecond: configuredRate,
        provisionedDurationUsdPerGbSecond: durationRate,
      },
      arm64: {
        durationTiers: durationTiers('arm64', arm),
        provisionedConfiguredUsdPerGbSecond: asQuoted(configuredRate * ARM_PROVISIONED_SHARE),
        provisionedDurationUsdPerGbSecond: asQuoted(durationRate * ARM_PROVISIONED_SHARE),
      },
    },
    usdPerRequest: request * PER_MILLION,
    ephemeralStorageUsdPerGbSecond: (storage ?? homeStorage ?? 0) * PER_MILLION,
    provisionedPollerUsdPerHour: FLAT_PRICES.provisionedPoller.usd,
    sqs: { standard: perUnit(SQS_TIERS.standard), fifo: perUnit(SQS_TIERS.fifo) },
    logsIngestionUsdPerGb: LOGS_INGESTION_USD_PER_GB.get(region) ?? LOGS_INGESTION_USD_PER_GB.get(HOME) ?? 0,
  };
}

/** The published tiers where the first is us-east-1's; elsewhere its -10 % and -20 % steps from the region's first. */
function durationTiers(architecture: Architecture, firstUsdPerMillion: number): readonly Tier[] {
  const home = DURATION_TIERS[architecture];
  if (home[0]?.usdPerMillion === firstUsdPerMillion) return perUnit(home);
  return home.map(({ upTo }, index) => ({
    upTo,
    usd: asQuoted(firstUsdPerMillion * (DURATION_TIER_SHARES[index] ?? 1) * PER_MILLION),
  }));
}

/** AWS quotes prices of a GB-second with ten decimals. */
function asQuoted(usd: number): number {
  return Math.round(usd * 1e10) / 1e10;
}

function perUnit(rows: readonly TierRow[]): readonly Tier[] {
  return rows.map(({ upTo, usdPerMillion }) => ({ upTo, usd: usdPerMillion * PER_MILLION }));
}

function assumptionsFor(region: string, row: LambdaRow): readonly string[] {
  const list: string[] = [];
  if (region !== HOME) list.push('duration tiers 2 and 3 are 10 % and 20 % below the first, as in us-east-1');
  if (row[4] === null) list.push('ephemeral storage and provisioned concurrency: us-east-1 rates');
  if (!SQS_SOURCED_REGIONS.includes(region)) list.push('SQS: us-east-1 rates');
  if (!LOGS_INGESTION_USD_PER_GB.has(region)) list.push('CloudWatch Logs: us-east-1 rate');
  return list;
}
