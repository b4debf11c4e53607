import type { FunctionSeries, QueueSeries, ReadGap, Series } from '../../model/window.ts';
import type { FunctionMetric, QueueMetric } from '../trace/format.ts';
import { depthSeries } from './depth-history.ts';
import type { SourceMemory } from './memory.ts';
import { readMetricData } from './metric-data.ts';
import {
  LAMBDA_TABLE,
  type MetricAnswer,
  type MetricNamespace,
  type MetricRequest,
  type MetricValues,
  type Span,
  SQS_TABLE,
  type Statistic,
} from './metric-request.ts';
import { readStatistics } from './metric-statistics.ts';
import { type PlanInput, planSeries } from './series-plan.ts';
import { findTheSilent, REGION_REQUESTS } from './tripwire.ts';
import type { Wire } from './wire.ts';

/**
 * Metrics a tick reads through GetMetricStatistics, one call each: at one tick a minute these stay within the million
 * CloudWatch requests a month that are free (CloudWatch pricing, free tier), and beyond it cost what GetMetricData costs.
 */
const FREE_LANE_METRICS = 20;

export interface SeriesRead {
  readonly functions: ReadonlyMap<string, FunctionSeries>;
  readonly queues: ReadonlyMap<string, QueueSeries>;
  readonly memory: SourceMemory;
  readonly gaps: readonly ReadGap[];
}

/** Reads the series of everything that may have run lately, and finds out what else has. */
export async function readSeries(wire: Wire, input: PlanInput, span: Span): Promise<SeriesRead> {
  const plan = planSeries(input);
  const answer = await readMetrics(wire, [...REGION_REQUESTS, ...plan.requests], span);
  const found = await findTheSilent({ ...input, plan, answer, span }, (requests) =>
    readMetrics(wire, requests, span),
  );
  const answers = [answer, ...found.answers];
  const values = byName(answers);
  const silent = new Float64Array(span.points).fill(Number.NaN);
  const unread = found.memory.activity === null ? undefined : silent;
  const functions = new Map<string, FunctionSeries>();
  for (const { name } of input.inventory.functions) {
    if (plan.functions.get(name) === 'not-now') continue;
    functions.set(name, functionSeries(values.get(keyOf('AWS/Lambda', name)), unread));
  }
  const queues = new Map<string, QueueSeries>();
  for (const { name } of input.inventory.queues) {
    const metrics = values.get(keyOf('AWS/SQS', name));
    queues.set(name, {
      ...(plan.queues.get(name) === 'silent' ? stillQueue(silent) : queueSeries(metrics)),
      ...depthSeries(found.memory.depths, name, span),
    });
  }
  return { functions, queues, memory: found.memory, gaps: answers.flatMap((one) => one.gaps) };
}

/** `unread`: what to take for a metric that was not asked for: no datapoints where that is known, else nothing. */
export function functionSeries(metrics: ByMetric | undefined, unread: Series | undefined): FunctionSeries {
  const series: Partial<Record<FunctionMetric, Series>> = {};
  for (const [metric, fields] of LAMBDA_TABLE) {
    const values = metrics?.get(metric);
    for (const [statistic, field] of entriesOf(fields)) {
      const value = values === undefined ? unread : values[statistic];
      if (value !== undefined) series[field] = value;
    }
  }
  return series;
}

export function queueSeries(metrics: ByMetric | undefined): QueueSeries {
  const series: Partial<Record<QueueMetric, Series>> = {};
  for (const [metric, fields] of SQS_TABLE) {
    for (const [statistic, field] of entriesOf(fields)) {
      const value = metrics?.get(metric)?.[statistic];
      if (value !== undefined) series[field] = value;
    }
  }
  return series;
}

/** A queue whose depth stands still: nothing comes or goes. How deep it is, the attributes say. */
function stillQueue(silent: Series): QueueSeries {
  return { sent: silent, received: silent, deleted: silent };
}

function entriesOf<Field>(fields: Partial<Record<Statistic, Field>>): [Statistic, Field][] {
  return Object.entries(fields) as [Statistic, Field][];
}

/** The first metrics through the free lane, the rest in bulk. */
async function readMetrics(
  wire: Wire,
  requests: readonly MetricRequest[],
  span: Span,
): Promise<MetricAnswer> {
  const [free, bulk] = await Promise.all([
    readStatistics(wire, requests.slice(0, FREE_LANE_METRICS), span),
    readMetricData(wire, requests.slice(FREE_LANE_METRICS), span),
  ]);
  return { values: new Map([...free.values, ...bulk.values]), gaps: [...free.gaps, ...bulk.gaps] };
}

type ByMetric = ReadonlyMap<string, MetricValues>;

export function keyOf(namespace: MetricNamespace, name: string): string {
  return `${namespace} ${name}`;
}

export function byName(answers: readonly MetricAnswer[]): ReadonlyMap<string, ByMetric> {
  const names = new Map<string, Map<string, MetricValues>>();
  for (const [request, values] of answers.flatMap((answer) => [...answer.values])) {
    if (request.name === null) continue;
    const key = keyOf(request.namespace, request.name);
    const metrics = names.get(key) ?? new Map<string, MetricValues>();
    names.set(key, metrics.set(request.metric, values));
  }
  return names;
}
