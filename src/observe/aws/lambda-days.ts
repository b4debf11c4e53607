import { DAY_MS, type EpochMs } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import { gbSeconds, lambdaUsd } from '../../price/lambda-price.ts';
import type { LambdaDay } from '../../price/reconcile.ts';
import type { RegionPrices } from '../../price/region-prices.ts';
import type { FunctionFacts } from './memory.ts';
import type { MetricRequest } from './metric-request.ts';
import { readStatistics } from './metric-statistics.ts';
import type { Wire } from './wire.ts';

/** What the metrics say that on-demand Lambda cost on whole days (UTC). */
export interface LambdaDays {
  readonly days: readonly LambdaDay[];
  readonly gaps: readonly ReadGap[];
}

/**
 * Two free calls a function (GetMetricStatistics, one point a day). A function whose metrics cannot be read is a gap:
 * the caller must not take the rest for the whole.
 */
export async function readLambdaDays(input: {
  readonly wire: Wire;
  readonly functions: readonly FunctionFacts[];
  readonly prices: RegionPrices;
  /** Compute Savings Plan discount on duration, 0..1. The free tier and price tiers are the bill's own affair. */
  readonly savingsPlanDiscount: number;
  readonly fromAt: EpochMs;
  readonly days: number;
}): Promise<LambdaDays> {
  const { wire, functions, fromAt, days } = input;
  const reads = functions.map((fn) => ({
    fn,
    duration: request(fn.name, 'Duration'),
    invocations: request(fn.name, 'Invocations'),
  }));
  const span = { startAt: fromAt, points: days, periodMs: DAY_MS };
  const requests = reads.flatMap(({ duration, invocations }) => [duration, invocations]);
  const { values, gaps } = await readStatistics(wire, requests, span);
  const at = (of: MetricRequest, day: number) => {
    const value = values.get(of)?.Sum?.[day];
    // No datapoint in a readable series: it did not run that day.
    return value === undefined || Number.isNaN(value) ? 0 : value;
  };
  return {
    gaps,
    days: Array.from({ length: days }, (_, day) =>
      sumDay(
        fromAt + day * DAY_MS,
        reads.map(({ fn, duration, invocations }) => ({
          fn,
          durationMs: at(duration, day),
          invocations: at(invocations, day),
        })),
        input,
      ),
    ),
  };
}

interface Use {
  readonly fn: FunctionFacts;
  readonly durationMs: number;
  readonly invocations: number;
}

function sumDay(
  startAt: EpochMs,
  uses: readonly Use[],
  { prices, savingsPlanDiscount }: { readonly prices: RegionPrices; readonly savingsPlanDiscount: number },
): LambdaDay {
  return {
    startAt,
    usd: uses.reduce((sum, use) => sum + usdOf(use, prices, savingsPlanDiscount), 0),
    gbSeconds: uses.reduce(
      (sum, { fn, durationMs }) => sum + gbSeconds({ memoryMB: fn.memoryMB, durationMs }),
      0,
    ),
    requests: uses.reduce((sum, { invocations }) => sum + invocations, 0),
  };
}

function usdOf(
  { fn, durationMs, invocations }: Use,
  prices: RegionPrices,
  savingsPlanDiscount: number,
): number {
  const { memoryMB, architecture, ephemeralStorageMB } = fn;
  const use = { memoryMB, architecture, ephemeralStorageMB, durationMs, invocations };
  return lambdaUsd({ ...use, prices, savingsPlanDiscount });
}

function request(name: string, metric: string): MetricRequest {
  return { namespace: 'AWS/Lambda', metric, name, statistics: ['Sum'] };
}
