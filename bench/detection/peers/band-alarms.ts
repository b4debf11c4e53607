import type { Inventory } from '../../../src/model/inventory.ts';
import { type Alarm, singleMetricAlarm } from '../cloudwatch/definition.ts';
import type { MetricQuery } from '../cloudwatch/metric.ts';

/** How wide a band is, and for how long a metric must be above it. */
export interface BandStyle {
  readonly width: number;
  readonly datapoints: number;
}

/** The AnomalyDetectionAlarm of the CDK: 2 standard deviations by default, 1 of 1 in its example. */
export const DEFAULT_BAND: BandStyle = { width: 2, datapoints: 1 };
/** The example of cdk-monitoring-constructs (README, "metric with anomaly detection"), 3 of 3 as is its default. */
export const WIDE_BAND: BandStyle = { width: 4, datapoints: 3 };

const PERIOD_MINUTES = 5;

/** Anomaly detection alarms on the metrics in which a runaway can show, above the band. */
export function bandAlarms(inventory: Inventory, style: BandStyle): readonly Alarm[] {
  const ofFunctions = inventory.functions.flatMap(({ name }): MetricQuery[] => [
    { namespace: 'AWS/Lambda', metric: 'Invocations', stat: 'Sum', resource: name },
    { namespace: 'AWS/Lambda', metric: 'Errors', stat: 'Sum', resource: name },
    { namespace: 'AWS/Lambda', metric: 'Duration', stat: 'Average', resource: name },
  ]);
  const ofQueues = inventory.queues.flatMap(({ name }): MetricQuery[] => [
    { namespace: 'AWS/SQS', metric: 'ApproximateNumberOfMessagesVisible', stat: 'Maximum', resource: name },
    {
      namespace: 'AWS/SQS',
      metric: 'ApproximateNumberOfMessagesNotVisible',
      stat: 'Maximum',
      resource: name,
    },
  ]);
  return [...ofFunctions, ...ofQueues].map((query) =>
    singleMetricAlarm({
      query,
      comparison: 'GreaterThanUpperThreshold',
      threshold: { bandWidth: style.width },
      periodMinutes: PERIOD_MINUTES,
      rule: {
        evaluationPeriods: style.datapoints,
        datapointsToAlarm: style.datapoints,
        treatMissingData: 'missing',
      },
    }),
  );
}
