import type { Trace } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { traceSource } from '../../src/observe/trace/trace-source.ts';
import { worstUsdPerHour } from '../../src/price/monitor-pace.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { serveTasks } from '../common/pool.ts';
import { scoreIncidents, trueExcessUsd } from '../score.ts';
import { regionTotals } from './region-totals.ts';
import { replay } from './replay.ts';
import { type SparseReads, sparseSource } from './sparse-source.ts';

export interface DelayTask {
  readonly family: string;
  readonly seed: number;
  /** Functions of the account. */
  readonly functions: number;
}

/** One true incident, found by reading everything every minute, and by reading as deployed. */
export interface DelayCase extends DelayTask {
  readonly worstUsdPerHour: number;
  /** What it really wasted an hour, on average while it lasted. */
  readonly wastedUsdPerHour: number;
  /** Minutes from the onset to the first alert; `null`: none. */
  readonly everyMinute: number | null;
  readonly asDeployed: number | null;
  readonly everyMinuteCritical: number | null;
  readonly asDeployedCritical: number | null;
}

export interface DelayResult {
  readonly task: DelayTask;
  readonly cases: readonly DelayCase[];
  readonly reads: SparseReads;
  readonly traceFunctions: number;
}

const BACKGROUND = 7;
/** Traffic that the rest of the account is drawn from: ordinary functions, and harmless surges and jobs among them. */
const POOL = ['isolated-failures', 'traffic-spike', 'batch-job', 'moderate-change'];
const POOL_BACKGROUND = 30;
const MINUTE_MS = 60_000;

let pool: readonly Trace[] | null = null;

function poolOf(): readonly Trace[] {
  pool ??= POOL.map((id, i) => {
    const scenario = families[id]?.scenario(900_000 + i, { background: POOL_BACKGROUND, minutes: 1_440 });
    if (scenario === undefined) throw new RangeError(`no family ${id}`);
    return parseTrace(simulate(scenario).trace);
  });
  return pool;
}

serveTasks(async (task: DelayTask): Promise<DelayResult> => {
  const family = families[task.family];
  if (family === undefined) throw new RangeError(`no family ${task.family}`);
  const scenario = { ...family.scenario(task.seed, { background: BACKGROUND }), recordAttributeDepths: true };
  const { trace: document, truth } = simulate(scenario);
  const trace = parseTrace(document);
  const others = Math.max(0, task.functions - trace.inventory.functions.length);
  const totals = regionTotals(others === 0 ? [] : poolOf(), others, task.seed);
  const sparse = sparseSource(trace, { functions: task.functions, totals });
  const full = scoreIncidents(truth, await replay(trace, traceSource(trace)));
  const found = scoreIncidents(truth, await replay(trace, sparse));
  const { functions, region, accountConcurrencyLimit: limit } = trace.inventory;
  const reserved = functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
  const cases = full.matches.flatMap(({ positive, onsetAt, ...match }, i): DelayCase[] => {
    const fn = functions.find(({ name }) => name === positive.function);
    const other = found.matches[i];
    if (fn === undefined || other === undefined) return [];
    const since = (at: number | null) => (at === null ? null : (at - onsetAt) / MINUTE_MS);
    const endAt =
      positive.end === null ? trace.startAt + trace.periods * MINUTE_MS : Date.parse(positive.end);
    return [
      {
        ...task,
        worstUsdPerHour: worstUsdPerHour(fn, region, { limit, reserved }),
        wastedUsdPerHour: trueExcessUsd(truth, positive) / Math.max(1 / 60, (endAt - onsetAt) / 3_600_000),
        everyMinute: since(match.openedAt),
        asDeployed: since(other.openedAt),
        everyMinuteCritical: since(match.criticalAt),
        asDeployedCritical: since(other.criticalAt),
      },
    ];
  });
  return { task, cases, reads: sparse.reads, traceFunctions: functions.length };
});
