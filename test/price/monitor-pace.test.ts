import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LambdaFunction } from '../../src/model/inventory.ts';
import { pacesOf, THRIFTS, type Watched, worstUsdPerHour } from '../../src/price/monitor-pace.ts';
import { readingDemand, typicalFleet } from '../../src/price/monitor-reading.ts';

function watched(over: Partial<Watched> = {}): Watched {
  return {
    worstUsdPerHour: 24,
    isActive: true,
    metrics: 10,
    glanceMetrics: 6,
    queues: 1,
    deadLetterQueues: 1,
    ...over,
  };
}

const many = (count: number, over: Partial<Watched> = {}) =>
  Array.from({ length: count }, () => watched(over));

describe('the pace of reading', () => {
  it.each([
    ['$10 an hour and more: its queue every minute, a suspicion every two', 10, 1, 2],
    ['$1 and more: every five minutes', 1, 5, 5],
    ['less: every fifteen', 0.99, 15, 15],
  ])('follows what a function can burn: %s', (_, usd, depthMinutes, suspectMinutes) => {
    const [pace] = pacesOf(many(1_000, { worstUsdPerHour: usd }), 0);
    expect(pace).toMatchObject({ depthMinutes, suspectMinutes });
  });

  it('reads a fleet every minute while the free requests suffice', () => {
    for (const pace of pacesOf([watched()], 0))
      expect(pace).toMatchObject({ readMinutes: 1, isGlance: false });
    const [pace] = pacesOf(many(4), 0);
    expect(pace?.readMinutes).toBeGreaterThan(1);
  });

  it('misses no minute of the largest fleet: a window holds 180', () => {
    for (const { readMinutes } of pacesOf(many(20_000), 0)) expect(readMinutes).toBeLessThan(180);
  });

  it('reads what has no queue to show trouble more often, and in full', () => {
    const fleet = [...many(30), ...many(30, { queues: 0, deadLetterQueues: 0, metrics: 5 })];
    const paces = pacesOf(fleet, 0);
    expect(paces.at(-1)?.readMinutes).toBeLessThan(paces[0]?.readMinutes ?? 0);
    expect(paces[0]?.isGlance).toBe(true);
    expect(paces.at(-1)?.isGlance).toBe(false);
  });

  it('saves first on what can burn little', () => {
    const fleet = [watched(), watched({ worstUsdPerHour: 0.5 })];
    const [dear, cheap] = pacesOf(fleet, 1);
    expect(dear?.depthMinutes).toBe(1);
    expect(cheap?.depthMinutes).toBeGreaterThan(15);
  });

  it('asks for less with each step of thrift, and for more with each function', () => {
    const size = fc.integer({ min: 1, max: 2_000 });
    fc.assert(
      fc.property(size, fc.integer({ min: 0, max: 2_000 }), (functions, queues) => {
        const fleet = typicalFleet({ functions, queues, activeShare: 1 });
        expect(fleet.reduce((sum, one) => sum + one.queues + one.deadLetterQueues, 0)).toBe(queues);
        const demands = THRIFTS.map((thrift) => readingDemand(fleet, thrift));
        for (const [i, demand] of demands.slice(1).entries()) {
          expect(demand.metrics).toBeLessThanOrEqual(demands[i]?.metrics ?? 0);
          expect(demand.depthReads).toBeLessThanOrEqual(demands[i]?.depthReads ?? 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('what a function can burn', () => {
  const fn: LambdaFunction = {
    name: 'orders-worker',
    memoryMB: 1_024,
    timeoutSeconds: 60,
    architecture: 'x86_64',
    ephemeralStorageMB: 512,
    reservedConcurrency: null,
    tags: {},
    eventSources: [],
    asyncInvoke: null,
  };
  const account = { limit: 1_000, reserved: 0 };

  it.each([
    ['the whole account', fn, 1_000],
    ['its reservation', { ...fn, reservedConcurrency: 5 }, 5],
    ['nothing where it is stopped', { ...fn, reservedConcurrency: 0 }, 0],
  ])('is that of %s', (_, one, concurrency) => {
    expect(worstUsdPerHour(one, 'us-east-1', account)).toBeCloseTo(concurrency * 3_600 * 0.0000166667, 3);
  });
});
