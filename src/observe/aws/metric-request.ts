import type { ReadGap } from '../../model/window.ts';
import { FUNCTION_METRICS, type FunctionMetric, QUEUE_METRICS, type QueueMetric } from '../trace/format.ts';

export type Statistic = 'Sum' | 'Average' | 'Maximum';
export type MetricNamespace = 'AWS/Lambda' | 'AWS/SQS';

/** One metric with the statistics wanted of it. CloudWatch bills up to five statistics of a metric as one. */
export interface MetricRequest {
  readonly namespace: MetricNamespace;
  readonly metric: string;
  /** Function or queue; `null`: the whole region (the metric without dimensions). */
  readonly name: string | null;
  readonly statistics: readonly Statistic[];
}

/** The stretch of time to read: `points` values, value `i` begins at `startAt + i * periodMs`. */
export interface Span {
  readonly startAt: number;
  readonly points: number;
  readonly periodMs: number;
}

/** Statistic to its values; a statistic that is absent could not be read. */
export type MetricValues = Partial<Record<Statistic, Float64Array>>;

export interface MetricAnswer {
  readonly values: ReadonlyMap<MetricRequest, MetricValues>;
  readonly gaps: readonly ReadGap[];
}

export function dimensionsOf(request: MetricRequest): { Name: string; Value: string }[] {
  if (request.name === null) return [];
  return [{ Name: request.namespace === 'AWS/Lambda' ? 'FunctionName' : 'QueueName', Value: request.name }];
}

/** How a gap names what was asked for. */
export function resourceOf(request: MetricRequest): string {
  return request.name ?? 'region';
}

/** Metric name to the statistics that a series exists for, and to where each goes. */
export type MetricTable<Field extends string> = ReadonlyMap<string, Partial<Record<Statistic, Field>>>;

function tableOf<Field extends string>(fields: Readonly<Record<string, Field>>): MetricTable<Field> {
  const table = new Map<string, Partial<Record<Statistic, Field>>>();
  for (const [key, field] of Object.entries(fields)) {
    const [metric, statistic] = key.split('/') as [string, Statistic];
    table.set(metric, { ...table.get(metric), [statistic]: field });
  }
  return table;
}

/** AWS/Lambda metrics that firebreak knows. */
export const LAMBDA_TABLE: MetricTable<FunctionMetric> = tableOf(FUNCTION_METRICS);
/** AWS/SQS metrics that firebreak knows. */
export const SQS_TABLE: MetricTable<QueueMetric> = tableOf(QUEUE_METRICS);

/** Requests for these metrics of one function or queue, each with every statistic that firebreak knows of it. */
export function requestsFor(
  namespace: MetricNamespace,
  name: string | null,
  metrics: readonly string[],
): MetricRequest[] {
  const table: MetricTable<string> = namespace === 'AWS/Lambda' ? LAMBDA_TABLE : SQS_TABLE;
  return metrics.map((metric) => ({
    namespace,
    metric,
    name,
    statistics: Object.keys(table.get(metric) ?? {}) as Statistic[],
  }));
}
