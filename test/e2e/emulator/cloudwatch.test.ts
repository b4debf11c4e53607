import {
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { expect, it } from 'vitest';
import { openTopicInbox } from '../inboxes.ts';
import { MINUTE_MS, metricQuery } from '../metrics.ts';
import { createQueue } from '../pipeline.ts';
import { describeWithEmulator, openWorld } from '../world.ts';

const world = openWorld('emulator-cloudwatch');
const minuteAt = (ago: number) => Math.floor(world.now() / MINUTE_MS - ago) * MINUTE_MS;

/** History: `values` of AWS/Lambda Invocations, one a minute, the first `ago` minutes before now. */
async function seed(functionName: string, values: readonly number[], firstAt: number): Promise<void> {
  await world.cloudWatch.send(
    new PutMetricDataCommand({
      Namespace: 'AWS/Lambda',
      MetricData: values.map((Value, i) => ({
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
        Timestamp: new Date(firstAt + i * MINUTE_MS),
        Value,
      })),
    }),
  );
}

const invocations = (functionName: string) => ({
  namespace: 'AWS/Lambda',
  metric: 'Invocations',
  stat: 'Sum',
  dimensions: { FunctionName: functionName },
});

describeWithEmulator('CloudWatch in the emulator', () => {
  it('keeps history that is written with old timestamps, and gives it newest first', async () => {
    const firstAt = minuteAt(600);
    await seed('history', [1, 2, 3], firstAt);
    const { MetricDataResults } = await world.cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(firstAt),
        EndTime: new Date(firstAt + 2 * MINUTE_MS),
        MetricDataQueries: [metricQuery('m', invocations('history'))],
      }),
    );
    expect(MetricDataResults?.[0]).toMatchObject({
      Timestamps: [new Date(firstAt + MINUTE_MS), new Date(firstAt)],
      Values: [2, 1],
      StatusCode: 'Complete',
    });
  });

  it('takes a query at its exact dimensions', async () => {
    const firstAt = minuteAt(500);
    await seed('exact', [7], firstAt);
    const { MetricDataResults } = await world.cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(firstAt),
        EndTime: new Date(firstAt + MINUTE_MS),
        MetricDataQueries: [
          metricQuery('exact', invocations('exact')),
          metricQuery('other', invocations('another')),
          metricQuery('none', { ...invocations('exact'), dimensions: {} }),
        ],
      }),
    );
    expect(MetricDataResults?.map(({ Values }) => Values)).toEqual([[7], [], []]);
  });

  it('pages GetMetricData at MaxDatapoints, a series split between pages', async () => {
    const firstAt = minuteAt(400);
    await seed('paged-a', [1, 2, 3], firstAt);
    await seed('paged-b', [4, 5, 6], firstAt);
    const pages: (readonly (readonly number[])[])[] = [];
    let token: string | undefined;
    do {
      const { MetricDataResults = [], NextToken } = await world.cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(firstAt),
          EndTime: new Date(firstAt + 3 * MINUTE_MS),
          ScanBy: 'TimestampAscending',
          MaxDatapoints: 2,
          NextToken: token,
          MetricDataQueries: [
            metricQuery('a', invocations('paged-a')),
            metricQuery('b', invocations('paged-b')),
          ],
        }),
      );
      pages.push(MetricDataResults.map(({ Values = [] }) => Values));
      token = NextToken;
    } while (token !== undefined);
    expect(pages).toEqual([
      [[1, 2], []],
      [[3], [4]],
      [[], [5, 6]],
    ]);
  });

  it('refuses more than 500 queries', async () => {
    const queries = Array.from({ length: 501 }, (_, i) => metricQuery(`m${i}`, invocations('many')));
    const request = new GetMetricDataCommand({
      StartTime: new Date(minuteAt(5)),
      EndTime: new Date(minuteAt(0)),
      MetricDataQueries: queries,
    });
    await expect(world.cloudWatch.send(request)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('answers GetMetricStatistics with the statistics asked for', async () => {
    const firstAt = minuteAt(300);
    await seed('statistics', [2, 4], firstAt);
    await seed('statistics', [6], firstAt);
    const { Datapoints = [] } = await world.cloudWatch.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: 'statistics' }],
        StartTime: new Date(firstAt),
        EndTime: new Date(firstAt + 2 * MINUTE_MS),
        Period: 60,
        Statistics: ['Sum', 'Maximum'],
      }),
    );
    expect(Datapoints).toMatchObject([
      { Timestamp: new Date(firstAt), Sum: 8, Maximum: 6 },
      { Timestamp: new Date(firstAt + MINUTE_MS), Sum: 4, Maximum: 4 },
    ]);
    expect(Datapoints[0]).not.toHaveProperty('Average');
  });
});

describeWithEmulator('alarms in the emulator', () => {
  const alarm = (name: string, functionName: string) => ({
    AlarmName: name,
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Dimensions: [{ Name: 'FunctionName', Value: functionName }],
    Statistic: 'Sum' as const,
    Period: 60,
    EvaluationPeriods: 5,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold' as const,
    TreatMissingData: 'breaching',
  });
  const stateOf = async (name: string) => {
    const { MetricAlarms } = await world.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    return MetricAlarms?.[0]?.StateValue;
  };

  it('a dead-man alarm: its own heartbeat keeps it OK, silence raises it and tells the topic', async () => {
    const topic = await openTopicInbox(world, 'dead-man');
    await seed('heartbeat', [1, 1, 1], minuteAt(2));
    await seed('somebody-else', [1, 1, 1, 1, 1, 1, 1], minuteAt(2));
    await world.cloudWatch.send(
      new PutMetricAlarmCommand({ ...alarm('dead-man', 'heartbeat'), AlarmActions: [topic.topicArn] }),
    );
    await world.eventually(
      () => stateOf('dead-man'),
      (state) => state === 'OK',
    );
    await world.eventually(
      () => stateOf('dead-man'),
      (state) => state === 'ALARM',
    );
    const [told] = await topic.read();
    expect(JSON.parse(told?.message ?? '{}')).toMatchObject({
      AlarmName: 'dead-man',
      NewStateValue: 'ALARM',
    });
  });
});

describeWithEmulator('metrics of a queue in the emulator', () => {
  it('samples depths, readable only after the lag', async () => {
    const { url } = await createQueue(world, 'sampled', {});
    const visible = { namespace: 'AWS/SQS', metric: 'ApproximateNumberOfMessagesVisible', stat: 'Maximum' };
    const createdAt = world.now();
    expect(url).toContain('/sampled');
    const read = async () => {
      const { MetricDataResults } = await world.cloudWatch.send(
        new GetMetricDataCommand({
          StartTime: new Date(createdAt - MINUTE_MS),
          EndTime: new Date(world.now() + MINUTE_MS),
          MetricDataQueries: [metricQuery('m', { ...visible, dimensions: { QueueName: 'sampled' } })],
        }),
      );
      return MetricDataResults?.[0]?.Values ?? [];
    };
    await world.eventually(read, (values) => values.length > 0);
    expect(world.now() - createdAt).toBeGreaterThanOrEqual(MINUTE_MS);
  });
});
