import type { EpochMs } from '../../model/time.ts';
import type { FunctionSeries, QueueSeries, ReadGap, Series } from '../../model/window.ts';
import type { Pace } from '../../price/monitor-pace.ts';
import type { FunctionMetric, QueueMetric } from '../trace/format.ts';
import { type Attention, type Reason, staggered, suspectFrom } from './attention.ts';
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
import { findTheMoved, regionRequests } from './tripwire.ts';
import type { Wire } from './wire.ts';

/**
 * Metrics a tick reads through GetMetricStatistics, one call each: at one tick a minute these stay within the million
 * CloudWatch requests a month that are free (CloudWatch pricing, free tier), and beyond it cost what GetMetricData costs.
 */
const FREE_LANE_METRICS = 20;

export type ReadMetrics = (requests: readonly MetricRequest[]) => Promise<MetricAnswer>;

export interface SeriesInput extends Omit<PlanInput, 'attention'> {
  readonly attention: Attention;
  readonly paces: ReadonlyMap<string, Pace>;
  readonly dearestFirst: readonly string[];
  readonly allowance: { readonly perTick: number; readonly atMost: number };
  readonly span: Span;
}

export interface SeriesRead {
  readonly functions: ReadonlyMap<string, FunctionSeries>;
  readonly queues: ReadonlyMap<string, QueueSeries>;
  readonly memory: SourceMemory;
  readonly gaps: readonly ReadGap[];
}

/** Reads the series of those whose turn it is, and of whoever moved the totals of the region. */
export async function readSeries(read: ReadMetrics, input: SeriesInput): Promise<SeriesRead> {
  const { span, now, attention } = input;
  const first = planSeries(input);
  const answer = await read([...regionRequests(input.inventory), ...first.requests]);
  const found = await findTheMoved({ ...input, plan: first, answer }, read);
  const moved = found.moved.filter((name) => (attention.read.get(name) ?? 'glance') === 'glance');
  const all = {
    ...attention,
    read: new Map([...attention.read, ...moved.map((name) => [name, 'moved'] as const)]),
  };
  const plan = moved.length === 0 ? first : planSeries({ ...input, memory: found.memory, attention: all });
  const more = moved.length === 0 ? null : await read(without(plan.requests, [answer, ...found.answers]));
  const answers = [answer, ...found.answers, ...(more === null ? [] : [more])];
  const values = byName(answers);
  const silent = new Float64Array(span.points).fill(Number.NaN);
  const unread = found.memory.activity === null ? undefined : silent;
  const functions = new Map<string, FunctionSeries>();
  for (const { name } of input.inventory.functions) {
    if (plan.functions.get(name) === 'not-now') continue;
    const isGlance = plan.functions.get(name) === 'glance';
    functions.set(name, functionSeries(values.get(keyOf('AWS/Lambda', name)), isGlance ? undefined : unread));
  }
  const queues = new Map<string, QueueSeries>();
  for (const { name } of input.inventory.queues) {
    const metrics = values.get(keyOf('AWS/SQS', name));
    queues.set(name, {
      ...(plan.queues.get(name) === 'silent' ? stillQueue(silent) : queueSeries(metrics)),
      ...depthSeries(found.memory.depths, name, span),
    });
  }
  const suspects = new Map([
    ...attention.suspects,
    ...moved.map((name) => [name, suspectFrom(now, attention.suspects.get(name))] as const),
  ]);
  const memory = {
    ...found.memory,
    reading: { ...found.memory.reading, suspects, readAt: readAtOf(input, all.read, values) },
  };
  return { functions, queues, memory, gaps: answers.flatMap((one) => one.gaps) };
}

/** Requests that no answer holds yet. */
function without(requests: readonly MetricRequest[], answers: readonly MetricAnswer[]): MetricRequest[] {
  const keyOfRequest = ({ namespace, name, metric }: MetricRequest) =>
    JSON.stringify([namespace, name, metric]);
  const held = new Set(answers.flatMap(({ values }) => [...values.keys()].map(keyOfRequest)));
  return requests.filter((request) => !held.has(keyOfRequest(request)));
}

/** When each function that still exists was read last. Of which nothing could be read is due again at the next tick. */
function readAtOf(
  { inventory, memory, now, paces }: SeriesInput,
  read: ReadonlyMap<string, Reason>,
  values: ReadonlyMap<string, ByMetric>,
): ReadonlyMap<string, EpochMs> {
  return new Map(
    inventory.functions.flatMap(({ name }): [string, EpochMs][] => {
      const before = memory.reading.readAt.get(name);
      const metrics = [...(values.get(keyOf('AWS/Lambda', name))?.values() ?? [])];
      const reason = metrics.some((one) => Object.keys(one).length > 0) ? read.get(name) : undefined;
      if (reason === undefined) return before === undefined ? [] : [[name, before]];
      if (reason !== 'never-read') return [[name, now]];
      return [[name, staggered(name, now, paces.get(name)?.readMinutes ?? 1)]];
    }),
  );
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

/** Reads of one tick: the first metrics through the free lane, the rest in bulk. */
export function metricReader(wire: Wire, span: Span): ReadMetrics {
  let free = FREE_LANE_METRICS;
  return async (requests) => {
    const one = requests.slice(0, free);
    free -= one.length;
    const [few, bulk] = await Promise.all([
      readStatistics(wire, one, span),
      readMetricData(wire, requests.slice(one.length), span),
    ]);
    return { values: new Map([...few.values, ...bulk.values]), gaps: [...few.gaps, ...bulk.gaps] };
  };
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
