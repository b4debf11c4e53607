import { accountConcurrencyOf, type LambdaFunction } from '../../src/model/inventory.ts';
import type { Window } from '../../src/model/window.ts';
import { maximum } from '../../src/stats/series.ts';

/** Minutes that count as now. */
const NOW_MINUTES = 10;

/** Share of the pool from which on a function takes it from the others. */
const HOG_SHARE = 0.4;

/** Concurrency that functions without a reservation share. */
export function sharedConcurrency({ inventory }: Window): number {
  const reserved = inventory.functions.reduce((total, fn) => total + (fn.reservedConcurrency ?? 0), 0);
  return accountConcurrencyOf(inventory) - reserved;
}

/** What throttles a function, in words. */
export function throttledBy({ reservedConcurrency }: LambdaFunction): string {
  return reservedConcurrency === null
    ? "the account's concurrency limit"
    : `reserved concurrency ${reservedConcurrency}`;
}

export interface Hog {
  readonly fn: LambdaFunction;
  readonly running: number;
  readonly pool: number;
}

/** The function that holds most of the shared concurrency now; `null`: none holds much of it. */
export function hogOf(window: Window): Hog | null {
  const pool = sharedConcurrency(window);
  const from = Math.max(0, window.minutes - NOW_MINUTES);
  let hog: Hog | null = null;
  for (const fn of window.inventory.functions) {
    if (fn.reservedConcurrency !== null) continue;
    const running = maximum(window.functions.get(fn.name)?.concurrentExecutions, from);
    if (running >= HOG_SHARE * pool && running > (hog?.running ?? 0)) hog = { fn, running, pool };
  }
  return hog;
}
