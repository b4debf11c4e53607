import { execFileSync } from 'node:child_process';
import { extname, join } from 'node:path';
import { options } from '../common/options.ts';
import { machine, publish, writeSection } from '../common/results.ts';
import { limitsSection } from './limits.ts';
import type { BacktestMeasure } from './one-backtest.ts';
import type { HandlerMeasure } from './one-handler.ts';
import type { ReadingMeasure } from './one-reading.ts';
import type { TickMeasure } from './one-tick.ts';
import { goalsOf, type ScaleReport, section } from './section.ts';

/** How do a tick and a backtest grow with the fleet? Each measure is a process of its own, so that peaks are its own. */
const SIZES = [100, 1_000, 3_000, 10_000];
/** Beyond what is promised: where does it end? */
const BEYOND = 100_000;
const SEED = 100_001;

options('scale', {});

function run<T>(file: string, ...args: readonly (string | number)[]): T {
  const path = join(import.meta.dirname, `${file}${extname(import.meta.filename)}`);
  const output = execFileSync(process.execPath, [...process.execArgv, path, ...args.map(String)], {
    encoding: 'utf8',
  });
  return JSON.parse(output) as T;
}

/** From its source: it bundles what is beside it. */
function runSource<T>(file: string): T {
  const path = join('bench', 'scale', `${file}.ts`);
  return JSON.parse(execFileSync('npx', ['tsx', path], { encoding: 'utf8' })) as T;
}

const report: ScaleReport = {
  machine: machine(),
  seed: SEED,
  ticks: SIZES.map((functions) => run<TickMeasure>('one-tick', functions, SEED)),
  beyond: run<TickMeasure>('one-tick', BEYOND, SEED),
  reading: run<ReadingMeasure>('one-reading'),
  handler: runSource<HandlerMeasure>('one-handler'),
  backtest: run<BacktestMeasure>('one-backtest', SEED),
};
publish('scale', { result: report, goals: goalsOf(report), section: section(report) });
writeSection(
  'limits',
  limitsSection({ ...report, ticks: [...report.ticks, report.beyond] }),
  'docs/operations.md',
);
