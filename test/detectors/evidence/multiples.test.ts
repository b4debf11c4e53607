import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copiesOf } from '../../../detectors/evidence/multiples.ts';
import { series } from '../build.ts';
import { arrivals } from '../counts.ts';

const copies = (words: string) => {
  const counts = series(words);
  return copiesOf(counts, { from: 0, to: counts.length });
};

describe('copiesOf', () => {
  it.each([
    [12, '12 48 0 24 60 36 12 84 24 48', 'in ten minutes'],
    [24, '96 240 192 168 120 216 264 144', 'many of each, in eight'],
    [12, '12 48 0 24 61 35 12 84 24 48 36 60 12 24', 'though some are counted in the next minute'],
    [1, '12 48 _ 24', 'not yet'],
    [1, '120x30', 'none: as many each minute is a schedule'],
    [1, '7x10 14 7x10', 'none, or a schedule that slips'],
    [1, '20 31 18 25 22 27 19 30 24 21', 'none: single arrivals'],
    [1, '_x20', 'none: nothing arrives'],
  ])('%i: %s (%s)', (expected, words) => {
    expect(copies(words)).toBe(expected);
  });

  it('finds what each message became, of any number and rate', () => {
    const cases = Array.from({ length: 200 }, (_, seed) => ({
      seed,
      clump: 5 + (seed % 56),
      mean: 2 + (seed % 8),
    }));
    const found = cases.filter(
      ({ seed, clump, mean }) => copies(arrivals(40, { mean: clump * mean, clump, seed })) === clump,
    );
    // By chance the clumps of one in fifty vary too little, or are of pairs.
    expect(found.length).toBeGreaterThanOrEqual(196);
  });

  it('never names a number that they are not multiples of', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 1, max: 9 }),
        fc.nat(),
        (clump, originals, seed) => {
          const named = copies(arrivals(40, { mean: clump * originals, clump, seed }));
          expect(named === 1 || named % clump === 0 || clump % named === 0).toBe(true);
        },
      ),
    );
  });

  it('takes no independent arrivals for copies', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 400, noNaN: true }), fc.nat(), (mean, seed) => {
        expect(copies(arrivals(60, { mean, seed }))).toBe(1);
      }),
    );
  });
});
