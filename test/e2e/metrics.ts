import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { Pipeline } from './pipeline.ts';
import type { World } from './world.ts';

export const MINUTE_MS = 60_000;
const WINDOW_MS = 180 * MINUTE_MS;

export type Dimensions = Readonly<Record<string, string>>;

export interface MetricName {
  readonly namespace: string;
  readonly metric: string;
  readonly stat: string;
  readonly dimensions: Dimensions;
}

export function metricQuery(
  id: string,
  { namespace, metric, stat, dimensions }: MetricName,
): MetricDataQuery {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: namespace, MetricName: metric, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: 60, Stat: stat } };
}

/** The minutes of a metric that are readable now, of the last three hours, oldest first. */
export async function minutes(
  world: World,
  name: MetricName,
): Promise<readonly { at: number; value: number }[]> {
  const { MetricDataResults } = await world.cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(world.now() - WINDOW_MS),
      EndTime: new Date(world.now() + MINUTE_MS),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [metricQuery('m', name)],
    }),
  );
  const { Timestamps = [], Values = [] } = MetricDataResults?.[0] ?? {};
  return Timestamps.map((timestamp, i) => ({ at: timestamp.getTime(), value: Values[i] ?? Number.NaN }));
}

/** Invocations by the minute in which they started. */
export function invocationStarts(world: World, { functionName }: Pipeline) {
  const dimensions = { FunctionName: functionName };
  return minutes(world, { namespace: 'AWS/Lambda', metric: 'Invocations', stat: 'Sum', dimensions });
}

/** The sum of an AWS/Lambda counter of the pipeline's function. */
export function lambdaTotal(world: World, { functionName }: Pipeline, metric: string): Promise<number> {
  return total(world, {
    namespace: 'AWS/Lambda',
    metric,
    stat: 'Sum',
    dimensions: { FunctionName: functionName },
  });
}

/** The sum of an AWS/SQS counter of the pipeline's queue. */
export function queueTotal(world: World, { queueName }: Pipeline, metric: string): Promise<number> {
  return total(world, { namespace: 'AWS/SQS', metric, stat: 'Sum', dimensions: { QueueName: queueName } });
}

async function total(world: World, name: MetricName): Promise<number> {
  return (await minutes(world, name)).reduce((sum, { value }) => sum + value, 0);
}
