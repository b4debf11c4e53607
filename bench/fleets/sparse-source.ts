import type { Incident } from '../../src/model/incident.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import { attend, type Reason } from '../../src/observe/aws/attention.ts';
import { withDepths } from '../../src/observe/aws/depth-history.ts';
import { emptyMemory, type SourceMemory } from '../../src/observe/aws/memory.ts';
import {
  LAMBDA_TABLE,
  type MetricAnswer,
  type MetricRequest,
  type MetricValues,
  type Span,
  SQS_TABLE,
  type Statistic,
} from '../../src/observe/aws/metric-request.ts';
import { type Due, dueQueues, type ReadingPlan } from '../../src/observe/aws/reading-plan.ts';
import { readSeries } from '../../src/observe/aws/series.ts';
import { activeFunctions, GLANCE, metricsCounter, QUEUE_METRICS } from '../../src/observe/aws/series-plan.ts';
import type { Trace } from '../../src/observe/trace/format.ts';
import { traceSource } from '../../src/observe/trace/trace-source.ts';
import { type Pace, pacesOf, searchAllowance, type Thrift, watchedOf } from '../../src/price/monitor-pace.ts';
import type { RegionTotals } from './region-totals.ts';

/** What reading took so far. */
export interface SparseReads {
  metrics: number;
  /** Of them the totals of the region. */
  regionMetrics: number;
  /** Of them the searches for what moved the totals. */
  searchMetrics: number;
  depths: number;
  ticks: number;
  /** Readings of a function in full, by reason. */
  readonly byReason: Partial<Record<Reason, number>>;
}

export interface SparseOptions {
  /** Functions of the account; those beyond the trace's only raise the totals of the region. */
  readonly functions: number;
  readonly totals: RegionTotals;
  readonly thrift?: Thrift;
}

/** CloudWatch lists a new metric up to 15 min after its first datapoint, and the listing is read every 10. */
const LISTING_LAG_MINUTES = 15;
const LISTING_MINUTES = 10;

/**
 * A trace as the deployed tick would see it: the same plan, attention and searches as `awsSource`, over series that are
 * withheld unless they are asked for.
 */
export function sparseSource(trace: Trace, options: SparseOptions) {
  const inner = traceSource(trace);
  const { inventory } = trace;
  const copies = Math.max(1, Math.round(options.functions / inventory.functions.length));
  const reads: SparseReads = {
    metrics: 0,
    regionMetrics: 0,
    searchMetrics: 0,
    depths: 0,
    ticks: 0,
    byReason: {},
  };
  let memory: SourceMemory = emptyMemory(inventory.account, inventory.region);

  return {
    reads,
    baselines: inner.baselines,
    async window(now: EpochMs, incidents: readonly Incident[] = []): Promise<Window> {
      const full = await inner.window(now);
      const span: Span = { startAt: full.startAt, points: full.minutes, periodMs: MINUTE_MS };
      memory = withListing(memory, full, now);
      const plan = planOf(inventory, memory, { now, copies, thrift: options.thrift ?? 0 });
      const due = dueQueues(inventory, memory, { now, incidents, stopped: new Set(), paces: plan.paces });
      const depths = depthsOf(full, due);
      reads.depths += depths.size;
      memory = { ...memory, depths: withDepths(memory.depths, now, depths) };
      const attention = attend({
        ...{
          inventory,
          now,
          incidents,
          stopped: new Set<string>(),
          reading: memory.reading,
          depths: memory.depths,
          paces: plan.paces,
        },
        isActive: activeFunctions(memory, now),
      });
      let isFirst = true;
      const read = async (requests: readonly MetricRequest[]): Promise<MetricAnswer> => {
        const region = requests.filter(({ name }) => name === null).length;
        reads.metrics += requests.length;
        reads.regionMetrics += region;
        const isSearch = !isFirst && new Set(requests.map(({ metric }) => metric)).size === 1;
        if (isSearch) {
          const extra = requests.length * (copies - 1);
          reads.searchMetrics += requests.length + extra;
          reads.metrics += extra;
          searched = extra;
        }
        isFirst = false;
        return {
          values: new Map(requests.map((one) => [one, valuesOf(one, full, options.totals)])),
          gaps: [],
        };
      };
      let searched = 0;
      const series = await readSeries(read, { ...plan, inventory, memory, now, attention, span });
      memory = series.memory;
      if (searched > 0) {
        const { reading } = memory;
        const searches = { ...reading.searches, metrics: Math.max(0, reading.searches.metrics - searched) };
        memory = { ...memory, reading: { ...reading, searches } };
      }
      reads.ticks++;
      for (const reason of attention.read.values())
        reads.byReason[reason] = (reads.byReason[reason] ?? 0) + 1;
      return { ...full, functions: series.functions, queues: series.queues };
    },
  };
}

