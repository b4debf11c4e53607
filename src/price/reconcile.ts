import { DAY_MS, type EpochMs } from '../model/time.ts';

/** Lambda on one day (UTC): what the bill says, or what the metrics make of it. */
export interface LambdaDay {
  readonly startAt: EpochMs;
  readonly usd: number;
  readonly gbSeconds: number;
  readonly requests: number;
}

/** One line of a bill. */
export interface UsageLine {
  /** With or without a region's prefix. */
  readonly usageType: string;
  readonly usd: number;
  /** In the usage type's own unit. */
  readonly quantity: number;
}

/**
 * How firebreak's figures compare with the bill: billed divided by computed. `null`: nothing to divide by.
 * GB-seconds tell whether the use is seen in full (INIT is billed and not in Duration); dollars also show discounts.
 */
export interface Reconciliation {
  /** Days that were compared. */
  readonly days: number;
  readonly fromAt: EpochMs;
  /** End of the newest day. */
  readonly untilAt: EpochMs;
  readonly billedUsd: number;
  readonly computedUsd: number;
  readonly usdRatio: number | null;
  readonly gbSecondsRatio: number | null;
  readonly requestsRatio: number | null;
  /** AWS may still change some of the days. */
  readonly isEstimated: boolean;
}

/**
 * On-demand duration and requests: what `Duration` and `Invocations` can account for. Provisioned concurrency, storage
 * and the like have other usage types and are left out of both sides.
 * @see aws pricing, usage types of AWS Lambda (third-party extract of the price list, 2026)
 */
const DURATION = /(^|-)Lambda-GB-Second(-ARM)?$/;
const REQUESTS = /(^|-)Request(-ARM)?$/;

/** The on-demand Lambda part of a day's bill. */
export function billedLambdaDay(startAt: EpochMs, lines: readonly UsageLine[]): LambdaDay {
  const sum = (pattern: RegExp, field: 'usd' | 'quantity') =>
    lines.filter(({ usageType }) => pattern.test(usageType)).reduce((total, line) => total + line[field], 0);
  return {
    startAt,
    usd: sum(DURATION, 'usd') + sum(REQUESTS, 'usd'),
    gbSeconds: sum(DURATION, 'quantity'),
    requests: sum(REQUESTS, 'quantity'),
  };
}

/** Compares the days that both sides have; `null`: there is none. */
export function reconcile(input: {
  readonly billed: readonly (LambdaDay & { readonly isEstimated: boolean })[];
  readonly computed: readonly LambdaDay[];
}): Reconciliation | null {
  const computedByDay = new Map(input.computed.map((day) => [day.startAt, day]));
  const pairs = input.billed.flatMap((billed) => {
    const computed = computedByDay.get(billed.startAt);
    return computed === undefined ? [] : [{ billed, computed }];
  });
  const total = (side: 'billed' | 'computed', field: 'usd' | 'gbSeconds' | 'requests') =>
    pairs.reduce((sum, pair) => sum + pair[side][field], 0);
  const ratio = (field: 'usd' | 'gbSeconds' | 'requests') => {
    const computed = total('computed', field);
    return computed > 0 ? total('billed', field) / computed : null;
  };
  const starts = pairs.map(({ billed }) => billed.startAt);
  if (starts.length === 0) return null;
  return {
    days: pairs.length,
    fromAt: Math.min(...starts),
    untilAt: Math.max(...starts) + DAY_MS,
    billedUsd: total('billed', 'usd'),
    computedUsd: total('computed', 'usd'),
    usdRatio: ratio('usd'),
    gbSecondsRatio: ratio('gbSeconds'),
    requestsRatio: ratio('requests'),
    isEstimated: pairs.some(({ billed }) => billed.isEstimated),
  };
}
