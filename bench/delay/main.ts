import { extname, join } from 'node:path';
import { families } from '../../src/simulate/families/registry.ts';
import { keptResults } from '../common/kept.ts';
import { options } from '../common/options.ts';
import { runPool } from '../common/pool.ts';
import { commit, machine, publish } from '../common/results.ts';
import { calibrate } from './calibrate.ts';
import { type DelayReport, goalsOf, rowsOf, section } from './section.ts';
import type { DelayResult, DelayTask } from './worker.ts';

/**
 * How much sooner could it have been known?
 *
 *   npm run bench:delay -- [--seeds N] [--benign N]
 *
 * `--seeds`: of each family of loops, default 40. `--benign`: of each kind of harmless traffic behind queues, default 24.
 */
const FIRST_SEED = 100_000;
const LOOPS = /^(retry|poison|throttled)-/;
/** Harmless traffic behind queues: only there can both be mistaken. */
const BENIGN = [
  'error-blip',
  'steady-errors-2',
  'steady-errors-10',
  'isolated-failures',
  'moderate-change',
  'traffic-spike',
  'traffic-spike-throttled',
  'batch-job',
  'backlog-catch-up',
  'long-jobs',
];

/** By seed, so that whatever is done when a run is interrupted holds of all of them. */
function tasksOf(
  loops: readonly string[],
  seeds: { readonly loops: number; readonly benign: number },
): DelayTask[] {
  const most = Math.max(seeds.loops, seeds.benign);
  return Array.from({ length: most }, (_, i) => i).flatMap((i) =>
    [...(i < seeds.loops ? loops : []), ...(i < seeds.benign ? BENIGN : [])].map((family) => ({
      family,
      seed: FIRST_SEED + i,
    })),
  );
}

const loopIds = Object.keys(families).filter((id) => LOOPS.test(id));
const { seeds, benign } = options('delay', { seeds: 40, benign: 24 });
const wanted = tasksOf(loopIds, { loops: seeds, benign });
const kept = keptResults<DelayResult>(`delay-${commit()}`);
const results: DelayResult[] = [...kept.results];
const done = new Set(results.map(({ family, seed }) => `${family}/${seed}`));
await runPool<DelayTask, DelayResult>({
  file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
  tasks: wanted.filter(({ family, seed }) => !done.has(`${family}/${seed}`)),
  onResult: (result) => {
    results.push(result);
    kept.add(result);
    if (results.length % 20 === 0) {
      process.stderr.write(`${results.length} of ${wanted.length}\n`);
      save();
    }
  },
});
save();

function save(): void {
  const loops = results.filter((result) => result.kind === 'loop');
  const benign = results.filter((result) => result.kind === 'benign');
  const alarmsAllowed = benign.reduce((sum, { alarms }) => sum + alarms, 0);
  const rules = {
    loop: calibrate({ kind: 'loop', loops, benign, alarmsAllowed }),
    poison: calibrate({ kind: 'poison', loops, benign, alarmsAllowed }),
  };
  const strict = {
    loop: calibrate({ kind: 'loop', loops, benign, alarmsAllowed: 0 }),
    poison: calibrate({ kind: 'poison', loops, benign, alarmsAllowed: 0 }),
  };
  const report: DelayReport = {
    machine: machine(),
    firstSeed: FIRST_SEED,
    benignSeeds: benign.length,
    firebreakAlarms: alarmsAllowed,
    rules,
    strict,
    cases: rowsOf(loops, rules, strict),
  };
  publish('delay', { result: report, goals: goalsOf(report), section: section(report) });
}
