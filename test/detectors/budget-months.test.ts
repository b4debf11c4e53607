import { describe, expect, it } from 'vitest';
import { budgetBurnRate } from '../../detectors/budget-burn-rate.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { between, chance, createRng, integer, normal, pick } from '../../src/simulate/random.ts';
import { lambdaFunction } from '../decide/build.ts';
import { NO_HISTORY } from './build.ts';

/** Whole months of one budget, judged each hour: weeks, nights, nightly jobs, growth and noise, scaled to a share of it. */

const MONTH = Date.parse('2026-11-01T00:00:00Z');
const MONTH_END = Date.parse('2026-12-01T00:00:00Z');
const HISTORY_HOURS = 336;
const MONTHLY_USD = 720;
const FROM = MONTH - HISTORY_HOURS * HOUR_MS;
const WINDOW_MINUTES = 180;
/** Of a 1 GB x86_64 function. */
const MS_PER_USD = (1_000 / 16.6667) * 1e6;

/** Dollars of each hour from two weeks before the month to its end; the month's are `share` of the budget. */
function spendOf(seed: number, share: number): Float64Array {
  const rng = createRng(seed);
  const weekend = pick(rng, [1, 0.8, 0.5, 0.3]);
  const night = between(rng, 0.1, 1);
  const nightlyJob = { hour: integer(rng, 0, 23), usd: chance(rng, 0.5) ? between(rng, 2, 20) : 0 };
  const noise = between(rng, 0.05, 0.3);
  const growth = between(rng, -0.2, 0.4);
  const usd = Float64Array.from({ length: (MONTH_END - FROM) / HOUR_MS }, (_, hour) => {
    const date = new Date(FROM + hour * HOUR_MS);
    const ofDay = 0.5 * (1 + Math.cos(((date.getUTCHours() - 14) / 24) * 2 * Math.PI));
    const job = date.getUTCHours() === nightlyJob.hour ? nightlyJob.usd : 0;
    const level = (1 + growth) ** (hour / 720) * Math.exp(noise * normal(rng));
    return level * ([0, 6].includes(date.getUTCDay()) ? weekend : 1) * (night + (1 - night) * ofDay + job);
  });
  const month = usd.subarray(HISTORY_HOURS).reduce((sum, value) => sum + value, 0);
  return usd.map((value) => (value / month) * MONTHLY_USD * share);
}

/** Share of the budget that was spent when it was first told; `null`: it never was. */
function spentWhenTold(usd: Float64Array): number | null {
  for (let now = MONTH + 4 * HOUR_MS; now < MONTH_END; now += HOUR_MS) {
    const startAt = now - WINDOW_MINUTES * MINUTE_MS;
    const hours = (startAt - FROM) / HOUR_MS;
    const durationSumMs = Float64Array.from({ length: WINDOW_MINUTES }, (_, minute) => {
      const hour = hours + Math.floor(minute / 60);
      return ((usd[hour] as number) / 60) * MS_PER_USD;
    });
    const monthUsd = usd.subarray(HISTORY_HOURS, hours).reduce((sum, value) => sum + value, 0);
    const findings = budgetBurnRate.evaluate(
      {
        startAt,
        minutes: WINDOW_MINUTES,
        inventory: {
          account: '111122223333',
          region: 'us-east-1',
          functions: [lambdaFunction({ eventSources: [] })],
          queues: [],
        },
        functions: new Map([
          ['worker', { durationSumMs, invocations: new Float64Array(WINDOW_MINUTES).fill(3_000) }],
        ]),
        queues: new Map(),
        depths: new Map(),
        moveTasks: [],
        gaps: [],
      },
      {
        ...NO_HISTORY,
        budgets: [
          {
            name: 'the account',
            monthlyUsd: MONTHLY_USD,
            kind: 'account',
            functions: ['worker'],
            untilAt: startAt,
            hourUsd: usd.slice(hours - HISTORY_HOURS, hours),
            monthStartAt: MONTH,
            monthUsd,
            monthBasis: 'bill',
            savingsPlanDiscount: 0,
          },
        ],
      },
    );
    if (findings.length > 0) return monthUsd / MONTHLY_USD;
  }
  return null;
}

const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 100);

describe('a month of a budget', () => {
  it.each([0.5, 0.8, 0.95])(
    'that spends %s of it: nothing is said, whatever its weeks, nights and jobs',
    (share) => {
      const told = SEEDS.filter((seed) => spentWhenTold(spendOf(seed, share)) !== null);
      expect(told).toEqual([]);
    },
  );

  it.each([
    [1.15, 0.9],
    [1.3, 0.5],
    [1.6, 0.25],
    [2.5, 0.1],
  ])('that would spend %s of it: told before %s is spent', (share, spentShare) => {
    for (const seed of SEEDS) {
      const spent = spentWhenTold(spendOf(seed, share));
      expect(spent, `seed ${seed}`).not.toBeNull();
      expect(spent, `seed ${seed}`).toBeLessThan(spentShare);
    }
  });
});
