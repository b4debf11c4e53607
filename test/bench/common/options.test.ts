import { describe, expect, it } from 'vitest';
import { parse } from '../../../bench/common/options.ts';

const DEFAULTS = { seeds: 12, seed: 400_000 };

describe('options of a benchmark', () => {
  it.each<[readonly string[], object]>([
    [[], DEFAULTS],
    [['--seeds', '3'], { seeds: 3, seed: 400_000 }],
    [['--seed=7', '--seeds=1'], { seeds: 1, seed: 7 }],
  ])('%j', (args, expected) => {
    expect(parse(DEFAULTS, args)).toEqual(expected);
  });

  it('names what there is when it is asked', () => {
    expect(parse(DEFAULTS, ['--help'])).toBe('help');
    expect(parse(DEFAULTS, ['-h', '--seeds', '3'])).toBe('help');
  });

  it.each([
    [['--seeds', '0'], '--seeds must be a positive number, not 0'],
    [['--seeds', 'many'], '--seeds must be a positive number, not many'],
    [['--seads', '3'], '--seads'],
    [['3'], '3'],
    [['--seeds'], '--seeds'],
  ])('%j is refused', (args, words) => {
    expect(parse(DEFAULTS, args)).toContain(words);
  });
});
