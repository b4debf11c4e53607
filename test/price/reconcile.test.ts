import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/model/time.ts';
import { billedLambdaDay, type LambdaDay, reconcile } from '../../src/price/reconcile.ts';

const MONDAY = Date.parse('2026-11-16T00:00:00Z');

function day(offset: number, usd: number): LambdaDay {
  return { startAt: MONDAY + offset * DAY_MS, usd, gbSeconds: usd * 60_000, requests: usd * 1_000 };
}
const final = (from: LambdaDay) => ({ ...from, isEstimated: false });

describe('billedLambdaDay', () => {
  it('adds duration and requests of both architectures, with or without a region prefix, and nothing else', () => {
    const lines = [
      { usageType: 'Lambda-GB-Second', usd: 1, quantity: 60_000 },
      { usageType: 'EUC1-Lambda-GB-Second-ARM', usd: 2, quantity: 150_000 },
      { usageType: 'EUC1-Request', usd: 0.2, quantity: 1_000_000 },
      { usageType: 'Request-ARM', usd: 0.1, quantity: 500_000 },
      { usageType: 'EUC1-Lambda-Provisioned-GB-Second', usd: 50, quantity: 1 },
      { usageType: 'EUC1-Lambda-Storage-GB-Second', usd: 50, quantity: 1 },
      { usageType: 'EUC1-Requests-Tier1', usd: 50, quantity: 1 },
    ];
    const billed = billedLambdaDay(MONDAY, lines);
    expect(billed.usd).toBeCloseTo(3.3, 9);
    expect(billed).toMatchObject({ startAt: MONDAY, gbSeconds: 210_000, requests: 1_500_000 });
  });
});

describe('reconcile', () => {
  it('compares only the days that both sides have', () => {
    const result = reconcile({
      billed: [final(day(0, 11)), final(day(1, 22)), final(day(2, 500))],
      computed: [day(-1, 500), day(0, 10), day(1, 20)],
    });
    expect(result).toMatchObject({
      days: 2,
      fromAt: MONDAY,
      untilAt: MONDAY + 2 * DAY_MS,
      billedUsd: 33,
      computedUsd: 30,
      isEstimated: false,
    });
    expect(result?.usdRatio).toBeCloseTo(1.1, 9);
  });

  it('says so when a day may still change', () => {
    const billed = [final(day(0, 1)), { ...day(1, 1), isEstimated: true }];
    expect(reconcile({ billed, computed: [day(0, 1), day(1, 1)] })?.isEstimated).toBe(true);
  });

  it('has no ratio where nothing was computed: never infinite, never 1', () => {
    const result = reconcile({ billed: [final(day(0, 3))], computed: [day(0, 0)] });
    expect(result).toMatchObject({ usdRatio: null, gbSecondsRatio: null, requestsRatio: null });
  });

  it('is nothing where no day is common', () => {
    expect(reconcile({ billed: [final(day(0, 1))], computed: [day(1, 1)] })).toBeNull();
  });

  it('a bill that is the computed figure times k has the ratio k, whatever the days', () => {
    const usd = fc.double({ min: 0.01, max: 1_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(usd, { minLength: 1, maxLength: 14 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (days, k) => {
          const computed = days.map((value, offset) => day(offset, value));
          const billed = days.map((value, offset) => final(day(offset, value * k)));
          expect(reconcile({ billed, computed })?.usdRatio).toBeCloseTo(k, 6);
        },
      ),
    );
  });
});
