import { DAY_MS, type EpochMs } from '../../src/model/time.ts';
import {
  between,
  chance,
  createRng,
  integer,
  logBetween,
  normal,
  pick,
  type Rng,
} from '../../src/simulate/random.ts';
import { RISE_HISTORY_DAYS } from '../../src/stats/daily-rise.ts';

/** Days of history before the judged year. */
export const HISTORY_DAYS = RISE_HISTORY_DAYS;
export const YEAR_DAYS = 365;
const DAYS = HISTORY_DAYS + YEAR_DAYS;

/** A rise that was put in: the truth of the bench. */
export interface Step {
  readonly series: number;
  /** First day, and the day after the last. */
  readonly from: number;
  readonly to: number;
  readonly factor: number;
  readonly usdPerDay: number;
}

/** The bill of one simulated account: a series for each service or usage type. */
export interface Account {
  readonly startAt: EpochMs;
  readonly series: readonly Float64Array[];
  readonly steps: readonly Step[];
}

const STEPS_PER_YEAR = 4;
/** Steps of an account are this far apart, so that each stands alone. */
const APART_DAYS = 45;
const STEP_USD_MIN = 20;

/** Habits of one account: its customers' week, its accountants' month, its holidays. */
interface Habits {
  readonly weekend: number;
  readonly dip: { readonly from: number; readonly to: number; readonly factor: number } | null;
}

/**
 * A year of one account, and the history before it: weekly and monthly seasons, growth, noise that is its own for each series,
 * holidays, credits and refunds; and steps of 30 % to 300 % that are at least $20 a day.
 */
export function simulateAccount(seed: number): Account {
  const rng = createRng(seed);
  const startAt = Date.UTC(2025, integer(rng, 0, 11), integer(rng, 1, 28));
  const habits: Habits = {
    weekend: pick(rng, [1, 0.85, 0.6, 0.35]),
    dip: chance(rng, 0.4) ? dipOf(rng) : null,
  };
  const series = Array.from({ length: integer(rng, 5, 14) }, () => seriesOf(rng, habits, startAt));
  const steps = putSteps(rng, series);
  for (const usd of series) putCredits(rng, usd);
  return { startAt, series, steps };
}

function dipOf(rng: Rng): NonNullable<Habits['dip']> {
  const from = integer(rng, HISTORY_DAYS, DAYS - 20);
  return { from, to: from + integer(rng, 5, 14), factor: between(rng, 0.5, 0.85) };
}

function seriesOf(rng: Rng, habits: Habits, startAt: EpochMs): Float64Array {
  const base = logBetween(rng, 1, 1_500);
  const noise = between(rng, 0.02, 0.07);
  const growthPerYear = between(rng, -0.1, 0.6);
  const followsWeek = between(rng, 0.3, 1);
  const month = monthOf(rng);
  const wander = between(rng, 0, 0.006);
  let drift = 0;
  return Float64Array.from({ length: DAYS }, (_, day) => {
    const date = new Date(startAt + day * DAY_MS);
    drift += wander * normal(rng);
    const weekend = [0, 6].includes(date.getUTCDay()) ? 1 - followsWeek * (1 - habits.weekend) : 1;
    const { dip } = habits;
    const holiday = dip !== null && day >= dip.from && day < dip.to ? dip.factor : 1;
    const level = base * (1 + growthPerYear) ** (day / YEAR_DAYS) * Math.exp(drift);
    return level * weekend * holiday * month(date) * Math.exp(noise * normal(rng));
  });
}

/** Nothing, a fee on the first, a close at the month's end, or a run in its middle. */
function monthOf(rng: Rng): (date: Date) => number {
  const factor = between(rng, 1.2, 2.5);
  const middle = integer(rng, 8, 22);
  const daysLeft = (date: Date) =>
    new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate() - date.getUTCDate();
  return pick<(date: Date) => number>(rng, [
    () => 1,
    () => 1,
    () => 1,
    (date) => (date.getUTCDate() === 1 ? factor : 1),
    (date) => (daysLeft(date) < 2 ? factor : 1),
    (date) => (date.getUTCDate() === middle ? factor : 1),
  ]);
}

function putSteps(rng: Rng, series: readonly Float64Array[]): Step[] {
  const steps: Step[] = [];
  let from = HISTORY_DAYS + integer(rng, 0, APART_DAYS);
  while (steps.length < STEPS_PER_YEAR && from < DAYS - 10) {
    const factor = logBetween(rng, 1.3, 4);
    const to = Math.min(DAYS, from + pick(rng, [3, 7, 14, 30, DAYS]));
    const able = series.flatMap((usd, index) => (usdAdded(usd, from, factor) >= STEP_USD_MIN ? [index] : []));
    if (able.length > 0) {
      const index = pick(rng, able);
      const usd = series[index] as Float64Array;
      steps.push({ series: index, from, to, factor, usdPerDay: usdAdded(usd, from, factor) });
      for (let day = from; day < to; day++) usd[day] = (usd[day] as number) * factor;
    }
    from += APART_DAYS + integer(rng, 0, 35);
  }
  return steps;
}

function usdAdded(usd: Float64Array, day: number, factor: number): number {
  return (usd[day] as number) * (factor - 1);
}

/** Credits lower some days, refunds make one day small or negative. Where either ends, the bill is only back. */
function putCredits(rng: Rng, usd: Float64Array): void {
  if (chance(rng, 0.3)) {
    const from = integer(rng, HISTORY_DAYS, DAYS - 1);
    const share = between(rng, 0.2, 1);
    for (let day = from; day < Math.min(DAYS, from + integer(rng, 3, 25)); day++) {
      usd[day] = (usd[day] as number) * (1 - share);
    }
  }
  if (chance(rng, 0.3)) {
    const day = integer(rng, HISTORY_DAYS, DAYS - 1);
    usd[day] = (usd[day] as number) * between(rng, -2, 0.5);
  }
}
