import { queuesOf } from '../../src/model/inventory.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { traceSource } from '../../src/observe/trace/trace-source.ts';
import { worstUsdPerHour } from '../../src/price/monitor-pace.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { scoreIncidents, trueExcessUsd } from '../score.ts';
import { regionTotals } from './region-totals.ts';
import { replay } from './replay.ts';
import { sparseSource } from './sparse-source.ts';
import { trafficPool } from './traffic-pool.ts';

export interface DelayTask {
  readonly kind: 'delay';
  readonly family: string;
  readonly seed: number;
  /** Sizes of the account, in functions. */
  readonly sizes: readonly number[];
}

/** One true incident, found by reading everything every minute, and by reading as deployed. */
export interface DelayCase {
  readonly family: string;
  readonly seed: number;
  readonly functions: number;
  readonly worstUsdPerHour: number;
  /** Whether a queue feeds it, whose depth shows trouble. */
  readonly hasQueue: boolean;
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
}

const BACKGROUND = 7;

const MINUTE_MS = 60_000;

export async function delay(task: DelayTask): Promise<DelayResult> {
  const family = families[task.family];
  if (family === undefined) throw new RangeError(`no family ${task.family}`);
  const scenario = { ...family.scenario(task.seed, { background: BACKGROUND }), recordAttributeDepths: true };
  const { trace: document, truth } = simulate(scenario);
  const trace = parseTrace(document);
  const full = scoreIncidents(truth, await replay(trace, traceSource(trace)));
  const { functions, region, accountConcurrencyLimit: limit } = trace.inventory;
  const reserved = functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0);
  const cases: DelayCase[] = [];
  for (const size of task.sizes) {
    const others = Math.max(0, size - functions.length);
    const totals = regionTotals(others === 0 ? [] : trafficPool(), others, task.seed);
    const sparse = sparseSource(trace, { functions: size, totals });
    const found = scoreIncidents(truth, await replay(trace, sparse));
    for (const [i, { positive, onsetAt, ...match }] of full.matches.entries()) {
      const fn = functions.find(({ name }) => name === positive.function);
      const other = found.matches[i];
      if (fn === undefined || other === undefined) continue;
      const since = (at: number | null) => (at === null ? null : (at - onsetAt) / MINUTE_MS);
      const endAt =
        positive.end === null ? trace.startAt + trace.periods * MINUTE_MS : Date.parse(positive.end);
      const hours = Math.max(1 / 60, (endAt - onsetAt) / 3_600_000);
      cases.push({
        ...{ family: task.family, seed: task.seed, functions: size },
        hasQueue: queuesOf(fn).length > 0,
        worstUsdPerHour: worstUsdPerHour(fn, region, { limit, reserved }),
        wastedUsdPerHour: trueExcessUsd(truth, positive) / hours,
        everyMinute: since(match.openedAt),
        asDeployed: since(other.openedAt),
        everyMinuteCritical: since(match.criticalAt),
        asDeployedCritical: since(other.criticalAt),
      });
    }
  }
  return { task, cases };
}
