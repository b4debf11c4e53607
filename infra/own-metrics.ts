import { Duration } from 'aws-cdk-lib';
import { Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, type MetricName, MONITOR_DIMENSION } from '../src/handlers/metric-names.ts';

/** firebreak's own metrics of one deployment, by the minute. */
export type OwnMetric = (name: MetricName, options?: MetricOptions) => Metric;

export function ownMetrics(monitor: string): OwnMetric {
  return (metricName, options = {}) =>
    new Metric({
      namespace: METRIC_NAMESPACE,
      metricName,
      dimensionsMap: { [MONITOR_DIMENSION]: monitor },
      statistic: Stats.MAXIMUM,
      period: Duration.minutes(1),
      ...options,
    });
}
