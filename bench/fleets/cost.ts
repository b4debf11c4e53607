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

/** What reading ordinary traffic takes, without a harmless event and with one. */
export interface SizeCost {
  readonly functions: number;
  /** Without the harmless event. */
  readonly isCalm: boolean;
  readonly traceFunctions: number;
  readonly traceQueues: number;
  /** Without the first three hours, in which everything is read for the first time. */
  readonly reads: SparseReads;
}

export interface CostResult {
  readonly task: CostTask;
  readonly costs: readonly SizeCost[];
}

const BACKGROUND = 15;
const MINUTES = 1_440;
const START_TICKS = 180;
/** Size of the account at which harmless events are priced. */
const EVENTS_SIZE = 1_000;

export async function cost(task: CostTask): Promise<CostResult> {
  const family = families[task.family];
  if (family === undefined) throw new RangeError(`no family ${task.family}`);
  const traceOf = (background: number, isCalm: boolean) => {
    const scenario = family.scenario(task.seed, { background, minutes: MINUTES });
    const events = isCalm ? [] : scenario.events;
    return parseTrace(simulate({ ...scenario, events, recordAttributeDepths: true }).trace);
  };
  const calm = traceOf(BACKGROUND, true);
  const costs: SizeCost[] = [];
  for (const size of task.sizes) {
    const trace = size > BACKGROUND ? calm : traceOf(size - 2, true);
    costs.push(await costOf(trace, { size, seed: task.seed, isCalm: true }));
  }
  costs.push(await costOf(traceOf(BACKGROUND, false), { size: EVENTS_SIZE, seed: task.seed, isCalm: false }));
  return { task, costs };
}

async function costOf(
  trace: Trace,
  { size, seed, isCalm }: { readonly size: number; readonly seed: number; readonly isCalm: boolean },
): Promise<SizeCost> {
  const { functions, queues } = trace.inventory;
  const others = Math.max(0, size - functions.length);
  const totals = regionTotals(others === 0 ? [] : trafficPool(), others, seed);
  const source = sparseSource(trace, { functions: size, totals });
  let atStart: SparseReads | null = null;
  await replay(trace, {
    baselines: source.baselines,
    window: (now, incidents) => {
      if (source.reads.ticks === START_TICKS) atStart = structuredClone(source.reads);
      return source.window(now, incidents);
    },
  });
  return {
    functions: size,
    isCalm,
    traceFunctions: functions.length,
    traceQueues: queues.length,
    reads: atStart === null ? source.reads : difference(source.reads, atStart),
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
