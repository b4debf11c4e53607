import { describe, expect, it } from 'vitest';
import { aboveTrend, type Trend, trendOf } from '../../src/stats/trend.ts';

const MINUTES = 180;
const JUDGED = { from: MINUTES - 15, to: MINUTES - 1 };

function natsOf(of: (minute: number) => number): number {
  const series = Float64Array.from({ length: MINUTES }, (_, minute) => of(minute));
  return aboveTrend(series, trendOf(series, JUDGED.from) as Trend, JUDGED);
}

const noise = (minute: number) => ((minute * 7_919) % 13) - 6;

describe('what is above its trend', () => {
  it.each<[string, (minute: number) => number, boolean]>([
    ['the same as ever', (i) => 1_000 + noise(i), false],
    ['a rise that goes on as it did all day', (i) => 1_000 + 3 * i + noise(i), false],
    ['a step of a few per cent', (i) => (i >= 172 ? 1_200 : 1_000) + noise(i), true],
    ['a peak of one minute', (i) => (i === 174 ? 9_000 : 1_000) + noise(i), false],
    ['a fall', (i) => (i >= 172 ? 100 : 1_000) + noise(i), false],
    ['what comes back every hour', (i) => (i % 60 > 50 && i % 60 < 56 ? 1_500 : 1_000) + noise(i), false],
    ['what comes up for the first time', (i) => (i > 170 && i < 176 ? 1_500 : 1_000) + noise(i), true],
    ['the first events of a quiet total', (i) => (i >= 172 ? 12 : 0), true],
    ['nothing at all', () => 0, false],
  ])('%s', (_, of, isAbove) => {
    expect(natsOf(of) >= 12).toBe(isAbove);
  });

  it('cannot be said of a few minutes', () => {
    expect(trendOf(new Float64Array(20), 10)).toBeNull();
  });
});
