import { SECOND_MS } from '../../model/time.ts';
import { MINUTES_PER_MONTH } from '../../price/monitor-plan.ts';
import type { ReadingDemand } from '../../price/monitor-reading.ts';
import { type Measured, NOTHING_MEASURED, type Taken } from './meter.ts';
import { METRIC_CALLS_AT_ONCE } from './metric-data.ts';
import type { MetricRequest } from './metric-request.ts';
import { QUEUES_AT_ONCE } from './queues.ts';

/** Whose depth, where. */
export interface KnownAddress {
  readonly name: string;
  readonly url: string;
}

type OrderedMetric = Pick<MetricRequest, 'namespace' | 'metric'> & { readonly name: string };

/** What a tick is going to read. */
export interface ReadingOrder {
  readonly queues: readonly KnownAddress[];
  readonly metrics: readonly OrderedMetric[];
}

/** Milliseconds that one reader takes for each. */
export interface ReadingCost {
  readonly depthMs: number;
  readonly metricMs: number;
}

/** Taken for granted until it is measured: 25 ms a call of SQS, a second and a half a call of GetMetricData with 300 metrics. */
const ASSUMED = { depthCallMs: 25, metricCallMs: 5 };
/** For so many measured ones the assumption still counts half. */
const ASSUMED_COUNT = 100;

/** What one reader takes, from what was measured. */
export function readingCost({ depths, metrics }: Measured): ReadingCost {
  const mean = ({ count, ms }: Taken, assumedMs: number) =>
    (ASSUMED_COUNT * assumedMs + ms) / (ASSUMED_COUNT + count);
  return {
    depthMs: mean(depths, ASSUMED.depthCallMs) / QUEUES_AT_ONCE,
    metricMs: mean(metrics, ASSUMED.metricCallMs) / METRIC_CALLS_AT_ONCE,
  };
}

/** A tick reads for so long by itself, as long as that suffices. */
const ALONE_MS = 15 * SECOND_MS;
/** What each shard is to take: one that meets a slow minute still ends in time. */
const SHARD_MS = 8 * SECOND_MS;

/** How many depths and metrics a tick reads. */
interface ReadingSize {
  readonly depths: number;
  readonly metrics: number;
}

/** Over how many shards an order is spread; 0: one tick reads it by itself. */
export function shardsFor({ queues, metrics }: ReadingOrder, cost: ReadingCost, shardsMax: number): number {
  return shardsOfSize({ depths: queues.length, metrics: metrics.length }, cost, shardsMax);
}

/** The same, before anything is measured, of what a month asks for. */
export function expectedShards(demand: ReadingDemand, shardsMax: number): number {
  const size = {
    depths: demand.depthReads / MINUTES_PER_MONTH,
    metrics: (demand.metrics + demand.regionMetrics) / MINUTES_PER_MONTH,
  };
  return shardsOfSize(size, readingCost(NOTHING_MEASURED), shardsMax);
}

function shardsOfSize({ depths, metrics }: ReadingSize, cost: ReadingCost, shardsMax: number): number {
  const ms = depths * cost.depthMs + metrics * cost.metricMs;
  return ms <= ALONE_MS ? 0 : Math.min(shardsMax, Math.ceil(ms / SHARD_MS));
}

/** Each queue and each metric in one part; parts differ by one of each at most, so that they take equally long. */
export function partition(order: ReadingOrder, shards: number): readonly ReadingOrder[] {
  const deal = <Item>(items: readonly Item[], shard: number) =>
    items.filter((_, index) => index % shards === shard);
  return Array.from({ length: shards }, (_, shard) => ({
    queues: deal(order.queues, shard),
    // From the other end: whoever has one queue more has no metric more.
    metrics: deal(order.metrics, shards - 1 - shard),
  }));
}
