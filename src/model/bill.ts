import type { Architecture } from './inventory.ts';
import type { EpochMs } from './time.ts';

/**
 * How firebreak's own dollars for a usage type compare with the bill of the same days. It is shown beside estimates, and
 * never multiplied into them.
 */
export interface Calibration {
  /** Without a region's prefix, e.g. `Lambda-GB-Second-ARM`; `all`: everything that both sides have. */
  readonly usageType: string;
  readonly billedUsd: number;
  readonly computedUsd: number;
  /**
   * Billed GB-seconds or requests divided by computed ones: whether the use is seen in full, whatever it costs (INIT is billed
   * and in no metric). `null` for `all`.
   */
  readonly quantityRatio: number | null;
  /** Whole days that were compared, and the end of the newest. */
  readonly days: number;
  readonly untilAt: EpochMs;
  /** AWS may still change some of the days. */
  readonly isEstimated: boolean;
}

/** One function's part in a rise, from firebreak's own estimates. */
export interface Riser {
  readonly functionName: string;
  /** Dollars of that day, and what is usual for it. */
  readonly usd: number;
  readonly usualUsd: number;
}

/** A day on which something cost much more than is usual for such a day. */
export interface DailyAnomaly {
  /** Start of the day, UTC. */
  readonly dayAt: EpochMs;
  readonly service: string;
  /** `null`: the service as a whole. */
  readonly usageType: string | null;
  readonly usd: number;
  readonly usualUsd: number;
  /** Functions whose own estimates rose with it, the largest first; empty where none did. */
  readonly functions: readonly Riser[];
}

/** Dollars of another service that move with a function's invocations. */
export interface DownstreamSuggestion {
  readonly functionName: string;
  readonly service: string;
  readonly usdPerInvocation: number;
  /** 95 % interval of the same. */
  readonly low: number;
  readonly high: number;
  /** Days that it rests on. */
  readonly days: number;
  /** Share of the service's daily changes that it explains, 0..1. */
  readonly explained: number;
  /** Functions that move so much alike that it could as well be them. */
  readonly alternatives: readonly string[];
}

/** GB-seconds by architecture: AWS sums them, and prices them in tiers, apart. */
export type MonthGbSeconds = Readonly<Record<Architecture, number>>;

/** What the daily look at the bill leaves behind. */
export interface BillNote {
  readonly readAt: EpochMs;
  /** End of the newest day that is complete. */
  readonly untilAt: EpochMs;
  /** Start of the month that `readAt` is in. */
  readonly monthStartAt: EpochMs;
  /** Lambda and SQS on the bill from there to `untilAt`. */
  readonly monthUsd: number;
  /** On-demand GB-seconds on the bill of the same span, which choose the price tier. Absent: kept by an older version. */
  readonly monthGbSeconds?: MonthGbSeconds;
  /** firebreak's own estimates of the same span for budgets that a bill does not know: tags and functions. */
  readonly budgets: readonly { readonly name: string; readonly usd: number }[];
  readonly calibration: readonly Calibration[];
  readonly anomalies: readonly DailyAnomaly[];
  readonly downstream: readonly DownstreamSuggestion[];
}
