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

  it('says what it assumes', () => {
    expect(forecastMonitorCost({ fleet: many, prices }).assumptions.length).toBeGreaterThan(2);
  });
});
