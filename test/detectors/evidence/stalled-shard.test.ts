import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stallOf } from '../../../detectors/evidence/stalled-shard.ts';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { series } from '../build.ts';

const minutes = (text: string) => series(text).map((age) => age * MINUTE_MS);

describe('stallOf', () => {
  it.each([
    ['five minutes older, five minutes later', '0.01x5 5 0.01x4 10 0.01x4 15', '0x5 1 0x4 1 0x4 1', 5, 15, 2],
    ['a minute older each minute', '0.01x5 2 3 4 5', '0x5 1x4', 5, 8, 3],
    ['by the clock, to a minute and a half', '0.01x5 5 0.01x4 11 0.01x5 16', '0x5 1 0x4 1 0x5 1', 5, 16, 2],
  ])('sees the same records again: %s', (_name, age, errors, firstMinute, lastMinute, repeats) => {
    expect(stallOf(minutes(age), series(errors))).toEqual({ firstMinute, lastMinute, repeats });
  });

  it.each([
    ['failures of young records', '0.01x20', '0x5 1 0x4 1 0x9'],
    ['a consumer that is behind, and fails nothing', '1 2 3 4 5 6 7 8', '0x8'],
    ['minutes without datapoints', '_x10', '_x10'],
  ])('sees nothing in %s', (_name, age, errors) => {
    expect(stallOf(minutes(age), series(errors))).toBeNull();
  });

  it('begins anew with other records', () => {
    const found = stallOf(minutes('5 0.01x4 10 0.01x4 3 0.01x4 8'), series('1 0x4 1 0x4 1 0x4 1'));
    expect(found).toEqual({ firstMinute: 10, lastMinute: 15, repeats: 1 });
  });

  it('finds records that come back at any interval', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 2, max: 8 }), (every, times) => {
        const age = new Float64Array(every * times + 1).fill(1_000);
        const errors = new Float64Array(age.length);
        for (let i = 0; i <= every * times; i += every) {
          age[i] = (i + 2) * MINUTE_MS;
          errors[i] = 1;
        }
        expect(stallOf(age, errors)).toMatchObject({ firstMinute: 0, repeats: times });
      }),
    );
  });
});
