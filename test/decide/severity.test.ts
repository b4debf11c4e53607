import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requiredPersistence } from '../../src/decide/severity.ts';
import { decide } from '../../src/decide/tick.ts';
import { finding, input, only, window } from './build.ts';

describe('requiredPersistence', () => {
  it.each([
    [6, 0.01, 6],
    [6, 1, 6],
    [6, 10, 4],
    [6, 20, 3.397940009],
    [6, 100, 3],
    [6, 1_000_000, 3],
    [60, 10, 40],
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

  it('while it may yet be over, wakes somebody only once it has cost ten times the bound', () => {
    const young = { ...surge, mayBeWanted: true, persistenceMinutes: 12, blipMinutes: 80 };
    const severityAt = (busyMs: number) =>
      only(decide(input({ window: window({ busyMs }) }), [young]).incidents);
    expect(severityAt(6_000_000).burn.wastedUsd).toBeLessThan(10);
    expect(severityAt(6_000_000)).toMatchObject({ state: 'pending' });
    expect(severityAt(60_000_000)).toMatchObject({ state: 'critical' });
  });
});

describe('lost messages', () => {
  const QUEUES = [
    { name: 'orders', redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 3 } },
    { name: 'orders-dlq', redrive: null },
  ].map((queue) => ({ visibilityTimeoutSeconds: 120, messageRetentionSeconds: 345_600, ...queue }));
  const history = (arrivalsMaximum: number) => ({
    activeHours: 300,
    hours: 300,
    isOfWeekend: false,
    failedReceiveShare: 0,
    failedReceiveShareP95: 0,
    sentPerHour: 1_000,
    sentMaximum: 2_000,
    arrivalsPerHour: 0,
    arrivalsMaximum,
  });

  it.each([
    ['more than the dead-letter queue has had in any hour, as busy as its source is', 10, 'critical'],
    ['as many as it has had before', 400, 'warning'],
  ])('%s', (_, worstHour, severity) => {
    const base = window({ busyMs: 1 });
    const losing = finding({ loss: { lost: 400, lostPerHour: 900, expiresAt: null } });
    const { incidents } = decide(
      input({
        window: { ...base, inventory: { ...base.inventory, queues: QUEUES } },
        baselines: {
          builtAt: 0,
          functions: new Map(),
          queues: new Map([
            ['orders', history(2_000)],
            ['orders-dlq', history(worstHour)],
          ]),
        },
      }),
      [losing],
    );
    expect(only(incidents).severity).toBe(severity);
  });
});
