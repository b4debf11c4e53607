import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../src/model/time.ts';
import { type ProjectionInput, project } from '../../src/price/projection.ts';

const NOW = Date.parse('2026-11-01T00:00:00Z');
const QUEUE = {
  name: 'orders',
  visibilityTimeoutSeconds: 360,
  messageRetentionSeconds: 345_600,
  redrive: null,
};

function query(overrides: Partial<ProjectionInput> = {}): ProjectionInput {
  return {
    now: NOW,
    wastedUsdPerHour: 2,
    selfEnd: { kind: 'never' },
    queue: QUEUE,
    failingArrivalsPerMinute: 0,
    usdPerAttempt: 0,
    ceilingUsdPerHour: 60,
    ...overrides,
  };
}

describe('project', () => {
  it('goes on at the present rate where nothing ends it', () => {
    expect(project(query())).toMatchObject({ projected24hUsd: 48, projectedUsd: 2 * 24 * 30, endsAt: null });
  });

  it('ends with the dead-letter queue once nothing new arrives', () => {
    const { endsAt, projectedUsd } = project(query({ selfEnd: { kind: 'dead-letter-queue', attempts: 5 } }));
    expect(endsAt).toBe(NOW + 5 * 360_000);
    expect(projectedUsd).toBeCloseTo(2 * 0.5, 6);
  });

  it('does not end while failing work keeps arriving', () => {
    const selfEnd = { kind: 'dead-letter-queue', attempts: 5 } as const;
    expect(project(query({ selfEnd, failingArrivalsPerMinute: 3 })).endsAt).toBeNull();
  });

  it('ends when the last message expires, where there is no dead-letter queue', () => {
    const selfEnd = { kind: 'retention', afterSeconds: 345_600 } as const;
    expect(project(query({ selfEnd })).endsAt).toBe(NOW + 4 * DAY_MS);
  });

  it('grows with a queue that nothing empties, up to what the concurrency can burn', () => {
    const selfEnd = { kind: 'retention', afterSeconds: 345_600 } as const;
    const growing = query({ selfEnd, failingArrivalsPerMinute: 10, usdPerAttempt: 0.005 });
    const { projected24hUsd } = project(growing);
    expect(projected24hUsd).toBeGreaterThan(48);
    expect(projected24hUsd).toBeLessThanOrEqual(60 * 24);
  });

  it('goes on growing as it has since it began, where all that arrives adds to it', () => {
    const selfEnd = { kind: 'accumulating', sinceAt: NOW - DAY_MS } as const;
    // From 0 to 2 dollars an hour in the day before, so to 4 in the next: 3 in the mean.
    expect(project(query({ selfEnd }))).toMatchObject({ projected24hUsd: 72, endsAt: null });
    expect(project(query({ selfEnd, ceilingUsdPerHour: 2 })).projected24hUsd).toBe(48);
  });

  it('a day never costs more than the whole, and nothing is negative', () => {
    const usd = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(usd, usd, fc.double({ min: 0, max: 1e4, noNaN: true }), (rate, attempt, arrivals) => {
        const selfEnd = { kind: 'retention', afterSeconds: 86_400 } as const;
        const result = project(
          query({
            selfEnd,
            wastedUsdPerHour: rate,
            usdPerAttempt: attempt,
            failingArrivalsPerMinute: arrivals,
          }),
        );
        expect(result.projected24hUsd).toBeGreaterThanOrEqual(0);
        expect(result.projectedUsd).toBeGreaterThanOrEqual(result.projected24hUsd - 1e-6);
      }),
    );
  });
});
