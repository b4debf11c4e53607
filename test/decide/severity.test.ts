import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredPersistence } from '../../src/decide/severity.ts';

describe('requiredPersistence', () => {
  it.each([
    [6, 0.01, 6],
    [6, 1, 6],
    [6, 10, 4.8],
    [6, 100, 3.6],
    [6, 1_000_000, 3],
    [60, 10, 48],
  ])('blips of %s min at $%s/h: %s min', (blip, usdPerHour, minutes) => {
    expect(requiredPersistence(blip, usdPerHour)).toBeCloseTo(minutes, 6);
  });

  it('never asks for more patience as the burn rises', () => {
    const usd = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(usd, usd, (a, b) => {
        expect(requiredPersistence(6, Math.max(a, b))).toBeLessThanOrEqual(
          requiredPersistence(6, Math.min(a, b)),
        );
      }),
    );
  });
});
