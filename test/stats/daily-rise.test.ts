import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { between, createRng, normal } from '../../src/simulate/random.ts';
import { dailyRises } from '../../src/stats/daily-rise.ts';

/** A Monday. */
const START = Date.parse('2026-01-05T00:00:00Z');
const DAY_MS = 86_400_000;
const dateOf = (day: number) => new Date(START + day * DAY_MS);

type Shape = (day: number, date: Date) => number;

/** $100 a day with 4 % of noise, times what the shape says. */
function bill(shape: Shape, days = 150, seed = 7): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from(
    { length: days },
    (_, day) => 100 * shape(day, dateOf(day)) * Math.exp(0.04 * normal(rng)),
  );
}
const rises = (shape: Shape, days?: number) => dailyRises(bill(shape, days), START);

const isWeekend = (date: Date) => [0, 6].includes(date.getUTCDay());

describe('a rise', () => {
  it.each<[string, Shape, number]>([
    ['a step of half', (day) => (day >= 100 ? 1.5 : 1), 100],
    [
      'a step on a Saturday, when little is spent',
      (day, date) => (isWeekend(date) ? 0.4 : 1) * (day >= 103 ? 1.9 : 1),
      103,
    ],
    ['one dear day', (day) => (day === 120 ? 3 : 1), 120],
    ['something that was never there before', (day) => (day >= 90 ? 0.6 : 0), 90],
    ['a step in a bill that grows', (day) => 1.003 ** day * (day >= 110 ? 1.5 : 1), 110],
  ])('%s: told on its first day, once', (_, shape, day) => {
    const found = rises(shape);
    expect(found.map((rise) => rise.day)).toEqual([day]);
    const [rise] = found;
    expect(rise?.usd).toBeGreaterThan((rise?.usualUsd ?? 0) + 13);
  });

  it('a second step on top of the first is told too', () => {
    const found = rises((day) => (day >= 120 ? 2.6 : day >= 100 ? 1.6 : 1));
    expect(found.map(({ day }) => day)).toEqual([100, 120]);
  });

  it('some weeks after one that is over is told too', () => {
    const found = rises((day) => (day >= 110 ? 1.6 : day >= 65 && day < 90 ? 2 : 1));
    expect(found.map(({ day }) => day)).toEqual([65, 110]);
  });

  it('of a third is told on its first day, where a bill breathes by 7 %', () => {
    const seeds = Array.from({ length: 40 }, (_, i) => 500 + i);
    const told = seeds.filter((seed) => {
      const rng = createRng(seed);
      const usd = Float64Array.from(
        { length: 150 },
        (_, day) => (day >= 149 ? 133 : 100) * Math.exp(0.07 * normal(rng)),
      );
      return dailyRises(usd, START).some(({ day }) => day === 149);
    });
    expect(told.length).toBeGreaterThanOrEqual(34);
  });

  it('says what was usual for such a day: a weekend is cheaper', () => {
    const [rise] = rises((day, date) => (isWeekend(date) ? 0.5 : 1) * (day >= 103 ? 2.5 : 1));
    expect(dateOf(rise?.day ?? 0).getUTCDay()).toBe(6);
    expect(rise?.usualUsd).toBeGreaterThan(42);
    expect(rise?.usualUsd).toBeLessThan(58);
  });
});

describe('no rise', () => {
  it.each<[string, Shape]>([
    ['a bill that only breathes', () => 1],
    ['weeks', (_, date) => (isWeekend(date) ? 0.3 : 1)],
    ['growth', (day) => 1.004 ** day],
    ['a fall, and its end', (day) => (day >= 80 && day < 95 ? 0.4 : 1)],
    ['credits of five weeks, and their end', (day) => (day >= 70 && day < 92 ? 0.1 : 1)],
    ['a refund: a negative day', (day) => (day === 101 ? -2 : 1)],
    ['a rise of a twentieth', (day) => (day >= 100 ? 1.05 : 1)],
    ['three times next to nothing', (day) => (day >= 100 ? 0.09 : 0.03)],
  ])('%s', (_, shape) => {
    expect(rises(shape)).toEqual([]);
  });

  it.each<[string, Shape]>([
    ['a fee on the first', (_, date) => (date.getUTCDate() === 1 ? 2 : 1)],
    ['the last day of each month', (day) => (dateOf(day + 1).getUTCDate() === 1 ? 1.8 : 1)],
    ['a run on the 15th', (_, date) => (date.getUTCDate() === 15 ? 1.6 : 1)],
  ])('%s, once it was seen in two months', (_, shape) => {
    const learnt = rises(shape, 190).filter(({ day }) => day > 100);
    expect(learnt).toEqual([]);
  });

  it('before four weeks are known', () => {
    expect(rises((day) => (day >= 20 ? 5 : 1), 28)).toEqual([]);
  });
});

describe('what was said of a day', () => {
  it('rests on nothing that came after it', () => {
    const seeds = fc.integer({ min: 0, max: 1e6 });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 30, max: 149 }), (seed, cut) => {
        const rng = createRng(seed, 2);
        const stepAt = Math.floor(between(rng, 30, 150));
        const usd = bill((day) => (day >= stepAt ? 2 : 1), 150, seed);
        const whole = dailyRises(usd, START).filter(({ day }) => day < cut);
        expect(dailyRises(usd.slice(0, cut), START)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on where the history begins', () => {
    const usd = bill((day, date) => (isWeekend(date) ? 0.4 : 1) * (day >= 140 ? 2 : 1), 190);
    const later = usd.slice(20);
    expect(dailyRises(later, START + 20 * DAY_MS).map(({ day }) => day + 20)).toEqual(
      dailyRises(usd, START).map(({ day }) => day),
    );
  });
});
