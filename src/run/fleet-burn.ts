import type { Config } from '../model/config.ts';
import type { Window } from '../model/window.ts';
import { accrue } from '../price/accrual.ts';
import { sum } from '../stats/series.ts';

/** What one function spends now, and how it came to it. */
export interface FunctionBurn {
  readonly name: string;
  readonly usdPerHour: number;
  /** Dollars of each of the last minutes, oldest first. */
  readonly recentUsd: Float64Array;
}

/** Minutes over which "now" is averaged, as for incidents. */
const NOW_MINUTES = 5;
const RECENT_MINUTES = 30;

/** Spend of every function with data, most expensive first. */
export function fleetBurn(window: Window, config: Config): FunctionBurn[] {
  const burns: FunctionBurn[] = [];
  for (const fn of window.inventory.functions) {
    const lambda = window.functions.get(fn.name);
    if (lambda?.invocations === undefined) continue;
    const queues = fn.eventSources.flatMap(({ kind, source }) =>
      kind === 'sqs' ? [window.queues.get(source) ?? {}] : [],
    );
    const { region } = window.inventory;
    const { usd } = accrue({ region, fn, lambda, queues, minutes: window.minutes, pricing: config.pricing });
    const minutes = Math.min(NOW_MINUTES, usd.length);
    if (minutes === 0) continue;
    burns.push({
      name: fn.name,
      usdPerHour: (sum(usd, usd.length - minutes) / minutes) * 60,
      recentUsd: usd.slice(-RECENT_MINUTES),
    });
  }
  return burns.sort((a, b) => b.usdPerHour - a.usdPerHour);
}
