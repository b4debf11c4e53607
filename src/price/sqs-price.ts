import { SQS_FREE_REQUESTS } from './price-list.ts';
import type { RegionPrices } from './region-prices.ts';
import { tieredUsd } from './tiers.ts';

/** SQS bills each API call as one request per 64 KB of payload, empty receives too (SQS pricing guides, 2026). */
interface SqsUse {
  readonly prices: RegionPrices;
  readonly fifo: boolean;
  readonly requests: number;
  /** Requests used this month before these: chooses the tier. Default 0. */
  readonly monthToDateRequests?: number | undefined;
  /** Apply the 1,000,000 free requests a month. Default false. */
  readonly freeTier?: boolean | undefined;
}

/** Dollars of some SQS requests. */
export function sqsRequestUsd(use: SqsUse): number {
  const tiers = use.prices.sqs[use.fifo ? 'fifo' : 'standard'];
  const all = use.freeTier === true ? [{ upTo: SQS_FREE_REQUESTS, usd: 0 }, ...tiers] : tiers;
  return tieredUsd(all, { from: use.monthToDateRequests ?? 0, amount: use.requests });
}
