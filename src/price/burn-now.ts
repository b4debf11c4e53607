import type { LambdaFunction } from '../model/inventory.ts';
import type { Window } from '../model/window.ts';
import { sum } from '../stats/series.ts';
import { accrue } from './accrual.ts';
import type { PricingOptions } from './lambda-price.ts';

/** Minutes over which "now" is averaged. */
export const NOW_MINUTES = 5;

/** Minutes of "now" for what comes in rounds: one of them, where it is longer. */
export function nowMinutesOf(roundMinutes = NOW_MINUTES): number {
  return Math.max(NOW_MINUTES, Math.round(roundMinutes));
}

/** Dollars an hour of the newest minutes, from dollars a minute; 0 of no minutes. */
export function usdPerHourNow(usd: Float64Array, nowMinutes = NOW_MINUTES): number {
  const minutes = Math.min(nowMinutes, usd.length);
  return minutes === 0 ? 0 : (sum(usd, usd.length - minutes) / minutes) * 60;
}

export interface BurnNow {
  readonly usdPerHour: number;
  /** Dollars of each minute of the window, oldest first. */
  readonly usd: Float64Array;
}

/** What a function spends now; `null`: the window does not say. */
export function burnNow(
  window: Pick<Window, 'functions' | 'queues' | 'inventory' | 'minutes'>,
  fn: LambdaFunction,
  pricing: PricingOptions,
): BurnNow | null {
  const lambda = window.functions.get(fn.name);
  if (lambda?.invocations === undefined) return null;
  const queues = fn.eventSources.flatMap(({ kind, source }) =>
    kind === 'sqs' ? [window.queues.get(source) ?? {}] : [],
  );
  const { region } = window.inventory;
  const { usd } = accrue({ region, fn, lambda, queues, minutes: window.minutes, pricing });
  return usd.length === 0 ? null : { usdPerHour: usdPerHourNow(usd), usd };
}
