import { mkdirSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { families } from '../../src/simulate/families/registry.ts';
import { keptResults } from '../common/kept.ts';
import { options } from '../common/options.ts';
import { runPool } from '../common/pool.ts';
import { commit, machine, publish, writeSection } from '../common/results.ts';
import { KINDS } from '../false-alarms/kinds.ts';
import { chartSvg } from './chart.ts';
import { type DetectionReport, noiseOf, ROW_WORDS, rowLine, rowsOf, usdPerMonthOf } from './figures.ts';
import { goalsOf } from './goals.ts';
import { section, summaryTable } from './section.ts';
import type { DetectionResult, DetectionTask } from './worker.ts';

/**
 * Firebreak against what people use today, on the same traces.
 *
 *   npm run bench:detection -- [--seeds N] [--seed S] [--workers W]
 *
 * `--seeds`: of each family of the simulator, default 70. `--seed`: the first. Every trace that is done is kept, so that a run
 * that was interrupted goes on where it was; a change of the code starts anew.
 */

/** Nobody looked at these before they were measured: a fault that one of them shows is mended, and then others are taken. */
const FIRST_SEED = 2_500_000;

const { seeds, seed: firstSeed, workers } = options('detection', { seeds: 70, seed: FIRST_SEED, workers: 2 });
const background = new Map(KINDS.map((kind) => [kind.id, kind.background]));
// By seed, so that whatever is done when a run is interrupted holds of all families.
const wanted: DetectionTask[] = Array.from({ length: seeds }, (_, i) => firstSeed + i).flatMap((seed) =>
  Object.keys(families).map((family) => ({ family, seed, background: background.get(family) ?? 0 })),
);
const kept = keptResults<DetectionResult>(`detection-${commit()}`);
const isWanted = new Set(wanted.map(keyOf));
const results = kept.results.filter((result) => isWanted.has(keyOf(result)));
const done = new Set(results.map(keyOf));
await runPool<DetectionTask, DetectionResult>({
  file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
  tasks: wanted.filter((task) => !done.has(keyOf(task))),
  workers,
  onResult: (result) => {
    results.push(result);
    kept.add(result);
    if (results.length % 50 === 0) process.stderr.write(`${results.length} of ${wanted.length}\n`);
  },
});
save();

function keyOf({ family, seed }: DetectionTask): string {
  return `${family}/${seed}`;
}

function save(): void {
  const isPositive = ({ family }: DetectionResult) => families[family]?.positive === true;
  const kinds = [...new Set(results.filter((result) => !isPositive(result)).map(({ family }) => family))];
  const report: DetectionReport = {
    machine: machine(),
    firstSeed,
    seedsPerFamily: seeds,
    traces: results.length,
    cpuMinutes: results.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 60_000,
    rows: rowsOf(results),
    noise: noiseOf(results),
    noiseByKind: {
      ...Object.fromEntries(
        kinds.map((kind) => [kind, noiseOf(results.filter(({ family }) => family === kind))]),
      ),
      'before and beside incidents': noiseOf(results.filter(isPositive)),
    },
    usdPerMonth: usdPerMonthOf(results),
    falsePagesOfFirebreak: results.flatMap(({ family, seed, falsePagesOfFirebreak }) =>
      falsePagesOfFirebreak.map((page) => `${family}, seed ${seed}: ${page}`),
    ),
  };
  publish('detection', {
    result: { ...report, rowWords: ROW_WORDS.join(' '), rows: report.rows.map(rowLine) },
    goals: goalsOf(report),
    section: section(report),
  });
  const images = join(process.cwd(), 'docs', 'images');
  mkdirSync(images, { recursive: true });
  writeFileSync(join(images, 'detection.svg'), chartSvg(report));
  writeSection('detection', summaryTable(report), 'README.md');
}
