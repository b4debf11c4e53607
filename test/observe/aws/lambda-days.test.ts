import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { readLambdaDays } from '../../../src/observe/aws/lambda-days.ts';
import type { FunctionFacts } from '../../../src/observe/aws/memory.ts';
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
  return readLambdaDays({ wire: fakeWire(aws), functions, fromAt: MONDAY, days: 2 });
}

describe('readLambdaDays', () => {
  it('reads what every function did, day by day; a day without datapoints is one on which nothing ran', async () => {
    const aws = fakeAws({ metrics: [...mondayOf('orders'), ...mondayOf('mail')] });
    const { functions, gaps } = await read(aws, [orders, { ...orders, name: 'mail' }]);
    expect(gaps).toEqual([]);
    expect(functions.map(({ fn }) => fn.name)).toEqual(['orders', 'mail']);
    for (const { durationMs, invocations } of functions) {
      expect([...durationMs]).toEqual([1_000_000, 0]);
      expect([...invocations]).toEqual([1_000, 0]);
    }
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
