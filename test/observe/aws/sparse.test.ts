import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { packMemory, unpackMemory } from '../../../src/observe/aws/memory.ts';
import { type AwsSourceOptions, awsSource } from '../../../src/observe/aws/source.ts';
import { incidentOf } from '../../store/samples.ts';
import { lambdaMetric, NOW, regionMetric } from './account.ts';
import { type FakeAws, type FakeMetric, fakeAws, mapping, queueArn } from './fake-aws.ts';

const FUNCTIONS = 24;
const names = Array.from({ length: FUNCTIONS }, (_, i) => `worker-${i}`);
const steady = Array.from({ length: 170 }, () => 5);

/** Every other function reads a queue; all of them run, a little. */
function fleet(more: readonly FakeMetric[] = []): FakeAws {
  const readers = names.filter((_, i) => i % 2 === 0);
  return fakeAws({
    functions: names.map((name) => ({ name })),
    mappings: readers.map((name) => mapping(name, queueArn(`${name}-jobs`))),
    queues: readers.map((name) => ({ name: `${name}-jobs` })),
    metrics: [
      ...names.flatMap((name) => [
        lambdaMetric(name, 'Invocations', steady),
        lambdaMetric(name, 'Duration', [60_000]),
      ]),
      regionMetric(
        'Invocations',
        steady.map((value) => value * FUNCTIONS),
      ),
      ...more,
    ],
  });
}

function sourceOf(aws: FakeAws, more: Partial<AwsSourceOptions> = {}) {
  return awsSource({ clients: aws.clients, sleep: async () => undefined, ...more });
}

