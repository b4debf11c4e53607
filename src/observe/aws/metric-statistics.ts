import { type Datapoint, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import pLimit from 'p-limit';
import { gapOf } from './failure.ts';
import { place } from './metric-data.ts';
import {
  dimensionsOf,
  type MetricAnswer,
  type MetricRequest,
  type MetricValues,
  resourceOf,
  type Span,
} from './metric-request.ts';
import { call, type Wire } from './wire.ts';

/** Datapoints that one call may return (GetMetricStatistics API reference, 2026-08). */
const STATISTICS_POINTS_MAX = 1_440;
/** Calls under way at once; the quota is 400 a second (CloudWatch service quotas, 2026). */
const CALLS_AT_ONCE = 10;

/**
 * Reads metrics through GetMetricStatistics: one call a metric, all its statistics at once. Unlike GetMetricData it is
 * within the million free CloudWatch requests a month (CloudWatch pricing, free tier), and costs the same beyond.
 */
export async function readStatistics(
  wire: Wire,
  requests: readonly MetricRequest[],
  span: Span,
): Promise<MetricAnswer> {
  if (span.points > STATISTICS_POINTS_MAX) throw new RangeError(`${span.points} points do not fit one call`);
  const limit = pLimit(CALLS_AT_ONCE);
  const answers = await Promise.all(requests.map((request) => limit(() => readOne(wire, request, span))));
  return {
    values: new Map(requests.map((request, i) => [request, answers[i]?.values ?? {}])),
    gaps: answers.flatMap((answer) => answer.gaps),
  };
}

interface OneAnswer {
  readonly values: MetricValues;
  readonly gaps: MetricAnswer['gaps'];
}

async function readOne(wire: Wire, request: MetricRequest, span: Span): Promise<OneAnswer> {
  const command = new GetMetricStatisticsCommand({
    Namespace: request.namespace,
    MetricName: request.metric,
    Dimensions: dimensionsOf(request),
    StartTime: new Date(span.startAt),
    EndTime: new Date(span.startAt + span.points * span.periodMs),
    Period: span.periodMs / 1000,
    Statistics: [...request.statistics],
  });
  const operation = 'GetMetricStatistics';
  try {
    const output = await call(wire, operation, (options) => wire.clients.cloudWatch.send(command, options));
    const values = valuesOf(request, output.Datapoints ?? [], span);
    if (values !== null) return { values, gaps: [] };
    throw new Error('the answer is malformed');
  } catch (error) {
    const gap = gapOf(error, operation, resourceOf(request));
    return { values: {}, gaps: [{ ...gap, operation: `${operation} ${request.metric}` }] };
  }
}

/** `null`: the answer is not what the API promises. */
function valuesOf(request: MetricRequest, datapoints: readonly Datapoint[], span: Span): MetricValues | null {
  if (!Array.isArray(datapoints)) return null;
  const values: MetricValues = {};
  for (const statistic of request.statistics) {
    const series = new Float64Array(span.points).fill(Number.NaN);
    for (const point of datapoints as readonly Datapoint[]) {
      if (!place(series, point?.Timestamp, point?.[statistic], span)) return null;
    }
    values[statistic] = series;
  }
  return values;
}
