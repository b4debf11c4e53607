import { extname, join } from 'node:path';
import { keptResults } from '../common/kept.ts';
import { options } from '../common/options.ts';
import { runPool } from '../common/pool.ts';
import { commit, machine, publish } from '../common/results.ts';
import type { CorpusResult, CorpusTask } from './score.ts';
import { goalsOf, type ScoreSeriesReport, section } from './section.ts';

/**
 * How well does the scorer of any one series do beside simple ones?
 *
 *   npm run bench:score-series -- [--seeds N] [--whole N] [--seed S]
 *
 * `--seeds`: small corpora of every eighth series, default 100; `--whole`: whole corpora of the seeds that follow, default 4,
 * which take as long as eight small ones each. A run that was interrupted goes on where it was.
 */
const FIRST_SEED = 1_000;
/** The weights of the scorer were chosen on whole corpora of these. */
const CHOSEN_ON = [1, 2, 3, 4];
const ONE_IN = 8;

const chosen = options('score-series', { seeds: 100, whole: 4, seed: FIRST_SEED });
const { seeds, seed: firstSeed } = chosen;
const seedsFrom = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);
const small = seedsFrom(firstSeed, seeds).map((seed) => ({ seed, oneIn: ONE_IN }));
const whole = seedsFrom(firstSeed + seeds, chosen.whole).map((seed) => ({ seed, oneIn: 1 }));
const chosenOn = CHOSEN_ON.map((seed) => ({ seed, oneIn: 1 }));
const tasks: readonly CorpusTask[] = [...whole, ...chosenOn, ...small];

const nameOf = ({ seed, oneIn }: CorpusTask) => `${seed}/${oneIn}`;
const kept = keptResults<CorpusResult>(`score-series-${commit()}`);
const done = new Map(kept.results.map((result) => [nameOf(result), result]));
await runPool<CorpusTask, CorpusResult>({
  file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
  tasks: tasks.filter((task) => !done.has(nameOf(task))),
  onResult: (result) => {
    done.set(nameOf(result), result);
    kept.add(result);
    if (done.size % 10 === 0) process.stderr.write(`${done.size} of ${tasks.length}\n`);
  },
});

const resultsOf = (wanted: readonly CorpusTask[]) => wanted.flatMap((task) => done.get(nameOf(task)) ?? []);
const report: ScoreSeriesReport = {
  machine: machine(),
  small: resultsOf(small),
  whole: resultsOf(whole),
  chosenOn: resultsOf(chosenOn),
};
publish('score-series', { result: report, goals: goalsOf(report), section: section(report) });
