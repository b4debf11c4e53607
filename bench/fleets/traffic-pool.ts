import type { Trace } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';

/** Traffic that the rest of an account is drawn from: ordinary functions, and harmless surges and jobs among them. */
const POOL = ['isolated-failures', 'traffic-spike', 'batch-job', 'moderate-change'];
const BACKGROUND = 30;
const SEED = 900_000;

let pool: readonly Trace[] | null = null;

export function trafficPool(): readonly Trace[] {
  pool ??= POOL.map((id, i) => {
    const scenario = families[id]?.scenario(SEED + i, { background: BACKGROUND, minutes: 1_440 });
    if (scenario === undefined) throw new RangeError(`no family ${id}`);
    return parseTrace(simulate(scenario).trace);
  });
  return pool;
}
