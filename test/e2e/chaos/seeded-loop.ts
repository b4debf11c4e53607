import { type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { MINUTE_MS } from '../../../src/model/time.ts';
import type { Pipeline } from '../pipeline.ts';
import type { World } from '../world.ts';

const MINUTES = 20;
const LOOPING_MINUTES = 12;
const RUNS = 60;
const DATUMS_MAX = 500;

/** Writes minutes of a retry loop into the metrics of a pipeline, after some in which all was well. */
export async function seedLoop(world: World, { functionName, queueName }: Pipeline): Promise<void> {
  const endAt = Math.floor(world.now() / MINUTE_MS) * MINUTE_MS;
  const datums = { 'AWS/Lambda': [] as MetricDatum[], 'AWS/SQS': [] as MetricDatum[] };
  for (let ago = MINUTES; ago >= 0; ago--) {
    const loops = ago < LOOPING_MINUTES;
    const Timestamp = new Date(endAt - ago * MINUTE_MS);
    const add = (namespace: keyof typeof datums, dimension: string, name: string, value: number, of = 1) =>
      datums[namespace].push({
        MetricName: name,
        Timestamp,
        Dimensions: [{ Name: dimension, Value: dimension === 'FunctionName' ? functionName : queueName }],
        ...(of === 1 ? { Value: value } : { Values: [value], Counts: [of] }),
      });
    add('AWS/Lambda', 'FunctionName', 'Invocations', RUNS);
    add('AWS/Lambda', 'FunctionName', 'Errors', loops ? RUNS : 0);
    add('AWS/Lambda', 'FunctionName', 'Throttles', 0);
    add('AWS/Lambda', 'FunctionName', 'Duration', loops ? 20_000 : 200, RUNS);
    add('AWS/SQS', 'QueueName', 'NumberOfMessagesSent', loops ? 0 : RUNS);
    add('AWS/SQS', 'QueueName', 'NumberOfMessagesReceived', RUNS);
    add('AWS/SQS', 'QueueName', 'NumberOfMessagesDeleted', loops ? 0 : RUNS);
  }
  for (const [Namespace, MetricData] of Object.entries(datums)) {
    if (MetricData.length > DATUMS_MAX) throw new Error('too much for one request');
    await world.cloudWatch.send(new PutMetricDataCommand({ Namespace, MetricData }));
  }
}
