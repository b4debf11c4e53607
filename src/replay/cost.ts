import { queuesOf } from '../model/inventory.ts';
import type { FunctionSeries, QueueSeries } from '../model/window.ts';
import type { Trace, TraceSeries } from '../observe/trace/format.ts';
import { accrue } from '../price/accrual.ts';
import type { PricingOptions } from '../price/lambda-price.ts';

export interface TraceCost {
  readonly totalUsd: number;
  readonly byFunction: Readonly<Record<string, number>>;
}

/** Estimated spend of every function over the whole trace, from final values. */
export function costOf(trace: Trace, pricing: PricingOptions): TraceCost {
  const byFunction: Record<string, number> = {};
  let totalUsd = 0;
  for (const fn of trace.inventory.functions) {
    const { usd } = accrue({
      region: trace.inventory.region,
      fn,
      lambda: finals(trace.functions.get(fn.name)) as FunctionSeries,
      queues: queuesOf(fn).map((name) => finals(trace.queues.get(name)) as QueueSeries),
      minutes: trace.periods,
      pricing,
    });
    const spent = usd.reduce((sum, value) => sum + value, 0);
    byFunction[fn.name] = spent;
    totalUsd += spent;
  }
  return { totalUsd, byFunction };
}

function finals(series: Readonly<Record<string, TraceSeries>> | undefined): Record<string, Float64Array> {
  return Object.fromEntries(Object.entries(series ?? {}).map(([metric, { final }]) => [metric, final]));
}
