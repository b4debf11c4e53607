import { burnNow } from '../price/burn-now.ts';
import type { RunTickReport } from './run-tick.ts';

/** What one function spends now, and how it came to it. */
export interface FunctionBurn {
  readonly name: string;
  readonly usdPerHour: number;
  /** Dollars of each of the last minutes, oldest first; empty where it was not read this time. */
  readonly recentUsd: Float64Array;
}

const RECENT_MINUTES = 30;

/** Spend of every function, most expensive first: as of now, or as of its last reading where it was not read this time. */
export function fleetBurn({ window, pricing }: Pick<RunTickReport, 'window' | 'pricing'>): FunctionBurn[] {
  const burns = window.inventory.functions.flatMap((fn): FunctionBurn[] => {
    const { name } = fn;
    const burn = burnNow(window, fn, pricing);
    if (burn !== null)
      return [{ name, usdPerHour: burn.usdPerHour, recentUsd: burn.usd.slice(-RECENT_MINUTES) }];
    const before = window.unread?.get(name);
    return before === undefined ? [] : [{ name, usdPerHour: before, recentUsd: new Float64Array(0) }];
  });
  return burns.sort((a, b) => b.usdPerHour - a.usdPerHour);
}
