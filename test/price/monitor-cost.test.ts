import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { forecastMonitorCost, monitorCost } from '../../src/price/monitor-cost.ts';
import { DEFAULT_PLAN, type Fleet } from '../../src/price/monitor-plan.ts';

const prices = pricesFor('us-east-1');
const fleet: Fleet = { functions: 100, queues: 40, activeShare: 1 };

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
  it('costs $0.432 a month for each metric that is read every minute', () => {
    const plan = {
      ...DEFAULT_PLAN,
      metricsPerFunction: 6,
      metricsPerQueue: 0,
      tripwireMetrics: 0,
      freeLaneMetrics: 0,
    };
    const usd = usdOf('CloudWatch GetMetricData', { fleet, prices, plan });
    expect(usd).toBeCloseTo(100 * 6 * 0.432, 6);
  });

  it('costs $0.017 a month to read the depth of a queue every minute', () => {
    const usd = usdOf('SQS GetQueueAttributes', { fleet: { ...fleet, queues: 1 }, prices });
    expect(usd).toBeCloseTo(0.01728, 6);
  });

  it('reads only active functions and their queues', () => {
    const plan = { ...DEFAULT_PLAN, freeLaneMetrics: 0 };
    const idle = usdOf('CloudWatch GetMetricData', { fleet: { ...fleet, activeShare: 0 }, prices, plan });
    const busy = usdOf('CloudWatch GetMetricData', { fleet, prices, plan });
    expect(busy - idle).toBeCloseTo((100 * 5 + 40 * 6) * 0.432, 6);
  });

  it('reads the first 20 metrics of a tick for nothing', () => {
    const small: Fleet = { functions: 1, queues: 1, activeShare: 1 };
    expect(usdOf('CloudWatch GetMetricData', { fleet: small, prices })).toBe(0);
    const { items } = forecastMonitorCost({ fleet: small, prices });
    const requests = items.find(({ item }) => item.startsWith('CloudWatch ListMetrics'));
    expect(requests?.quantity).toBe(16 * 43_200 + 36 * 720 + 9 * 720);
    expect(requests?.usdAfterFreeTier).toBe(0);
  });

  it('is almost free for a small fleet, and never dearer after the free tier', () => {
    const small = forecastMonitorCost({ fleet: { functions: 2, queues: 1, activeShare: 1 }, prices });
    // A key, a secret and Cost Explorer stay.
    expect(small.usdAfterFreeTier).toBeLessThan(3);
    for (const { usdPerMonth, usdAfterFreeTier } of small.items) {
      expect(usdAfterFreeTier).toBeLessThanOrEqual(usdPerMonth);
      expect(usdAfterFreeTier).toBeGreaterThanOrEqual(0);
    }
  });

  it('costs a fifth as much to read every five minutes', () => {
    const plan = { ...DEFAULT_PLAN, tripwireMetrics: 0, freeLaneMetrics: 0 };
    const everyMinute = usdOf('CloudWatch GetMetricData', { fleet, prices, plan });
    const calmly = usdOf('CloudWatch GetMetricData', { fleet, prices, plan: { ...plan, minutesPerRead: 5 } });
    expect(calmly).toBeCloseTo(everyMinute / 5, 6);
  });

  it('spaces surveys of a large fleet so that their calls stay below their limit', () => {
    const usd = usdOf('CloudWatch ListMetrics, GetMetricStatistics', {
      fleet: { functions: 10_000, queues: 1_000, activeShare: 1 },
      prices,
    });
    expect(usd).toBeCloseTo(((20 * 43_200 + 36 * 720 + 500_000) / 1000) * 0.01, 6);
  });

  it('is the sum of its items, and grows with the fleet', () => {
    const count = fc.integer({ min: 0, max: 10_000 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(count, count, share, (functions, queues, activeShare) => {
        const forecast = forecastMonitorCost({ fleet: { functions, queues, activeShare }, prices });
        const sum = forecast.items.reduce((total, { usdPerMonth }) => total + usdPerMonth, 0);
        expect(forecast.usdPerMonth).toBe(sum);
        const larger = forecastMonitorCost({
          fleet: { functions: functions + 1, queues: queues + 1, activeShare },
          prices,
        });
        expect(larger.usdPerMonth).toBeGreaterThan(forecast.usdPerMonth);
      }),
    );
  });

  it('says what it assumes', () => {
    expect(forecastMonitorCost({ fleet, prices }).assumptions.length).toBeGreaterThan(2);
  });
});
