import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCount, formatCountOf, formatDuration, formatUsd } from '../../src/model/format.ts';

describe('formatUsd', () => {
  it.each([
    [0, '$0.00'],
    [-0, '$0.00'],
    [0.00001, '<$0.0001'],
    [0.0042, '$0.0042'],
    [0.1, '$0.10'],
    [1.016, '$1.02'],
    [61.3, '$61.30'],
    [999.994, '$999.99'],
    [999.999, '$1,000'],
    [1470.4, '$1,470'],
    [1_234_567.8, '$1,234,568'],
    [-3.5, '-$3.50'],
    [Number.NaN, 'unknown'],
    [Number.POSITIVE_INFINITY, 'unknown'],
  ])('%s reads %s', (usd, text) => expect(formatUsd(usd)).toBe(text));

  it('never shows an amount that is not zero as zero', () => {
    fc.assert(
      fc.property(fc.double({ min: Number.MIN_VALUE, max: 1e12, noNaN: true }), (usd) => {
        expect(formatUsd(usd)).toMatch(/[1-9]/);
      }),
    );
  });
});

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [320.4, '320 ms'],
    [45_000, '45 s'],
    [90_000, '90 s'],
    [120_000, '2 min'],
    [59.4 * 60_000, '59 min'],
    [59.6 * 60_000, '1 h'],
    [65 * 60_000, '1 h 5 min'],
    [2 * 3_600_000, '2 h'],
    [24 * 3_600_000 - 1, '1 d'],
    [76 * 3_600_000, '3 d 4 h'],
    [14 * 86_400_000, '14 d'],
    [-65 * 60_000, '-1 h 5 min'],
    [Number.NaN, 'unknown'],
  ])('%d ms reads %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe('formatCount', () => {
  it.each([
    [0, '0'],
    [2.5, '2.5'],
    [9.96, '10'],
    [950, '950'],
    [12_400, '12,400'],
    [999_600, '1 million'],
    [1_234_567, '1.23 million'],
    [120_000_000_000, '120 billion'],
    [-7, '-7'],
    [Number.POSITIVE_INFINITY, 'unbounded'],
    [Number.NaN, 'unknown'],
  ])('%d reads %s', (count, text) => expect(formatCount(count)).toBe(text));
});

describe('formatCountOf', () => {
  it.each([
    [0, '0 queues'],
    [1, '1 queue'],
    [12_400, '12,400 queues'],
  ])('%d reads %s', (count, text) => expect(formatCountOf(count, 'queue')).toBe(text));
});
