import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../../../src/model/time.ts';
import { readLambdaDays } from '../../../src/observe/aws/lambda-days.ts';
import type { FunctionFacts } from '../../../src/observe/aws/memory.ts';
import { pricesFor } from '../../../src/price/lambda-price.ts';
import { type FakeMetric, fakeAws } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

const MONDAY = Date.parse('2026-11-16T00:00:00Z');

const orders: FunctionFacts = {
  name: 'orders',
  memoryMB: 1024,
  timeoutSeconds: 60,
  architecture: 'arm64',
  ephemeralStorageMB: 512,
};

/** On Monday only: a thousand invocations of a second each. */
function mondayOf(name: string): FakeMetric[] {
  const dimensions = { FunctionName: name };
  const at = MONDAY + 12 * 60 * MINUTE_MS;
  return [
    { namespace: 'AWS/Lambda', metric: 'Invocations', dimensions, points: new Map([[at, 1_000]]) },
    { namespace: 'AWS/Lambda', metric: 'Duration', dimensions, points: new Map([[at, 1_000_000]]) },
  ];
}

function read(aws: ReturnType<typeof fakeAws>, functions: readonly FunctionFacts[]) {
  const prices = pricesFor('us-east-1');
  return readLambdaDays({
    wire: fakeWire(aws),
    functions,
    prices,
    savingsPlanDiscount: 0,
    fromAt: MONDAY,
    days: 2,
  });
}

describe('readLambdaDays', () => {
  it('adds GB-seconds, requests and dollars of every function, day by day', async () => {
    const aws = fakeAws({ metrics: [...mondayOf('orders'), ...mondayOf('mail')] });
    const { days, gaps } = await read(aws, [orders, { ...orders, name: 'mail', memoryMB: 512 }]);
    expect(gaps).toEqual([]);
    expect(days.map(({ startAt }) => startAt)).toEqual([MONDAY, MONDAY + DAY_MS]);
    expect(days[0]).toMatchObject({ gbSeconds: 1_500, requests: 2_000 });
    expect(days[0]?.usd).toBeCloseTo(1_500 * 0.0000133334 + 2_000 * 0.0000002, 6);
  });

  it('a day without datapoints is a day on which nothing ran', async () => {
    const { days } = await read(fakeAws({ metrics: mondayOf('orders') }), [orders]);
    expect(days[1]).toMatchObject({ gbSeconds: 0, requests: 0, usd: 0 });
  });

  it('a function whose metrics cannot be read is a gap, so that nobody takes the rest for the whole', async () => {
    const aws = fakeAws({
      metrics: mondayOf('orders'),
      fault: ({ operation }) =>
        operation === 'GetMetricStatistics' ? { status: 400, code: 'AccessDenied' } : undefined,
    });
    expect((await read(aws, [orders])).gaps.length).toBeGreaterThan(0);
  });
});