describe('a fleet that costs too much to be read each minute', () => {
  it('is read in full at first, then each function when it is its turn, and none is left out', async () => {
    const source = sourceOf(fleet());
    const first = await source.window(NOW);
    expect([...first.functions.keys()]).toHaveLength(FUNCTIONS);
    const seen = new Set<string>();
    let most = 0;
    for (let minute = 1; minute <= 32; minute++) {
      const { functions } = await source.window(NOW + minute * MINUTE_MS);
      most = Math.max(most, functions.size);
      for (const name of functions.keys()) seen.add(name);
    }
    expect(seen.size).toBe(FUNCTIONS);
    expect(most).toBeLessThan(FUNCTIONS / 2);
  });

  it('shows each minute what has an open incident, and what is stopped', async () => {
    const source = sourceOf(fleet());
    const open = incidentOf({ state: 'open', functions: ['worker-7'], queues: [] });
    for (let minute = 0; minute < 5; minute++) {
      const window = await source.window(NOW + minute * MINUTE_MS, [open], new Set(['worker-9']));
      expect(window.functions.has('worker-7')).toBe(true);
      expect(window.functions.has('worker-9')).toBe(true);
    }
  });

  it('says what the others spent when they were read last', async () => {
    const source = sourceOf(fleet());
    await source.window(NOW);
    const { unread = new Map(), functions } = await source.window(NOW + MINUTE_MS);
    expect(unread.size).toBe(FUNCTIONS - functions.size);
    expect(Math.min(...unread.values())).toBeGreaterThan(0);
  });

  it('prices them in the tier that the month had reached when they were read', async () => {
    const burnsIn = async (monthToDateGbSeconds: number) => {
      const source = sourceOf(fleet());
      await source.window(NOW, [], new Set(), { monthToDateGbSeconds });
      return (await source.window(NOW + MINUTE_MS)).unread ?? new Map<string, number>();
    };
    const [first, second] = [await burnsIn(0), await burnsIn(8e9)];
    expect([...second.keys()]).toEqual([...first.keys()]);
    for (const [name, usdPerHour] of second) expect(usdPerHour).toBeLessThan(first.get(name) ?? 0);
  });

  it('is read where a queue fills, within two minutes', async () => {
    const aws = fleet();
    const source = sourceOf(aws);
    for (let minute = 0; minute < 20; minute++) await source.window(NOW + minute * MINUTE_MS);
    const shown: boolean[] = [];
    for (let minute = 20; minute < 23; minute++) {
      aws.state.queues = aws.state.queues.map((queue) =>
        queue.name === 'worker-8-jobs' ? { ...queue, notVisible: minute * 20 } : queue,
      );
      shown.push((await source.window(NOW + minute * MINUTE_MS)).functions.has('worker-8'));
    }
    expect(shown).toContain(true);
  });

  it('is searched for whoever moved the totals of the region', async () => {
    const aws = fleet();
    const source = sourceOf(aws);
    for (let minute = 0; minute < 3; minute++) await source.window(NOW + minute * MINUTE_MS);
    const surge = [...steady.slice(8), ...Array.from({ length: 8 }, () => 400)];
    aws.state.metrics = fleet().state.metrics.map((one) => {
      if (one.metric !== 'Invocations') return one;
      if (one.dimensions['FunctionName'] === 'worker-11')
        return lambdaMetric('worker-11', 'Invocations', surge);
      const total = surge.map((value) => value + 5 * (FUNCTIONS - 1));
      return one.dimensions['FunctionName'] === undefined ? regionMetric('Invocations', total) : one;
    });
    const window = await source.window(NOW + 2 * MINUTE_MS);
    expect(window.functions.get('worker-11')?.invocations?.at(-4)).toBe(400);
    expect(window.functions.size).toBeLessThan(FUNCTIONS / 2);
  });

  it('is searched for the shard that stands still, of those alone that read a stream', async () => {
    const ages = (minutes: number) => [
      ...steady.map(() => 0),
      ...Array.from({ length: minutes }, (_, i) => i * MINUTE_MS),
    ];
    const stream = 'arn:aws:kinesis:us-east-1:111122223333:stream/clicks';
    const aws = fleet();
    aws.state.mappings = [...aws.state.mappings, mapping('worker-5', stream), mapping('worker-7', stream)];
    const source = sourceOf(aws);
    for (let minute = 0; minute < 3; minute++) await source.window(NOW + minute * MINUTE_MS);
    aws.state.metrics = [
      ...aws.state.metrics,
      lambdaMetric('worker-7', 'IteratorAge', ages(6)),
      regionMetric('IteratorAge', ages(6)),
    ];
    aws.calls.length = 0;
    const window = await source.window(NOW + 2 * MINUTE_MS + 1);
    expect(window.functions.get('worker-7')?.iteratorAgeMaximumMs).toContain(5 * MINUTE_MS);
    const asked = aws.calls.flatMap(({ input }) =>
      input['MetricName'] === 'IteratorAge' ? [JSON.stringify(input['Dimensions'] ?? [])] : [],
    );
    expect(asked.join()).not.toMatch(/worker-(1|11|3)"/);
  });

  it('goes on after a cold start where the last process left off', async () => {
    const aws = fleet();
    const first = sourceOf(aws);
    for (let minute = 0; minute < 3; minute++) await first.window(NOW + minute * MINUTE_MS);
    const packed = packMemory(first.memory() as never);
    const warm = await first.window(NOW + 3 * MINUTE_MS);
    aws.calls.length = 0;
    const cold = await sourceOf(aws, { memory: async () => unpackMemory(packed) }).window(
      NOW + 3 * MINUTE_MS,
    );
    expect([...cold.functions.keys()]).toEqual([...warm.functions.keys()]);
    expect(aws.count('ListFunctions')).toBe(0);
    expect(aws.count('ListMetrics')).toBe(0);
    expect(
      cold.queues.get('worker-8-jobs')?.attributeVisible?.filter((value) => value === 0).length,
    ).toBeGreaterThan(1);
  });

  it('is read less the more is to be saved', async () => {
    const calls = async (thrift: 0 | 2 | 4) => {
      const aws = fleet();
      const source = sourceOf(aws, { thrift: () => thrift });
      for (let minute = 0; minute < 16; minute++) await source.window(NOW + minute * MINUTE_MS);
      const { metricRequests, cloudWatchRequests, sqsRequests } = source.reads();
      return [metricRequests + cloudWatchRequests, sqsRequests] as const;
    };
    const [none, some, all] = [await calls(0), await calls(2), await calls(4)];
    expect(some[0]).toBeLessThan(none[0]);
    expect(some[1]).toBeLessThan(none[1]);
    expect(all[0]).toBeLessThan(some[0]);
    expect(all[1]).toBeLessThan(some[1]);
  });

  it('keeps its memory small: some hundred bytes for each function and queue', async () => {
    const source = sourceOf(fleet());
    for (let minute = 0; minute < 20; minute++) await source.window(NOW + minute * MINUTE_MS);
    expect(packMemory(source.memory() as never).length / (FUNCTIONS * 1.5)).toBeLessThan(200);
  });
});
