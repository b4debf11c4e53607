import { describe, expect, it } from 'vitest';
import type { BillNote } from '../../../src/model/bill.ts';
import { DEFAULT_CONFIG } from '../../../src/model/config.ts';
import { UnavailableError } from '../../../src/model/errors.ts';
import type { Incident } from '../../../src/model/incident.ts';
import { HOUR_MS } from '../../../src/model/time.ts';
import { baselineSpan } from '../../../src/observe/aws/baselines.ts';
import { awsSource } from '../../../src/observe/aws/source.ts';
import { windowSpan } from '../../../src/observe/aws/window-span.ts';
import { NOW, orders } from './account.ts';
import { type FakeMetric, type FakeState, fakeAws } from './fake-aws.ts';

const SPAN = baselineSpan(NOW);

/** A function's metric with the same value once an hour, and another one in the hours within the window. */
function hourly(metric: string, value: number, lately = value): FakeMetric {
  const points = new Map<number, number>();
  for (let hour = 0; hour < SPAN.points; hour++) points.set(SPAN.startAt + hour * HOUR_MS, value);
  points.set(SPAN.startAt + SPAN.points * HOUR_MS, lately);
  return { namespace: 'AWS/Lambda', metric, dimensions: { FunctionName: 'orders-worker' }, points };
}

function sourceOf(state: Partial<FakeState>) {
  const aws = fakeAws(orders(state));
  return { aws, source: awsSource({ clients: aws.clients, sleep: async () => undefined }) };
}

const METRICS = [
  hourly('Invocations', 100, 9_000),
  hourly('Errors', 1, 9_000),
  hourly('Throttles', 0),
  hourly('Duration', 200),
  hourly('ConcurrentExecutions', 3),
];

describe('baselines over the wire', () => {
  it('are whole hours that end before the window begins', () => {
    const endAt = SPAN.startAt + SPAN.points * HOUR_MS;
    expect(endAt % HOUR_MS).toBe(0);
    expect(endAt).toBeLessThanOrEqual(windowSpan(NOW).startAt);
    expect(SPAN.points).toBe(336);
  });

  it('leave out the window, so that a runaway does not become normal', async () => {
    const { source } = sourceOf({ metrics: METRICS });
    const baseline = (await source.baselines(NOW, [])).functions.get('orders-worker');
    expect(baseline?.invocationsPerHour).toBe(100);
    expect(baseline?.errorShare).toBeCloseTo(0.01);
    expect(baseline?.hours).toBe(336);
  });

  it('leave out the hours of an incident', async () => {
    const { source } = sourceOf({ metrics: METRICS });
    const incident = {
      functions: ['orders-worker'],
      queues: [],
      state: 'open',
      onsetAt: SPAN.startAt + 300 * HOUR_MS,
    } as unknown as Incident;
    expect((await source.baselines(NOW, [incident])).functions.get('orders-worker')?.hours).toBe(300);
  });

  it('take five calls a function and none of GetMetricData', async () => {
    const { aws, source } = sourceOf({ metrics: METRICS });
    await source.baselines(NOW, []);
    expect(aws.count('GetMetricStatistics')).toBe(5);
    expect(aws.count('GetMetricData')).toBe(0);
    expect(source.reads().metricRequests).toBe(0);
  });

  it('a function of which one series is unreadable has none: half a history would pass for normal what is not', async () => {
    const { source } = sourceOf({
      metrics: METRICS,
      fault: ({ input }) =>
        input['MetricName'] === 'Errors' ? { status: 403, code: 'AccessDenied' } : undefined,
    });
    expect((await source.baselines(NOW, [])).functions.size).toBe(0);
  });

  it.each(['GetMetricStatistics', 'ListMetrics'])(
    'without %s there are none, and one line says why',
    async (operation) => {
      const { source } = sourceOf({
        metrics: METRICS,
        fault: (seen) => (seen.operation === operation ? { status: 403, code: 'AccessDenied' } : undefined),
      });
      await expect(source.baselines(NOW, [])).rejects.toThrow(UnavailableError);
      await expect(source.baselines(NOW, [])).rejects.toThrow(`needs cloudwatch:${operation}`);
    },
  );

  it('say what budgets have spent, by tag too, and how far estimates were from the bill', async () => {
    const { aws, source } = sourceOf({ metrics: METRICS });
    aws.state.functions = aws.state.functions.map((fn) => ({ ...fn, tags: { team: 'shop' } }));
    const budget = { monthlyUsd: 9, byTag: { team: { shop: 5, search: 5 } }, byFunction: {} };
    const calibration = {
      usageType: 'all',
      billedUsd: 103,
      computedUsd: 100,
      quantityRatio: null,
      days: 7,
      untilAt: NOW,
      isEstimated: true,
    };
    const bill: BillNote = {
      readAt: NOW,
      untilAt: NOW,
      monthStartAt: 0,
      monthUsd: 0,
      budgets: [],
      calibration: [calibration],
      anomalies: [],
      downstream: [],
    };
    const learnt = await source.baselines(NOW, [], { config: { ...DEFAULT_CONFIG, budget }, bill });
    expect(learnt.budgets?.map(({ name, functions }) => [name, functions.join()])).toEqual([
      ['the account', 'orders-worker'],
      ['team=shop', 'orders-worker'],
      ['team=search', ''],
    ]);
    expect(learnt.budgets?.[0]?.hourUsd).toHaveLength(336);
    expect(learnt.budgets?.[0]?.hourUsd[0]).toBeGreaterThan(0);
    expect(learnt.calibration).toEqual(calibration);
  });

  it('read no tags where no budget asks for them', async () => {
    const { aws, source } = sourceOf({ metrics: METRICS });
    const budget = { monthlyUsd: 9, byTag: {}, byFunction: { 'orders-worker': 5 } };
    await source.baselines(NOW, [], { config: { ...DEFAULT_CONFIG, budget }, bill: null });
    expect(aws.count('GetFunction') + aws.count('ListTags')).toBe(0);
  });

  it('an account without history has empty ones', async () => {
    const { source } = sourceOf({});
    const baselines = await source.baselines(NOW, []);
    expect(baselines.functions.size + baselines.queues.size).toBe(0);
  });
});
