import { Readable } from 'node:stream';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { WINDOW_MINUTES } from '../../src/model/window.ts';
import { handedOver } from '../../src/observe/aws/handed-over.ts';
import { partition, type ReadingOrder } from '../../src/observe/aws/shard-plan.ts';
import { packPlan, packReading, readShard, unpackReading } from '../../src/observe/aws/shard-reading.ts';
import { wireOf } from '../../src/observe/aws/source.ts';
import { windowSpan } from '../../src/observe/aws/window-span.ts';
import { createRng, integer } from '../../src/simulate/random.ts';
import { timed } from '../common/cpu.ts';

/**
 * What reading takes of the processor, with the SDK and without a network: every call is answered at once by a queue that has
 * messages, or by metrics that have a datapoint each minute. And what handing it over takes.
 */
export interface ReadingMeasure {
  readonly depths: number;
  readonly metrics: number;
  /** CPU of one GetQueueAttributes, and of one metric of GetMetricData, once the process is warm. */
  readonly depthMs: number;
  readonly metricMs: number;
  /** Bytes in the table of what one shard reads: for each depth, for each metric. */
  readonly depthBytes: number;
  readonly metricBytes: number;
  /** Of the plan, for each of both. */
  readonly planBytes: number;
  /** CPU of packing and unpacking, for each of both. */
  readonly handOverMs: number;
}

const DEPTHS = 6_000;
const METRICS = 3_000;
const NOW = Date.parse('2026-11-24T12:00:30Z');
const HOST = 'https://sqs.us-east-1.amazonaws.com/111122223333/';

/** Noise: nothing that compresses better than real metrics do. */
const rng = createRng(100_001);
const answers = new Map<string, string>();
const attributes = JSON.stringify({
  Attributes: {
    QueueArn: 'arn:aws:sqs:us-east-1:111122223333:orders',
    VisibilityTimeout: '180',
    MessageRetentionPeriod: '345600',
    ApproximateNumberOfMessages: '17',
    ApproximateNumberOfMessagesNotVisible: '3',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:111122223333:orders-dlq',
      maxReceiveCount: 5,
    }),
  },
});

interface Query {
  readonly Id: string;
}

function answerTo(body: string): string {
  if (!body.includes('MetricDataQueries')) return attributes;
  const { MetricDataQueries } = JSON.parse(body) as { readonly MetricDataQueries: readonly Query[] };
  const key = MetricDataQueries.map(({ Id }) => Id).join();
  const known = answers.get(key);
  if (known !== undefined) return known;
  const { startAt, points, periodMs } = windowSpan(NOW);
  const Timestamps = Array.from({ length: points }, (_, i) => (startAt + i * periodMs) / 1_000);
  const text = JSON.stringify({
    MetricDataResults: MetricDataQueries.map(({ Id }) => ({
      Id,
      StatusCode: 'Complete',
      Timestamps,
      Values: Timestamps.map(() => integer(rng, 0, 100)),
    })),
  });
  answers.set(key, text);
  return text;
}

const requestHandler = {
  handle: async ({ body }: { readonly body?: unknown }) => ({
    response: {
      statusCode: 200,
      headers: { 'content-type': 'application/x-amz-json-1.0' },
      body: Readable.from([Buffer.from(answerTo(String(body)))]),
    },
  }),
  updateHttpClientConfig: () => undefined,
  httpHandlerConfigs: () => ({}),
};
const config = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  requestHandler,
};
const clients = {
  lambda: new LambdaClient(config),
  sqs: new SQSClient(config),
  cloudWatch: new CloudWatchClient(config),
  sts: new STSClient(config),
};

const queues = Array.from({ length: DEPTHS }, (_, i) => {
  const name = `team-${i % 40}-orders-${i}`;
  return { name, url: HOST + name };
});
const metrics = Array.from({ length: METRICS }, (_, i) => ({
  namespace: 'AWS/Lambda' as const,
  name: `team-${i % 40}-worker-${i}`,
  metric: ['Invocations', 'Errors', 'Duration'][i % 3] ?? '',
}));

const read = (order: ReadingOrder) =>
  readShard(wireOf({ clients, sleep: async () => undefined }), order, NOW);
await read({ queues: queues.slice(0, 1_000), metrics: metrics.slice(0, 1_000) });
const depths = await timed(() => read({ queues, metrics: [] }));
const series = await timed(() => read({ queues: [], metrics }));
const order: ReadingOrder = { queues, metrics };
const parts = partition(order, 4);
const packedDepths = await timed(() => packReading({ ...depths.value, usd: 0 }));
const packedSeries = await timed(() => packReading({ ...series.value, usd: 0 }));
const plan = await timed(() => packPlan({ at: NOW, parts }));
const taken = await timed(() =>
  handedOver(
    NOW,
    [
      { queues, metrics: [] },
      { queues: [], metrics },
    ],
    [unpackReading(packedDepths.value), unpackReading(packedSeries.value)],
  ),
);
const measure: ReadingMeasure = {
  depths: DEPTHS,
  metrics: METRICS,
  depthMs: depths.ms / DEPTHS,
  metricMs: series.ms / METRICS,
  depthBytes: packedDepths.value.length / DEPTHS,
  metricBytes: packedSeries.value.length / METRICS,
  planBytes: plan.value.length / (DEPTHS + METRICS),
  handOverMs: (packedDepths.ms + packedSeries.ms + plan.ms + taken.ms) / (DEPTHS + METRICS),
};
if (series.value.metrics[0]?.values.Sum?.length !== WINDOW_MINUTES) throw new Error('nothing was read');
process.stdout.write(JSON.stringify(measure));
