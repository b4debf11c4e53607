import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { forecastMonitorCost, monitorCost } from '../../src/price/monitor-cost.ts';
import { THRIFTS } from '../../src/price/monitor-pace.ts';
import type { Fleet } from '../../src/price/monitor-plan.ts';

const prices = pricesFor('us-east-1');

function usdOf(item: string, input: Parameters<typeof forecastMonitorCost>[0]): number {
  const found = forecastMonitorCost(input).items.find((entry) => entry.item === item);
  return found?.usdPerMonth ?? Number.NaN;
}

describe('monitorCost', () => {
  it.each([
    ['a thousand metrics cost a cent', { metricRequests: 1000, apiRequests: 0 }, 0.01],
    ['a million queue readings cost 40 cents', { metricRequests: 0, apiRequests: 1e6 }, 0.4],
    ['nothing costs nothing', { metricRequests: 0, apiRequests: 0 }, 0],
  ])('%s', (_, requests, usd) => {
    expect(monitorCost(requests)).toBeCloseTo(usd, 12);
  });
});

describe('forecastMonitorCost', () => {
  const many: Fleet = { functions: 1_000, queues: 1_000, activeShare: 1 };

  it('costs $0.017 a month to read the depth of a queue every minute', () => {
    const usd = usdOf('SQS GetQueueAttributes', {
      fleet: { functions: 1, queues: 1, activeShare: 1 },
      prices,
    });
    expect(usd).toBeCloseTo(0.01728, 6);
  });

  it('costs 4 cents a function and month at a thousand functions, all of them active', () => {
    const { usdPerFunction } = forecastMonitorCost({ fleet: many, prices });
    expect(usdPerFunction).toBeLessThanOrEqual(0.04);
  });

  it('reads no metrics of idle functions, and the depths of their queues all the same', () => {
    const idle = { ...many, activeShare: 0 };
    const metrics = usdOf('CloudWatch GetMetricData', { fleet: idle, prices });
    expect(metrics).toBeLessThan(usdOf('CloudWatch GetMetricData', { fleet: many, prices }) / 2);
    expect(usdOf('SQS GetQueueAttributes', { fleet: idle, prices })).toBe(
      usdOf('SQS GetQueueAttributes', { fleet: many, prices }),
    );
  });

  it('is almost free for a small fleet, and never dearer after the free tier', () => {
    const small = forecastMonitorCost({ fleet: { functions: 2, queues: 1, activeShare: 1 }, prices });
    expect(
      usdOf('CloudWatch GetMetricData', { fleet: { functions: 2, queues: 1, activeShare: 1 }, prices }),
    ).toBe(0);
    // A key, a secret, some of the alarms and metrics, and Cost Explorer stay.
    expect(small.usdAfterFreeTier).toBeLessThan(4);
    for (const { usdPerMonth, usdAfterFreeTier } of small.items) {
      expect(usdAfterFreeTier).toBeLessThanOrEqual(usdPerMonth);
      expect(usdAfterFreeTier).toBeGreaterThanOrEqual(0);
    }
  });

  it('is the sum of its items, and grows with the fleet', () => {
    const count = fc.integer({ min: 0, max: 3_000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(count, count, share, (functions, queues, activeShare) => {
        const forecast = forecastMonitorCost({ fleet: { functions, queues, activeShare }, prices });
        const sum = forecast.items.reduce((total, { usdPerMonth }) => total + usdPerMonth, 0);
        expect(forecast.usdPerMonth).toBe(sum);
        const larger = { functions: 2 * functions + 10, queues: 2 * queues + 10, activeShare };
        expect(forecastMonitorCost({ fleet: larger, prices }).usdPerMonth).toBeGreaterThan(
          forecast.usdPerMonth,
        );
      }),
      { numRuns: 30 },
    );
  });

  it('costs less with each step of thrift', () => {
    const usd = THRIFTS.map((thrift) => forecastMonitorCost({ fleet: many, prices, thrift }).usdPerMonth);
    expect(usd).toEqual([...usd].sort((a, b) => b - a));
    expect(new Set(usd).size).toBe(THRIFTS.length);
  });

  describe('with sharding', () => {
    const of = (item: string, shards: number) => usdOf(item, { fleet: many, prices, shardsOf: () => shards });
    const total = (shards: number | undefined) =>
      forecastMonitorCost({
        ...{ fleet: many, prices },
        shardsOf: shards === undefined ? undefined : () => shards,
      });

    it('has the three states of each tick, $3.24 a month, and finding the plan, while there is no shard', () => {
      expect(of('Step Functions, each tick', 0)).toBeCloseTo((43_200 * 3 * 0.025) / 1_000, 9);
      const plan = of('Lambda, finding the plan', 0);
      expect(plan).toBeCloseTo(43_200 * (0.5 * 0.2 * 0.0000133334 + 0.2e-6), 6);
      expect(of('Step Functions, shards', 0)).toBeNaN();
      expect(total(0).usdPerMonth - total(undefined).usdPerMonth).toBeCloseTo(3.24 + plan, 6);
      expect(total(0).usdPerFunction).toBe(total(undefined).usdPerFunction);
    });

    it('has a transition, an express execution and an invocation more for each shard of each tick', () => {
      // A request at $1 a million, 10 s of 64 MB at $0.00001667 a GB-second.
      const workflow = 0.025 / 1_000 + 1 / 1e6 + 10 * (64 / 1_024) * 0.00001667;
      expect(of('Step Functions, shards', 4)).toBeCloseTo(43_200 * 4 * workflow, 6);
      expect(of('Lambda, starting shards', 4)).toBeCloseTo(43_200 * 4 * (0.5 * 2 * 0.0000133334 + 0.2e-6), 6);
      expect(of('DynamoDB, plan and readings', 4)).toBeGreaterThan(0);
      expect(total(4).usdPerFunction).toBeGreaterThan(total(0).usdPerFunction);
    });

    it('pays for requests beyond the free million', () => {
      const { items } = total(40);
      const shards = items.find(({ item }) => item === 'Lambda, starting shards');
      const beyond = 43_200 * 42 - 1_000_000;
      expect(shards?.usdAfterFreeTier).toBeGreaterThanOrEqual(beyond * 0.2e-6);
      expect(shards?.usdAfterFreeTier).toBeLessThan(shards?.usdPerMonth ?? 0);
      for (const { usdPerMonth, usdAfterFreeTier } of items) {
        expect(usdAfterFreeTier).toBeLessThanOrEqual(usdPerMonth);
        expect(usdAfterFreeTier).toBeGreaterThanOrEqual(0);
      }
    });

    it('asks for shards by what is read, and says how many', () => {
      const shardsOf = ({ depthReads }: { readonly depthReads: number }) =>
        Math.ceil(depthReads / 43_200 / 1_000);
      const { assumptions } = forecastMonitorCost({
        ...{ fleet: { ...many, queues: 5_000 }, prices, shardsOf },
      });
      expect(assumptions.join()).toMatch(/each tick is read by [3-9] shards/);
    });
  });

  it('says what it assumes', () => {
    expect(forecastMonitorCost({ fleet: many, prices }).assumptions.length).toBeGreaterThan(2);
  });
});
