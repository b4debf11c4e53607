import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredPersistence } from '../../src/decide/severity.ts';
import { decide } from '../../src/decide/tick.ts';
import { finding, input, only, window } from './build.ts';

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

describe('work that may be wanted', () => {
  // A minute of it costs $0.001: $1.44 a day, and in the twelve minutes since its onset a cent.
  const surge = finding({ detector: 'traffic-amplification' });

  it.each([
    [undefined, 'critical'],
    [true, 'warning'],
  ] as const)('mayBeWanted: %s is %s on a projection', (mayBeWanted, severity) => {
    const { incidents } = decide(input(), [
      { ...surge, ...(mayBeWanted === undefined ? {} : { mayBeWanted }) },
    ]);
    const incident = only(incidents);
    expect(incident.burn.projected24hUsd).toBeGreaterThan(1);
    expect(incident.burn.wastedUsd).toBeLessThan(1);
    expect(incident.severity).toBe(severity);
  });

  it('is critical once it has really cost the bound', () => {
    const { incidents } = decide(input({ window: window({ busyMs: 6_000_000 }) }), [
      { ...surge, mayBeWanted: true },
    ]);
    expect(only(incidents)).toMatchObject({ severity: 'critical' });
  });
});
