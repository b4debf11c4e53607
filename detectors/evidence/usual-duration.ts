import type { FunctionBaseline } from '../../src/model/baseline.ts';
import type { FunctionSeries } from '../../src/model/window.ts';
import { hasHistory } from './history.ts';

/** How long an invocation of a function usually takes. */
export interface UsualDuration {
  /** Average of a usual, rather slow hour, ms. */
  readonly averageMs: number;
  /** Standard deviation of the logarithm of a single invocation's duration. */
  readonly spread: number;
}

/** Without history, the oldest part of the window is what is usual, if it holds enough. */
const COLD_SHARE = 1 / 3;
const COLD_MINUTES_MIN = 20;
const COLD_INVOCATIONS_MIN = 50;
const COLD_SPREAD = 0.8;

const SPREAD_MIN = 0.2;
const SPREAD_MAX = 1.5;

/** From history, or from the oldest third of the window; `null`: not known. */
export function usualDuration(
  baseline: FunctionBaseline | undefined,
  lambda: FunctionSeries,
  minutes: number,
): UsualDuration | null {
  if (!hasHistory(baseline) || !(baseline.durationMs > 0)) return coldDuration(lambda, minutes);
  const { durationMs, durationP95Ms, durationMaximumP95Ms, invocationsPerHour } = baseline;
  // The longest of n lognormal durations lies about sqrt(2 ln n) deviations above the middle.
  const longest =
    Math.log(durationMaximumP95Ms / durationMs) / Math.sqrt(2 * Math.log(Math.max(3, invocationsPerHour)));
  const spread = Number.isFinite(longest) ? longest : COLD_SPREAD;
  return {
    averageMs: Math.max(durationMs, durationP95Ms || 0),
    spread: Math.min(SPREAD_MAX, Math.max(SPREAD_MIN, spread)),
  };
}

function coldDuration({ invocations, durationSumMs }: FunctionSeries, minutes: number): UsualDuration | null {
  const to = Math.floor(minutes * COLD_SHARE);
  if (to < COLD_MINUTES_MIN || invocations === undefined || durationSumMs === undefined) return null;
  let count = 0;
  let totalMs = 0;
  for (let i = 0; i < to; i++) {
    if (!((invocations[i] as number) > 0) || !((durationSumMs[i] as number) >= 0)) continue;
    count += invocations[i] as number;
    totalMs += durationSumMs[i] as number;
  }
  return count < COLD_INVOCATIONS_MIN ? null : { averageMs: totalMs / count, spread: COLD_SPREAD };
}
