import type { Inventory } from '../../../src/model/inventory.ts';
import { type Alarm, singleMetricAlarm } from '../cloudwatch/definition.ts';

/** Share of the timeout at which articles set the Duration alarm. */
const TIMEOUT_SHARE = 0.8;
/** 90 % of the 1,000 that an account may run in a region. */
const CONCURRENCY_MAX = 900;

/**
 * The four alarms of a function that articles, and CloudWatch itself, recommend. Periods, datapoints and operators are
 * CloudWatch's ("Recommended alarms", docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
 * Best_Practice_Recommended_Alarms_AWS_Services.html, Lambda, read in 2026); it leaves most thresholds open: "greater than zero"
 * for Errors and Throttles, below the timeout for Duration. Missing data is treated as the API does by default.
 */
export function staticAlarms({ functions }: Inventory): readonly Alarm[] {
  return functions.flatMap(({ name, timeoutSeconds }) => [
    every(name, { metric: 'Errors', stat: 'Sum', datapoints: 3, above: 0 }),
    every(name, { metric: 'Throttles', stat: 'Sum', datapoints: 5, above: 0 }),
    every(name, {
      metric: 'Duration',
      stat: 'p90',
      datapoints: 15,
      above: timeoutSeconds * 1_000 * TIMEOUT_SHARE,
    }),
    every(name, { metric: 'ConcurrentExecutions', stat: 'Maximum', datapoints: 10, above: CONCURRENCY_MAX }),
  ]);
}

function every(
  resource: string,
  alarm: {
    readonly metric: string;
    readonly stat: string;
    readonly datapoints: number;
    readonly above: number;
  },
): Alarm {
  return singleMetricAlarm({
    query: { namespace: 'AWS/Lambda', metric: alarm.metric, stat: alarm.stat, resource },
    comparison: 'GreaterThanThreshold',
    threshold: alarm.above,
    periodMinutes: 1,
    rule: {
      evaluationPeriods: alarm.datapoints,
      datapointsToAlarm: alarm.datapoints,
      treatMissingData: 'missing',
    },
  });
}
