import type { Answer, FakeMetric, FakeState, Seen } from './fake-aws.ts';

/** CloudWatch; `undefined`: not an operation of it. */
export function answerCloudWatch(state: FakeState, seen: Seen): Answer | undefined {
  switch (seen.operation) {
    case 'ListMetrics':
      return listMetrics(state, seen.input);
    case 'GetMetricData':
      return getMetricData(state, seen.input);
    case 'GetMetricStatistics':
      return getMetricStatistics(state, seen.input);
    default:
      return undefined;
  }
}

interface Dimension {
  readonly Name: string;
  readonly Value?: string;
}

function dimensionList(metric: FakeMetric): Dimension[] {
  return Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function listMetrics(state: FakeState, input: Seen['input']): Answer {
  const wanted = (input['Dimensions'] ?? []) as readonly Dimension[];
  const metrics = state.metrics
    .filter(({ namespace, metric }) => namespace === input['Namespace'] && metric === input['MetricName'])
    .filter((metric) => wanted.every(({ Name }) => Name in metric.dimensions))
    .filter((metric) => metric.points.size > 0)
    .map((metric) => ({
      Namespace: metric.namespace,
      MetricName: metric.metric,
      Dimensions: dimensionList(metric),
    }));
  const from = Number(input['NextToken'] ?? 0);
  const to = from + state.metricsPerPage;
  return {
    body: { Metrics: metrics.slice(from, to), ...(to < metrics.length ? { NextToken: String(to) } : {}) },
  };
}

interface Wanted {
  readonly namespace: unknown;
  readonly metric: unknown;
  readonly dimensions: readonly Dimension[];
  readonly startAt: number;
  readonly endAt: number;
  readonly periodMs: number;
  readonly statistic: string;
}

/** Periods of the metric with a datapoint, oldest first: sums for Sum, the largest for the others. */
function datapoints(state: FakeState, wanted: Wanted): readonly (readonly [number, number])[] {
  const metric = state.metrics.find(
    (one) =>
      one.namespace === wanted.namespace &&
      one.metric === wanted.metric &&
      JSON.stringify(dimensionList(one)) === JSON.stringify(wanted.dimensions),
  );
  const periods = new Map<number, number>();
  for (const [at, value] of metric?.points ?? []) {
    if (at < wanted.startAt || at >= wanted.endAt) continue;
    const period = Math.floor(at / wanted.periodMs) * wanted.periodMs;
    const before = periods.get(period);
    const together = wanted.statistic === 'Sum' ? (before ?? 0) + value : Math.max(before ?? value, value);
    periods.set(period, together);
  }
  return [...periods].sort(([a], [b]) => a - b);
}

interface MetricQuery {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly Dimension[];
    };
    readonly Period: number;
    readonly Stat: string;
  };
}

function getMetricData(state: FakeState, input: Seen['input']): Answer {
  const queries = input['MetricDataQueries'] as readonly MetricQuery[];
  if (queries.length > 500) return { status: 400, code: 'ValidationError', message: 'more than 500 queries' };
  const all = queries.flatMap(({ Id, MetricStat }) => {
    const found = datapoints(state, {
      namespace: MetricStat.Metric.Namespace,
      metric: MetricStat.Metric.MetricName,
      dimensions: MetricStat.Metric.Dimensions ?? [],
      startAt: Number(input['StartTime']) * 1000,
      endAt: Number(input['EndTime']) * 1000,
      periodMs: MetricStat.Period * 1000,
      statistic: MetricStat.Stat,
    });
    const ordered = input['ScanBy'] === 'TimestampAscending' ? found : [...found].reverse();
    return ordered.map(([at, value]) => ({ Id, at, value }));
  });
  const from = Number(input['NextToken'] ?? 0);
  const to = from + state.datapointsPerPage;
  const page = all.slice(from, to);
  const results = queries.map(({ Id }) => {
    const mine = page.filter((point) => point.Id === Id);
    const more = all.slice(to).some((point) => point.Id === Id);
    return {
      Id,
      Timestamps: mine.map(({ at }) => at / 1000),
      Values: mine.map(({ value }) => value),
      StatusCode: more ? 'PartialData' : 'Complete',
    };
  });
  return { body: { MetricDataResults: results, ...(to < all.length ? { NextToken: String(to) } : {}) } };
}

function getMetricStatistics(state: FakeState, input: Seen['input']): Answer {
  const statistics = input['Statistics'] as readonly string[];
  const byTime = new Map<number, Record<string, number>>();
  for (const statistic of statistics) {
    const found = datapoints(state, {
      namespace: input['Namespace'],
      metric: input['MetricName'],
      dimensions: (input['Dimensions'] ?? []) as readonly Dimension[],
      startAt: Number(input['StartTime']) * 1000,
      endAt: Number(input['EndTime']) * 1000,
      periodMs: Number(input['Period']) * 1000,
      statistic,
    });
    for (const [at, value] of found) byTime.set(at, { ...byTime.get(at), [statistic]: value });
  }
  // In no particular order, as the API says.
  const Datapoints = [...byTime].reverse().map(([at, values]) => ({ Timestamp: at / 1000, ...values }));
  return { body: { Label: input['MetricName'], Datapoints } };
}
