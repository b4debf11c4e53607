import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RiseKind, riseNats, riseTest } from '../../src/stats/shift.ts';

const DEPTH: RiseKind = { meanMin: 0.1, factor: 1.5, plus: 1 };
const quiet = Array.from({ length: 60 }, (_, i) => (i % 7 === 0 ? 1 : 0));

function natsOf(usual: readonly number[], newer: readonly number[], perReading = 6): number {
  return riseNats(newer, riseTest(usual, DEPTH), perReading);
}

describe('a rise of counts', () => {
  it.each<[string, readonly number[], readonly number[], boolean]>([
    ['as before: nothing', quiet, [0, 1, 0, 0, 1, 0], false],
    ['a few messages that stay: it grows', quiet, [2, 2, 2, 3, 3, 3], true],
    ['one reading out of line, however far: not enough', quiet, [5_000], false],
    ['twice: enough', quiet, [5_000, 5_000], true],
    ['of a busy queue, a little more: nothing', Array(60).fill(50), [52, 55, 51, 54], false],
    ['of a busy queue, twice as much', Array(60).fill(50), [100, 104], true],
    [
      'a queue that varies widely must rise further',
      [0, 200, 5, 150, 0, 90, 10, 180],
      [150, 170, 160],
      false,
    ],
    ['without any history a single message is nothing', [], [1, 1, 1, 1], false],
    ['without any history many are something', [], [9, 9, 9], true],
  ])('%s', (_, usual, newer, risen) => {
    expect(natsOf(usual, newer) >= 8).toBe(risen);
  });

  it('is never negative, and grows with what is read', () => {
    const counts = fc.array(fc.nat({ max: 1_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(counts, counts, fc.nat({ max: 100 }), (usual, newer, more) => {
        const nats = natsOf(usual, newer);
        expect(nats).toBeGreaterThanOrEqual(0);
        expect(
          natsOf(
            usual,
            newer.map((count) => count + more),
          ),
        ).toBeGreaterThanOrEqual(nats);
      }),
    );
  });
});
