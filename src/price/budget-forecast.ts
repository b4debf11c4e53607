import { type BudgetSpend, type MonthBasis, monthOf } from '../model/budget.ts';
import { DAY_MS, type EpochMs, HOUR_MS } from '../model/time.ts';
import { sum } from '../stats/series.ts';

/** Where a budget's month is going. */
export interface BudgetForecast {
  readonly name: string;
  readonly monthlyUsd: number;
  readonly monthStartAt: EpochMs;
  /** Spent from the start of the month up to `untilAt`, and how that is known. */
  readonly spentUsd: number;
  readonly untilAt: EpochMs;
  readonly monthBasis: MonthBasis;
  /** The month as a whole if its remaining days are like the mean of the newest; `null`: less than a day is known. */
  readonly monthUsd: number | null;
  /** The same if each were like the cheapest, or the dearest, of them. */
  readonly lowUsd: number | null;
  readonly highUsd: number | null;
  /** Whole days that it rests on, 7 at most. */
  readonly days: number;
  /** When the budget is gone; `null`: it lasts for the month. */
  readonly goneAt: EpochMs | null;
}

/** A week has every weekday in it. */
const DAYS_MAX = 7;
const HOURS_PER_DAY = DAY_MS / HOUR_MS;

/** The newest days, repeated to the month's end. Plain on purpose: what it rests on can be said in a sentence. */
export function forecastBudget(spend: BudgetSpend): BudgetForecast {
  const { hourUsd, untilAt, monthlyUsd } = spend;
  const days = Math.min(DAYS_MAX, Math.floor(hourUsd.length / HOURS_PER_DAY));
  const dayUsd = Array.from({ length: days }, (_, day) => {
    const to = hourUsd.length - day * HOURS_PER_DAY;
    return sum(hourUsd, to - HOURS_PER_DAY, to);
  });
  const endAt = monthOf(spend.monthStartAt).endAt;
  const restDays = Math.max(0, endAt - untilAt) / DAY_MS;
  const at = (usdPerDay: number) => (days === 0 ? null : spend.monthUsd + restDays * usdPerDay);
  const meanUsd = dayUsd.reduce((total, usd) => total + usd, 0) / days;
  const goneAt = untilAt + (Math.max(0, monthlyUsd - spend.monthUsd) / meanUsd) * DAY_MS;
  const isGone = spend.monthUsd >= monthlyUsd;
  return {
    name: spend.name,
    monthlyUsd,
    monthStartAt: spend.monthStartAt,
    spentUsd: spend.monthUsd,
    untilAt,
    monthBasis: spend.monthBasis,
    monthUsd: at(meanUsd),
    lowUsd: at(Math.min(...dayUsd)),
    highUsd: at(Math.max(...dayUsd)),
    days,
    goneAt: isGone ? untilAt : goneAt < endAt ? goneAt : null,
  };
}
