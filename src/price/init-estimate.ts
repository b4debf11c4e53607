import type { Architecture } from '../model/inventory.ts';
import type { Series } from '../model/window.ts';
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

/** How long an idle execution environment is kept: AWS promises nothing, public measurements find 5 to 45 min (assumption). */
const KEPT_MINUTES = 10;

/**
 * Execution environments that began in each minute, at least: what ConcurrentExecutions (Maximum) has above the most of the
 * minutes in which an environment is kept. Those that are replaced while as many run are not seen, nor is the first minute.
 */
export function newEnvironments(concurrency: Series): Float64Array {
  const begun = new Float64Array(concurrency.length);
  for (let minute = 1; minute < concurrency.length; minute++) {
    if (!((concurrency[minute] as number) > 0)) continue;
    let kept = 0;
    for (let i = Math.max(0, minute - KEPT_MINUTES); i < minute; i++) {
      kept = Math.max(kept, concurrency[i] || 0);
    }
    begun[minute] = Math.max(0, (concurrency[minute] as number) - kept);
  }
  return begun;
}

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
