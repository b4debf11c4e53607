import type { Architecture } from '../model/inventory.ts';
import { durationUsd, gbSeconds, type PricingOptions, type RegionPrices } from './lambda-price.ts';

/**
 * INIT is billed for every on-demand function since 2025-08-01 (AWS Compute Blog, 2025-04-29), and no CloudWatch
 * metric carries it: Duration leaves it out. Only REPORT log lines tell; without them it is assumed.
 */
export const INIT_ASSUMPTION = {
  /** AWS: "typically less than 1 % of invocations" (same post); the upper end. */
  coldStartShare: 0.01,
  /** Between a small Node.js bundle (200 ms) and one of 16 MB (650 ms) in public measurements; an assumption. */
  initMs: 400,
} as const;

/** Cold starts and how long each one initialises, as measured from REPORT lines. */
export interface MeasuredInit {
  readonly coldStarts: number;
  readonly averageInitMs: number;
}

export interface InitEstimate {
  readonly usd: number;
  readonly coldStarts: number;
  readonly averageInitMs: number;
  /** How the figure came about; to be shown with it. */
  readonly basis: string;
}

/** Dollars of INIT for some invocations: measured where given, otherwise an estimate from assumed cold starts. */
export function initUsd(
  use: PricingOptions & {
    readonly prices: RegionPrices;
    readonly architecture: Architecture;
    readonly memoryMB: number;
    readonly invocations: number;
    readonly measured?: MeasuredInit | undefined;
  },
): InitEstimate {
  const coldStarts = use.measured?.coldStarts ?? use.invocations * INIT_ASSUMPTION.coldStartShare;
  const averageInitMs = use.measured?.averageInitMs ?? INIT_ASSUMPTION.initMs;
  const amount = gbSeconds({ memoryMB: use.memoryMB, durationMs: coldStarts * averageInitMs });
  return {
    usd: durationUsd({ ...use, gbSeconds: amount }),
    coldStarts,
    averageInitMs,
    basis:
      use.measured === undefined
        ? `INIT estimated: ${INIT_ASSUMPTION.coldStartShare * 100} % of invocations start cold, ${INIT_ASSUMPTION.initMs} ms each`
        : 'INIT from REPORT log lines',
  };
}
