import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NOTHING_MEASURED } from '../../../src/observe/aws/meter.ts';
import {
  expectedShards,
  partition,
  type ReadingOrder,
  readingCost,
  shardsFor,
} from '../../../src/observe/aws/shard-plan.ts';

function orderOf(queues: number, metrics: number): ReadingOrder {
  return {
    queues: Array.from({ length: queues }, (_, i) => ({ name: `queue-${i}`, url: `https://sqs/queue-${i}` })),
    metrics: Array.from({ length: metrics }, (_, i) => ({
      namespace: 'AWS/Lambda' as const,
      name: `fn-${Math.floor(i / 5)}`,
      metric: `Metric${i % 5}`,
    })),
  };
}

const orders = fc
  .record({ queues: fc.nat(300), metrics: fc.nat(300) })
  .map(({ queues, metrics }) => orderOf(queues, metrics));
const counts = fc.integer({ min: 1, max: 40 });

describe('the parts of an order', () => {
  it('hold each queue and each metric once, and nothing else', () => {
    fc.assert(
      fc.property(orders, counts, (order, shards) => {
        const parts = partition(order, shards);
        expect(parts).toHaveLength(shards);
        const keys = (of: readonly ReadingOrder[]) =>
          of.flatMap(({ queues, metrics }) => [...queues, ...metrics]).map((one) => JSON.stringify(one));
        expect(keys(parts).sort()).toEqual(keys([order]).sort());
      }),
    );
  });

  it('are the same for the same order', () => {
    fc.assert(
      fc.property(orders, counts, (order, shards) => {
        expect(partition(structuredClone(order), shards)).toEqual(partition(order, shards));
      }),
    );
  });

  it('take equally long, to one queue or one metric, whatever each costs', () => {
    const cost = fc.record({
      depthMs: fc.double({ min: 0.1, max: 100, noNaN: true }),
      metricMs: fc.double({ min: 0.1, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(orders, counts, cost, (order, shards, { depthMs, metricMs }) => {
        const times = partition(order, shards).map(
          ({ queues, metrics }) => queues.length * depthMs + metrics.length * metricMs,
        );
        const spread = Math.max(...times) - Math.min(...times);
        expect(spread).toBeLessThanOrEqual(depthMs + metricMs + 1e-9);
      }),
    );
  });
});

describe('how many shards', () => {
  const assumed = readingCost(NOTHING_MEASURED);

  it('none while one tick reads all within its share of the minute', () => {
    expect(shardsFor(orderOf(6_000, 0), assumed, 40)).toBe(0);
    expect(shardsFor(orderOf(6_100, 0), assumed, 40)).toBeGreaterThan(0);
  });

  it('as many as the measured cost asks for, and no more than there may be', () => {
    const slow = readingCost({ depths: { count: 10_000, ms: 1_000_000 }, metrics: { count: 0, ms: 0 } });
    expect(slow.depthMs).toBeGreaterThan(9.9);
    expect(shardsFor(orderOf(6_000, 0), slow, 40)).toBe(8);
    expect(shardsFor(orderOf(6_000, 0), slow, 5)).toBe(5);
  });

  it('grows with the order and with what reading takes', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(100_000), fc.integer({ min: 1, max: 500 }), (a, b, callMs) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        const cost = readingCost({
          depths: { count: 1e6, ms: callMs * 1e6 },
          metrics: NOTHING_MEASURED.metrics,
        });
        const slower = { ...cost, depthMs: cost.depthMs * 2 };
        const order = { queues: { length: small } as never, metrics: [] };
        const larger = { queues: { length: large } as never, metrics: [] };
        expect(shardsFor(larger, cost, 1_000)).toBeGreaterThanOrEqual(shardsFor(order, cost, 1_000));
        expect(shardsFor(order, slower, 1_000)).toBeGreaterThanOrEqual(shardsFor(order, cost, 1_000));
      }),
    );
  });

  it('as many as an order of that size, where only what a month asks for is known', () => {
    const month = 43_200;
    const demand = {
      ...{ depthReads: 20_000 * month, metrics: 900 * month, regionMetrics: 9 * month, searchMetrics: 0 },
    };
    expect(expectedShards(demand, 40)).toBe(shardsFor(orderOf(20_000, 909), assumed, 40));
    expect(expectedShards(demand, 40)).toBeGreaterThan(2);
    expect(expectedShards(demand, 2)).toBe(2);
    expect(expectedShards({ ...demand, depthReads: 100 * month }, 40)).toBe(0);
  });

  it('what is measured outweighs what was assumed, once there is enough of it', () => {
    const few = readingCost({ depths: { count: 1, ms: 1_000 }, metrics: { count: 0, ms: 0 } });
    const many = readingCost({ depths: { count: 100_000, ms: 500_000 }, metrics: { count: 0, ms: 0 } });
    expect(few.depthMs).toBeLessThan(assumed.depthMs * 1.5);
    expect(many.depthMs).toBeCloseTo(0.5, 1);
  });
});
