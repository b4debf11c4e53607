import type { Trace } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { regionTotals } from './region-totals.ts';
import { replay } from './replay.ts';
import { type SparseReads, sparseSource } from './sparse-source.ts';
import { trafficPool } from './traffic-pool.ts';

export interface CostTask {
  readonly kind: 'cost';
  readonly family: string;
  readonly seed: number;
  /** Sizes of the account, in functions. */
  readonly sizes: readonly number[];
}

/** What reading ordinary traffic takes. */
export interface SizeCost {
  readonly functions: number;
  readonly traceFunctions: number;
  readonly traceQueues: number;
  /** Of the third day. */
  readonly reads: SparseReads;
  /** Of the first day, without its first three hours, in which everything is read for the first time. */
  readonly firstDay: SparseReads;
}

export interface CostResult {
  readonly task: CostTask;
  readonly costs: readonly SizeCost[];
}

const BACKGROUND = 15;
/** On the third day what is usual is known: that is what a month is like. */
const MINUTES = 3 * 1_440;
const THIRD_DAY = 2 * 1_440;
const START_TICKS = 180;
const FIRST_DAY_TICKS = 1_440;

export async function cost(task: CostTask): Promise<CostResult> {
  const family = families[task.family];
  if (family === undefined) throw new RangeError(`no family ${task.family}`);
  const traceOf = (background: number) => {
    const scenario = family.scenario(task.seed, { background, minutes: MINUTES });
    return parseTrace(simulate({ ...scenario, events: [], recordAttributeDepths: true }).trace);
  };
  const calm = traceOf(BACKGROUND);
  const costs: SizeCost[] = [];
  for (const size of task.sizes) {
    const trace = size > BACKGROUND ? calm : traceOf(size - 2);
    costs.push(await costOf(trace, { size, seed: task.seed }));
  }
  return { task, costs };
}

async function costOf(
  trace: Trace,
  { size, seed }: { readonly size: number; readonly seed: number },
): Promise<SizeCost> {
  const { functions, queues } = trace.inventory;
  const others = Math.max(0, size - functions.length);
  const totals = regionTotals(others === 0 ? [] : trafficPool(), others, seed);
  const source = sparseSource(trace, { functions: size, totals });
  const marks = new Map<number, SparseReads>();
  await replay(trace, {
    baselines: source.baselines,
    window: (now, incidents) => {
      const { ticks } = source.reads;
      if ([START_TICKS, FIRST_DAY_TICKS, THIRD_DAY].includes(ticks))
        marks.set(ticks, structuredClone(source.reads));
      return source.window(now, incidents);
    },
  });
  const at = (ticks: number) => marks.get(ticks) ?? source.reads;
  return {
    functions: size,
    traceFunctions: functions.length,
    traceQueues: queues.length,
    reads: difference(source.reads, at(THIRD_DAY)),
    firstDay: difference(at(FIRST_DAY_TICKS), at(START_TICKS)),
  };
}

function difference(after: SparseReads, before: SparseReads): SparseReads {
  const reasons = Object.entries(after.byReason) as [keyof SparseReads['byReason'], number][];
  return {
    metrics: after.metrics - before.metrics,
    regionMetrics: after.regionMetrics - before.regionMetrics,
    searchMetrics: after.searchMetrics - before.searchMetrics,
    depths: after.depths - before.depths,
    ticks: after.ticks - before.ticks,
    byReason: Object.fromEntries(
      reasons.map(([reason, count]) => [reason, count - (before.byReason[reason] ?? 0)]),
    ),
  };
}
