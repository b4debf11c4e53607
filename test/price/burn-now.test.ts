import { describe, expect, it } from 'vitest';
import { usdPerHourNow } from '../../src/price/burn-now.ts';

describe('dollars an hour, now', () => {
  it.each<[string, number[], number]>([
    ['are the mean of the newest five minutes', [9, 9, 1, 2, 3, 4, 5], 180],
    ['are the mean of what there is where that is less', [1, 3], 120],
    ['are nothing where there is nothing', [], 0],
  ])('%s', (_, usd, expected) => {
    expect(usdPerHourNow(Float64Array.from(usd))).toBe(expected);
  });
});
