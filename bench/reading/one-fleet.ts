import { MINUTE_MS } from '../../src/model/time.ts';
import { type Reads, readsUsd } from '../../src/observe/aws/reads.ts';
import { awsSource } from '../../src/observe/aws/source.ts';
import { type FakeMetric, fakeAws, mapping, queueArn, type Seen } from '../../test/observe/aws/fake-aws.ts';
import { cpuMs, peakRssMB } from '../common/cpu.ts';

/** What reading a fleet asks of AWS: at the first tick of a process, and at a tick some minutes later. */
export interface ReadingMeasure {
  readonly functions: number;
  readonly queues: number;
  readonly activeShare: number;
  readonly first: TickReads;
  readonly steady: TickReads;
  readonly peakRssMB: number;
}

export interface TickReads {
  readonly calls: number;
  readonly metrics: number;
  readonly cloudWatchCalls: number;
  readonly sqsCalls: number;
  readonly freeCalls: number;
  readonly answersMB: number;
  readonly usd: number;
  readonly cpuMs: number;
}

/** Ticks until the first readings are over, and ticks that are measured. */
const WARM_UP_TICKS = 6;
const TICKS = 10;
const START = Date.parse('2026-11-24T12:00:30Z');
const LAMBDA = ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'];
const SQS = [
  'NumberOfMessagesSent',
  'NumberOfMessagesReceived',
  'NumberOfMessagesDeleted',
  'ApproximateNumberOfMessagesVisible',
  'ApproximateNumberOfMessagesNotVisible',
];
const POINTS = new Map([[START - 10 * MINUTE_MS, 1]]);

/** Every second function reads a queue of its own with a dead-letter queue. */
function account(functions: number, activeShare: number) {
  const names = Array.from({ length: functions }, (_, i) => `worker-${i}`);
  const isActive = (i: number) => i % 10 < activeShare * 10;
  const readers = names.filter((_, i) => i % 2 === 0);
  const metrics: FakeMetric[] = [];
  names.forEach((name, i) => {
    if (!isActive(i)) return;
    for (const metric of LAMBDA) {
      metrics.push({ namespace: 'AWS/Lambda', metric, dimensions: { FunctionName: name }, points: POINTS });
    }
    if (i % 2 !== 0) return;
    for (const metric of SQS) {
      metrics.push({
        namespace: 'AWS/SQS',
        metric,
        dimensions: { QueueName: `${name}-jobs` },
        points: POINTS,
      });
    }
  });
  return {
    functions: names.map((name) => ({ name })),
    mappings: readers.map((name) => mapping(name, queueArn(`${name}-jobs`))),
    queues: readers.flatMap((name) => [
      { name: `${name}-jobs`, deadLetterQueue: `${name}-dlq`, visible: 0 },
      { name: `${name}-dlq` },
    ]),
    metrics,
  };
}

/** Three hours of datapoints for whatever is asked, one while warming up: the stand-in's own lookup is slow for large fleets. */
function metricData({ operation, input }: Seen, isMeasured: boolean): { readonly body: unknown } | undefined {
  if (operation !== 'GetMetricData') return undefined;
  const queries = input['MetricDataQueries'] as readonly { readonly Id: string }[];
  const from = Number(input['StartTime']);
  const minutes = isMeasured ? Math.floor((Number(input['EndTime']) - from) / 60) : 1;
  const Timestamps = Array.from({ length: minutes }, (_, i) => from + i * 60);
  const Values = Timestamps.map((_, i) => (i * 7) % 11);
  return {
    body: {
      MetricDataResults: queries.map(({ Id }) => ({ Id, Timestamps, Values, StatusCode: 'Complete' })),
    },
  };
}

async function measure(functions: number, activeShare: number): Promise<ReadingMeasure> {
  let bytes = 0;
  let isMeasured = true;
  const aws = fakeAws({
    ...account(functions, activeShare),
    fault: (seen) => metricData(seen, isMeasured),
    tamper: (_, body) => {
      bytes += JSON.stringify(body ?? '').length;
      return body;
    },
  });
  const source = awsSource({ clients: aws.clients, sleep: async () => undefined });
  let before = { reads: source.reads(), bytes: 0, cpu: cpuMs() };
  const since = (ticks: number): TickReads => {
    const now = { reads: source.reads(), bytes, cpu: cpuMs() };
    const spent = difference(now.reads, before.reads);
    const result = {
      calls: spent.apiRequests / ticks,
      metrics: spent.metricRequests / ticks,
      cloudWatchCalls: spent.cloudWatchRequests / ticks,
      sqsCalls: spent.sqsRequests / ticks,
      freeCalls: spent.freeRequests / ticks,
      answersMB: (now.bytes - before.bytes) / 1024 ** 2 / ticks,
      usd: readsUsd(spent) / ticks,
      cpuMs: (now.cpu - before.cpu) / ticks,
    };
    before = now;
    return result;
  };
  const { inventory } = await source.window(START);
  const first = since(1);
  isMeasured = false;
  for (let tick = 1; tick <= WARM_UP_TICKS; tick++) await source.window(START + tick * MINUTE_MS);
  since(WARM_UP_TICKS);
  isMeasured = true;
  for (let tick = 1; tick <= TICKS; tick++) await source.window(START + (WARM_UP_TICKS + tick) * MINUTE_MS);
  return {
    functions: inventory.functions.length,
    queues: inventory.queues.length,
    activeShare,
    first,
    steady: since(TICKS),
    peakRssMB: peakRssMB(),
  };
}

function difference(now: Reads, before: Reads): Reads {
  return {
    metricRequests: now.metricRequests - before.metricRequests,
    cloudWatchRequests: now.cloudWatchRequests - before.cloudWatchRequests,
    sqsRequests: now.sqsRequests - before.sqsRequests,
    freeRequests: now.freeRequests - before.freeRequests,
    apiRequests: now.apiRequests - before.apiRequests,
  };
}

const [functions = '10', activeShare = '1'] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(Number(functions), Number(activeShare))));
