import { extname, join } from 'node:path';
import { families } from '../../src/simulate/families/registry.ts';
import { keptResults } from '../common/kept.ts';
import { options } from '../common/options.ts';
import { runPool } from '../common/pool.ts';
import { commit, machine, publish } from '../common/results.ts';
import { goalsOf, type PatienceReport, rowsOf, section } from './section.ts';
import type { PatienceResult, PatienceTask } from './worker.ts';

/**
 * What would shorter waits win, and whom would they wake for nothing?
 *
 *   npm run bench:patience -- [--seeds N] [--seed S]
 *
 * `--seeds`: cases of each family of trouble, default 12; of each kind of failing deploy ten times as many. A run that was
 * interrupted goes on where it was.
 */
const FIRST_SEED = 400_000;
const BLIPS_PER_CASE = 10;

/** Of the six minutes that failures of a queue's messages must last: 6, 5, 4, 3 and 2. */
const PARTS = [6, 5, 4, 3, 2].map((minutes) => minutes / 6);

const { seeds, seed: firstSeed } = options('patience', { seeds: 12, seed: FIRST_SEED });

function tasksOf(names: readonly string[], cases: number): PatienceTask[] {
  return names.flatMap((family) =>
    Array.from({ length: cases }, (_, i) => ({ family, seed: firstSeed + i, parts: PARTS })),
  );
}

const all = Object.values(families);
const troubles = all.filter(({ positive }) => positive).map(({ id }) => id);
const blips = all.map(({ id }) => id).filter((id) => id.startsWith('error-blip'));
const tasks = [...tasksOf(troubles, seeds), ...tasksOf(blips, seeds * BLIPS_PER_CASE)];

const kept = keptResults<PatienceResult>(`patience-${commit()}-${firstSeed}`);
const nameOf = ({ family, seed }: { readonly family: string; readonly seed: number }) => `${family}/${seed}`;
const done = new Map(kept.results.map((result) => [nameOf(result), result]));
await runPool<PatienceTask, PatienceResult>({
  file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
  tasks: tasks.filter((task) => !done.has(nameOf(task))),
  onResult: (result) => {
    done.set(nameOf(result), result);
    kept.add(result);
    if (done.size % 50 === 0) process.stderr.write(`${done.size} of ${tasks.length}\n`);
  },
});

// In the order of the tasks, whichever was done first.
const results = tasks.map((task) => done.get(nameOf(task)) as PatienceResult);
const harmless = results.filter(({ wastedUsd }) => wastedUsd.length === 0);
const report: PatienceReport = {
  machine: machine(),
  firstSeed,
  seeds,
  harmlessTraces: harmless.length,
  harmlessDays: harmless.reduce((sum, { activeDays }) => sum + activeDays, 0),
  rows: rowsOf(results, PARTS),
};
publish('patience', { result: report, goals: goalsOf(), section: section(report) });
