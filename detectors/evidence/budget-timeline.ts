import type { BudgetSpend } from '../../src/model/budget.ts';
import { type LambdaFunction, queuesOf } from '../../src/model/inventory.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import { accrue } from '../../src/price/accrual.ts';
import { sum } from '../../src/stats/series.ts';

/** The newest minutes lack what is still running: they are judged with the next tick's data. */
const SETTLE_MINUTES = 3;

/** Dollars of one budget over time: hours of the survey, then the minutes of the window. */
export interface BudgetTimeline {
  /** End of the newest minute that is settled. */
  readonly endAt: EpochMs;
  /** Begin of what is known. */
  readonly knownFromAt: EpochMs;
  /** Dollars between two instants. Between the survey's newest hour and the window, the mean of the window stands. */
  between(fromAt: EpochMs, toAt: EpochMs): number;
  /** Dollars of the month up to `endAt`. */
  readonly monthUsd: number;
  /** Functions by what they spent in the window, the largest first; none that spent nothing. */
  readonly spenders: readonly { readonly name: string; readonly usd: number }[];
}

export function budgetTimeline(spend: BudgetSpend, window: Window): BudgetTimeline {
  const minutes = window.minutes - SETTLE_MINUTES;
  const covered = new Set(spend.functions);
  const minuteUsd = new Float64Array(Math.max(0, minutes));
  const spenders: { name: string; usd: number }[] = [];
  for (const fn of window.inventory.functions) {
    if (!covered.has(fn.name)) continue;
    const usd = minuteUsdOf(fn, spend, window).subarray(0, minuteUsd.length);
    const total = sum(usd);
    if (total > 0) spenders.push({ name: fn.name, usd: total });
    for (let i = 0; i < minuteUsd.length; i++) minuteUsd[i] = (minuteUsd[i] as number) + (usd[i] as number);
  }
  const endAt = window.startAt + minuteUsd.length * MINUTE_MS;
  const hoursFromAt = spend.untilAt - spend.hourUsd.length * HOUR_MS;
  const windowUsd = sum(minuteUsd);
  const gapUsdPerMs = windowUsd / Math.max(MINUTE_MS, endAt - window.startAt);

  const between = (fromAt: EpochMs, toAt: EpochMs): number => {
    const hours = partOf(spend.hourUsd, { startAt: hoursFromAt, stepMs: HOUR_MS }, fromAt, toAt);
    // What the survey has is not counted again.
    const newFromAt = Math.max(fromAt, spend.untilAt);
    const recent = partOf(minuteUsd, { startAt: window.startAt, stepMs: MINUTE_MS }, newFromAt, toAt);
    const gapMs = Math.max(0, Math.min(toAt, window.startAt) - newFromAt);
    return hours + recent + gapMs * gapUsdPerMs;
  };
  return {
    endAt,
    knownFromAt: Math.min(hoursFromAt, window.startAt),
    between,
    monthUsd: spend.monthUsd + between(Math.max(spend.untilAt, spend.monthStartAt), endAt),
    spenders: spenders.sort((a, b) => b.usd - a.usd || a.name.localeCompare(b.name)),
  };
}

function minuteUsdOf(fn: LambdaFunction, spend: BudgetSpend, window: Window): Float64Array {
  // Read last some time ago: what it spent then stands for now.
  const unread = window.unread?.get(fn.name);
  if (unread !== undefined) return new Float64Array(window.minutes).fill(unread / 60);
  const queues = queuesOf(fn).map((name) => window.queues.get(name) ?? {});
  return accrue({
    region: window.inventory.region,
    fn,
    lambda: window.functions.get(fn.name) ?? {},
    queues,
    minutes: window.minutes,
    pricing: { savingsPlanDiscount: spend.savingsPlanDiscount },
  }).usd;
}

/** What falls between two instants, each value spread evenly over its step. */
function partOf(
  values: Float64Array,
  { startAt, stepMs }: { readonly startAt: EpochMs; readonly stepMs: number },
  fromAt: EpochMs,
  toAt: EpochMs,
): number {
  let total = 0;
  const first = Math.max(0, Math.floor((fromAt - startAt) / stepMs));
  const last = Math.min(values.length, Math.ceil((toAt - startAt) / stepMs));
  for (let i = first; i < last; i++) {
    const beginAt = startAt + i * stepMs;
    const overlapMs = Math.min(toAt, beginAt + stepMs) - Math.max(fromAt, beginAt);
    if (overlapMs > 0) total += ((values[i] as number) * overlapMs) / stepMs;
  }
  return total;
}
