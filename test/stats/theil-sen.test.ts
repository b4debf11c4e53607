import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, normal } from '../../src/simulate/random.ts';
import { theilSen } from '../../src/stats/theil-sen.ts';

const x = Float64Array.from({ length: 60 }, (_, i) => (i * 37) % 60);

describe('theilSen', () => {
  it('finds the slope of a line exactly, whatever its intercept', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: -1e3, max: 1e3 }),
        (slope, intercept) => {
          const found = theilSen(
            x,
            x.map((value) => slope * value + intercept),
          );
          expect(found?.slope).toBeCloseTo(slope, 9);
        },
      ),
    );
  });

  it('is not moved by a quarter of wild points', () => {
    const y = x.map((value, i) => (i % 4 === 0 ? 9e6 : 2 * value));
    expect(theilSen(x, y)?.slope).toBeGreaterThan(1.5);
    expect(theilSen(x, y)?.slope).toBeLessThan(9e5);
  });

  it('covers the true slope in about 95 of 100 noisy cases, and explains what it explains', () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const rng = createRng(seed);
      const found = theilSen(
        x,
        x.map((value) => 0.5 * value + 10 * normal(rng)),
      );
      if (found !== null && found.low <= 0.5 && found.high >= 0.5) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.9);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it('explains nothing of what is unrelated, and all of what follows', () => {
    const rng = createRng(1);
    expect(
      theilSen(
        x,
        x.map(() => normal(rng)),
      )?.explained,
    ).toBeLessThan(0.2);
    expect(theilSen(x, x)?.explained).toBeCloseTo(1, 9);
  });

  it('is far from chance where y follows, and near it where it does not', () => {
    const rng = createRng(5);
    expect(theilSen(x, x)?.sigmas).toBeGreaterThan(8);
    expect(
      theilSen(
        x,
        x.map((value) => -value),
      )?.sigmas,
    ).toBeLessThan(-8);
    expect(
      Math.abs(
        theilSen(
          x,
          x.map(() => normal(rng)),
        )?.sigmas ?? 99,
      ),
    ).toBeLessThan(3);
  });

  it('has no slope where x does not move', () => {
    expect(theilSen(new Float64Array(20).fill(3), x)).toBeNull();
  });

  it('is less sure where points depend on one another', () => {
    const rng = createRng(3);
    const y = x.map((value) => value + 20 * normal(rng));
    const [alone, overlapping] = [theilSen(x, y), theilSen(x, y, { dependence: 2 })];
    expect(overlapping?.slope).toBe(alone?.slope);
    expect(overlapping?.low).toBeLessThan(alone?.low ?? Number.NaN);
  });
});
