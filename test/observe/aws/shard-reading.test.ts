import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handedOver } from '../../../src/observe/aws/handed-over.ts';
import { requestsFor } from '../../../src/observe/aws/metric-request.ts';
import { pack } from '../../../src/observe/aws/packed.ts';
import { partition, type ReadingOrder } from '../../../src/observe/aws/shard-plan.ts';
import {
  packPlan,
  packReading,
  readShard,
  unpackPlan,
  unpackReading,
} from '../../../src/observe/aws/shard-reading.ts';
import { CALLS_PER_SECOND, type Quota } from '../../../src/observe/aws/turns.ts';
import { simulatedClock } from '../../simulated-clock.ts';
import { busyOrders, NOW } from './account.ts';
import { fakeAws } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

const HOST = 'https://sqs.us-east-1.amazonaws.com/111122223333/';
const ORDER: ReadingOrder = {
  queues: ['orders', 'orders-dlq', 'gone'].map((name) => ({ name, url: `${HOST}${name}` })),
  metrics: ['Invocations', 'Duration', 'Errors'].map((metric) => ({
    namespace: 'AWS/Lambda' as const,
    name: 'orders-worker',
    metric,
  })),
};

describe('what a shard reads', () => {
  it('is what its part asks for, and what it cannot read a gap', async () => {
    const aws = fakeAws(busyOrders());
    const reading = await readShard(fakeWire(aws), ORDER, NOW);
    expect([...reading.queues.keys()]).toEqual(['orders', 'orders-dlq', 'gone']);
    expect(reading.queues.get('gone')).toMatchObject({ isGone: true });
    expect(reading.metrics.map(({ metric }) => metric)).toEqual(['Invocations', 'Duration', 'Errors']);
    expect(reading.measured.depths.count).toBe(2);
    expect(reading.measured.metrics.count).toBe(3);
  });

  it('survives being handed over, to the datapoint', async () => {
    const reading = { ...(await readShard(fakeWire(fakeAws(busyOrders())), ORDER, NOW)), usd: 0.01 };
    expect(unpackReading(packReading(reading))).toEqual(reading);
  });

  it('throttled or denied, it says so for each metric, and the tick passes it on', async () => {
    const aws = fakeAws({
      ...busyOrders(),
      fault: ({ operation }) =>
        operation === 'GetMetricData' ? { status: 403, code: 'AccessDeniedException' } : undefined,
    });
    const reading = { ...(await readShard(fakeWire(aws), ORDER, NOW)), usd: 0 };
    const handed = handedOver(NOW, [ORDER], [unpackReading(packReading(reading))]);
    const requests = requestsFor('AWS/Lambda', 'orders-worker', ['Errors']);
    const { gaps } = await handed.read(async () => ({ values: new Map(), gaps: [] }))(requests);
    expect(gaps.map(({ reason }) => reason)).toEqual(['access denied: needs cloudwatch:GetMetricData']);
  });
});

describe('what a plan and a reading are written as', () => {
  it('a plan survives it', () => {
    const plan = { at: NOW, parts: partition(ORDER, 2) };
    expect(unpackPlan(packPlan(plan))).toEqual(plan);
  });

  it('anything else is nothing, and no crash', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.jsonValue().map(pack)), (text) => {
        expect(unpackPlan(text)).toBeNull();
        expect(unpackReading(text)).toBeNull();
      }),
    );
  });

  it('damaged, it is nothing as well', async () => {
    const reading = { ...(await readShard(fakeWire(fakeAws(busyOrders())), ORDER, NOW)), usd: 0 };
    const text = packReading(reading);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: text.length }), (from, count) => {
        expect(() => unpackReading(text.slice(0, from) + text.slice(from + count))).not.toThrow();
      }),
    );
  });
});

describe('shards that read at once', () => {
  const SHARDS = 12;
  const QUEUES = 2_400;
  const METRICS = 6_000;

  it('stay within one account together, and leave the control plane of Lambda alone', async () => {
    const clock = simulatedClock();
    const aws = fakeAws({ queues: [{ name: 'queue' }] });
    const order: ReadingOrder = {
      queues: Array.from({ length: QUEUES }, () => ({ name: 'queue', url: `${HOST}queue` })),
      metrics: Array.from({ length: METRICS }, (_, i) => ({
        namespace: 'AWS/Lambda' as const,
        name: `fn-${i}`,
        metric: 'Errors',
      })),
    };
    const calls = new Map<Quota, number[]>();
    await Promise.all(
      partition(order, SHARDS).map(async (part, index) => {
        const wire = fakeWire(aws, { clock, reader: { index, of: SHARDS } });
        const counted = {
          async take(quota: Quota) {
            await wire.turns.take(quota);
            calls.set(quota, [...(calls.get(quota) ?? []), clock.now()]);
          },
        };
        return readShard({ ...wire, turns: counted }, part, NOW);
      }),
    );
    expect([...calls.keys()].sort()).toEqual(['getMetricData', 'sqs']);
    expect(calls.get('sqs')).toHaveLength(QUEUES);
    for (const [quota, instants] of calls) {
      instants.sort((a, b) => a - b);
      for (const [i, at] of instants.entries()) {
        const after = instants[i + CALLS_PER_SECOND[quota]];
        if (after !== undefined) expect(after - at, quota).toBeGreaterThanOrEqual(1_000 - 1e-6);
      }
    }
    expect(new Set(aws.calls.map(({ operation }) => operation))).toEqual(
      new Set(['GetQueueAttributes', 'GetMetricData']),
    );
  });
});