/** The plan of the whole account, of which the trace's functions are one of many like parts. */
function planOf(
  inventory: Inventory,
  memory: SourceMemory,
  options: { readonly now: EpochMs; readonly copies: number; readonly thrift: Thrift },
): ReadingPlan {
  const watched = watchedOf(inventory, {
    metricsOf: metricsCounter(memory),
    metricsPerQueue: QUEUE_METRICS.length,
    glance: { metrics: GLANCE.metrics.length, metricsPerQueue: GLANCE.queueMetrics.length },
    isActive: activeFunctions(memory, options.now),
  });
  const all = Array.from({ length: options.copies }, () => watched).flat();
  const paces = pacesOf(all, options.thrift);
  const order = inventory.functions.map(({ name }, i) => ({ name, usd: watched[i]?.worstUsdPerHour ?? 0 }));
  return {
    watched,
    paces: new Map(inventory.functions.map(({ name }, i) => [name, paces[i] as Pace])),
    dearestFirst: order.sort((a, b) => b.usd - a.usd).map(({ name }) => name),
    allowance: searchAllowance(all.length, options.thrift),
  };
}

function depthsOf(window: Window, due: Due) {
  const depths = new Map<string, { visible: number; notVisible: number }>();
  for (const [name, series] of window.queues) {
    if (due(name) === 0) continue;
    const visible = series.attributeVisible?.at(-1) ?? Number.NaN;
    const notVisible = series.attributeNotVisible?.at(-1) ?? 0;
    if (!Number.isNaN(visible)) depths.set(name, { visible, notVisible: notVisible || 0 });
  }
  return depths;
}

/** What ListMetrics would say, as late as it says it. */
function withListing(memory: SourceMemory, window: Window, now: EpochMs): SourceMemory {
  const { activity } = memory;
  if (activity !== null && now - activity.readAt < LISTING_MINUTES * MINUTE_MS) return memory;
  const until = Math.max(1, window.minutes - LISTING_LAG_MINUTES);
  const names = (of: (name: string) => Float64Array | undefined) =>
    [...window.functions.keys()].filter((name) =>
      of(name)
        ?.subarray(0, until)
        .some((value) => value > 0),
    );
  const active = names((name) => window.functions.get(name)?.invocations);
  const throttled = names((name) => window.functions.get(name)?.throttles);
  return {
    ...memory,
    activity: {
      readAt: now,
      active: [...new Set([...active, ...throttled])],
      async: names((name) => window.functions.get(name)?.asyncEventsReceived),
      rare: new Map([
        ['AsyncEventsDropped', names((name) => window.functions.get(name)?.asyncEventsDropped)],
        [
          'RecursiveInvocationsDropped',
          names((name) => window.functions.get(name)?.recursiveInvocationsDropped),
        ],
      ]),
    },
  };
}

function valuesOf(request: MetricRequest, window: Window, totals: RegionTotals): MetricValues {
  const { namespace, metric, name } = request;
  const table: ReadonlyMap<string, Partial<Record<Statistic, string>>> = namespace === 'AWS/Lambda'
    ? LAMBDA_TABLE
    : SQS_TABLE;
  const fields = Object.entries(table.get(metric) ?? {}) as [Statistic, string][];
  const values: MetricValues = {};
  for (const [statistic, field] of fields) {
    const one = name === null ? totals.at(window, field) : seriesOf(window, namespace, name, field);
    if (one !== undefined) values[statistic] = one;
    // A metric that never had a datapoint answers with none, not with an error.
    else values[statistic] = new Float64Array(window.minutes).fill(Number.NaN);
  }
  return values;
}

function seriesOf(window: Window, namespace: string, name: string, field: string): Float64Array | undefined {
  const of = namespace === 'AWS/Lambda' ? window.functions.get(name) : window.queues.get(name);
  return (of as Readonly<Record<string, Float64Array | undefined>> | undefined)?.[field];
}
