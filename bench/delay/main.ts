import { extname, join } from 'node:path';
import { families } from '../../src/simulate/families/registry.ts';
import { runPool } from '../common/pool.ts';
import { machine, saveResult, writeSection } from '../common/results.ts';
import { calibrate } from './calibrate.ts';
import { type DelayReport, rowsOf, section } from './section.ts';
import type { BenignCase, DelayResult, DelayTask, LoopCase } from './worker.ts';

/**
 * How much sooner could it have been known?
 *
 *   npm run bench:delay -- [--seeds N] [--benign N]
 *
 * `--seeds`: of each family of loops, default 20. `--benign`: of each kind of harmless traffic behind queues, default 12.
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

function option(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
}

function tasksOf(ids: readonly string[], seeds: number): DelayTask[] {
  return Array.from({ length: seeds }, (_, i) => FIRST_SEED + i).flatMap((seed) =>
    ids.map((family) => ({ family, seed })),
  );
}

const loopIds = Object.keys(families).filter((id) => LOOPS.test(id));
const tasks = [...tasksOf(loopIds, option('seeds', 20)), ...tasksOf(BENIGN, option('benign', 12))];
const loops: LoopCase[] = [];
const benign: BenignCase[] = [];
let done = 0;
await runPool<DelayTask, DelayResult>({
  file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
  tasks,
  onResult: (result) => {
    if (result.kind === 'loop') loops.push(result);
    if (result.kind === 'benign') benign.push(result);
    if (++done % 20 === 0) process.stderr.write(`${done} of ${tasks.length}\n`);
  },
});

const alarmsAllowed = benign.reduce((sum, { alarms }) => sum + alarms, 0);
const rules = {
  loop: calibrate({ kind: 'loop', loops, benign, alarmsAllowed }),
  poison: calibrate({ kind: 'poison', loops, benign, alarmsAllowed }),
};
const report: DelayReport = {
  machine: machine(),
  firstSeed: FIRST_SEED,
  benignSeeds: benign.length,
  firebreakAlarms: alarmsAllowed,
  rules,
  cases: rowsOf(loops, rules),
};
saveResult('delay', report);
writeSection('delay', section(report));
