import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../src/model/bill.ts';
import { DAY_MS } from '../../src/model/time.ts';
import { calibrate, calibrationRatio, calibrationText, computedDay } from '../../src/price/calibration.ts';
import { pricesFor } from '../../src/price/lambda-price.ts';

const MONDAY = Date.parse('2026-11-16T00:00:00Z');
const rate = { prices: pricesFor('eu-central-1'), savingsPlanDiscount: 0 };
const fn = { memoryMB: 1024, architecture: 'x86_64', ephemeralStorageMB: 512 } as const;
const billed = (startAt: number, lines: readonly [string, number, number][], isEstimated = false) => ({
  startAt,
  isEstimated,
  lines: lines.map(([usageType, usd, quantity]) => ({ usageType, usd, quantity })),
});
const use = (changes: Partial<typeof fn> | object = {}) => ({
  fn: { ...fn, ...changes },
  durationMs: 60_000_000,
  invocations: 1_000,
});

describe('calibrate', () => {
  it('compares by usage type, whatever the region puts before it, and leaves other types alone', () => {
    const computed = computedDay(MONDAY, [use(), use({ architecture: 'arm64' })], rate);
    const found = calibrate({
      computed: [computed],
      billed: [
        billed(MONDAY, [
          ['EUC1-Lambda-GB-Second', 1.1, 66_000],
          ['EUC1-Lambda-GB-Second-ARM', 0.8, 60_000],
          ['EUC1-Request', 0.0002, 1_000],
          ['EUC1-Lambda-Provisioned-GB-Second', 50, 1],
          ['EUC1-Requests-Tier1', 50, 1],
        ]),
      ],
    });
    expect(found.map(({ usageType }) => usageType)).toEqual([
      'all',
      'Lambda-GB-Second',
      'Lambda-GB-Second-ARM',
      'Request',
    ]);
    const [all, duration, arm] = found;
    expect(all?.billedUsd).toBeCloseTo(1.9002, 9);
    expect(duration?.quantityRatio).toBeCloseTo(1.1, 9);
    expect(calibrationRatio(duration as Calibration)).toBeCloseTo(1.1, 4);
    expect(arm?.quantityRatio).toBeCloseTo(1, 9);
  });

  it('compares only the days that both sides have', () => {
    const [all] = calibrate({
      computed: [0, 1].map((day) => computedDay(MONDAY + day * DAY_MS, [use()], rate)),
      billed: [0, 1, 2].map((day) =>
        billed(MONDAY + day * DAY_MS, [['Lambda-GB-Second', day + 1, 1]], day === 1),
      ),
    });
    expect(all).toMatchObject({ billedUsd: 3, days: 2, untilAt: MONDAY + 2 * DAY_MS, isEstimated: true });
  });

  it.each([
    ['nothing was computed', [use({})].map((one) => ({ ...one, durationMs: 0, invocations: 0 })), 5],
    ['nothing was billed', [use()], 0],
  ])('is nothing where %s: never infinite, never 1', (_, uses, usd) => {
    const computed = [computedDay(MONDAY, uses, rate)];
    expect(calibrate({ computed, billed: [billed(MONDAY, [['Lambda-GB-Second', usd, 1]])] })).toEqual([]);
  });

  it('is nothing where no day is common', () => {
    const computed = [computedDay(MONDAY, [use()], rate)];
    expect(calibrate({ computed, billed: [billed(MONDAY + DAY_MS, [['Lambda-GB-Second', 1, 1]])] })).toEqual(
      [],
    );
  });

  it('gives back the factor by which a bill was made larger', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: 1e3, max: 1e9, noNaN: true }),
        (factor, ms) => {
          const computed = computedDay(MONDAY, [{ ...use(), durationMs: ms }], rate);
          const lines = [...computed.byUsageType].map(
            ([usageType, { usd, quantity }]) =>
              [`EUC1-${usageType}`, usd * factor, quantity * factor] as [string, number, number],
          );
          for (const one of calibrate({ computed: [computed], billed: [billed(MONDAY, lines)] })) {
            expect(calibrationRatio(one)).toBeCloseTo(factor, 6);
          }
        },
      ),
    );
  });
});

describe('computedDay', () => {
  it('has storage above 512 MB apart, and the discount on duration alone', () => {
    const day = computedDay(MONDAY, [use({ ephemeralStorageMB: 1536 })], {
      ...rate,
      savingsPlanDiscount: 0.5,
    });
    const usdOf = (usageType: string) => day.byUsageType.get(usageType)?.usd ?? 0;
    expect(usdOf('Lambda-GB-Second')).toBeCloseTo(60_000 * 0.0000166667 * 0.5, 9);
    expect(usdOf('Request')).toBeCloseTo(0.0002, 12);
    expect(usdOf('Lambda-Storage-GB-Second')).toBeCloseTo(60_000 * 0.0000000367, 12);
  });
});

describe('calibrationText', () => {
  const base = {
    usageType: 'all',
    quantityRatio: null,
    days: 7,
    untilAt: MONDAY + 7 * DAY_MS,
    isEstimated: false,
  };
  it.each([
    [100, 97, 'Lambda estimates were 3 % under the bill of the 7 d to 2026-11-22; not corrected for'],
    [100, 112, 'Lambda estimates were 12 % over the bill of the 7 d to 2026-11-22; not corrected for'],
    [100, 100.2, 'Lambda estimates agreed with the bill of the 7 d to 2026-11-22; not corrected for'],
  ])('billed %s, computed %s: %s', (billedUsd, computedUsd, text) => {
    expect(calibrationText({ ...base, billedUsd, computedUsd })).toBe(text);
  });
});
