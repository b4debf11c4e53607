import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BudgetSpend, monthOf } from '../../src/model/budget.ts';
import { DAY_MS } from '../../src/model/time.ts';
import { forecastBudget } from '../../src/price/budget-forecast.ts';

const MONTH = Date.parse('2026-11-01T00:00:00Z');
const UNTIL = Date.parse('2026-11-16T00:00:00Z');

function spendOf(changes: Partial<BudgetSpend> = {}): BudgetSpend {
  return {
    name: 'the account',
    monthlyUsd: 300,
    kind: 'account',
    functions: [],
    untilAt: UNTIL,
    hourUsd: new Float64Array(14 * 24).fill(10 / 24),
    monthStartAt: MONTH,
    monthUsd: 150,
    monthBasis: 'bill',
    savingsPlanDiscount: 0,
    ...changes,
  };
}

describe('forecastBudget', () => {
  it('repeats the mean of the last seven days to the end of the month', () => {
    const forecast = forecastBudget(spendOf());
    expect(forecast.monthUsd).toBeCloseTo(300, 6);
    expect(forecast).toMatchObject({ days: 7, spentUsd: 150 });
  });

  it('goes from the cheapest to the dearest of those days', () => {
    const hourUsd = new Float64Array(14 * 24).fill(10 / 24);
    hourUsd.fill(4 / 24, -24);
    hourUsd.fill(24 / 24, -48, -24);
    hourUsd.fill(999, 0, 7 * 24);
    const { lowUsd, highUsd } = forecastBudget(spendOf({ hourUsd }));
    expect(lowUsd).toBeCloseTo(150 + 15 * 4, 6);
    expect(highUsd).toBeCloseTo(150 + 15 * 24, 6);
  });

  it.each([
    ['lasts', 400, null],
    ['is gone on the 25th', 240, Date.parse('2026-11-25T00:00:00Z')],
    ['is spent already', 150, UNTIL],
  ])('%s', (_, monthlyUsd, goneAt) => {
    const found = forecastBudget(spendOf({ monthlyUsd })).goneAt;
    if (goneAt === null) expect(found).toBeNull();
    else expect(Math.abs((found ?? 0) - goneAt)).toBeLessThan(1_000);
  });

  it('has no forecast from less than a day', () => {
    expect(forecastBudget(spendOf({ hourUsd: new Float64Array(23) }))).toMatchObject({
      monthUsd: null,
      lowUsd: null,
      days: 0,
      goneAt: null,
    });
  });

  it('is never below what is spent, and low <= mean <= high', () => {
    const hours = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 24, maxLength: 200 });
    fc.assert(
      fc.property(hours, (list) => {
        const forecast = forecastBudget(spendOf({ hourUsd: Float64Array.from(list) }));
        const [low, mean, high] = [forecast.lowUsd, forecast.monthUsd, forecast.highUsd].map(Number);
        expect(low).toBeGreaterThanOrEqual(150);
        expect(mean).toBeGreaterThanOrEqual(Number(low) - 1e-6);
        expect(high).toBeGreaterThanOrEqual(Number(mean) - 1e-6);
      }),
    );
  });
});

describe('monthOf', () => {
  it.each([
    ['2026-11-16T12:00:00Z', '2026-11-01', '2026-12-01'],
    ['2026-12-31T23:59:59Z', '2026-12-01', '2027-01-01'],
    ['2028-02-29T00:00:00Z', '2028-02-01', '2028-03-01'],
  ])('%s is in the month from %s to %s', (at, start, end) => {
    const { startAt, endAt } = monthOf(Date.parse(at));
    expect([startAt, endAt]).toEqual([Date.parse(start), Date.parse(end)]);
    expect(monthOf(endAt - 1)).toEqual({ startAt, endAt });
    expect((endAt - startAt) % DAY_MS).toBe(0);
  });
});
