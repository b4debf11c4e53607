import { extname, join } from 'node:path';
import { keptResults } from '../common/kept.ts';
import { options } from '../common/options.ts';
import { runPool } from '../common/pool.ts';
import { commit, machine, publish } from '../common/results.ts';
import type { AccountScore } from './score.ts';
import { goalsOf, reportOf, section } from './section.ts';
import type { AccountTask } from './worker.ts';

/**
 * How soon does the daily look at the bill see a rise, and how often does it see one that is none?
 *
 *   npm run bench:daily-cost -- [--accounts N] [--seed S]
 *
 * A year of each account, each day judged by what would have been seen on it. The limits were chosen on seeds 1 to 700, which
 * are not among these.
 */
const FIRST_SEED = 10_000;

const { accounts, seed: firstSeed } = options('daily-cost', { accounts: 200, seed: FIRST_SEED });
const kept = keptResults<AccountScore>(`daily-cost-${commit()}-${firstSeed}`);
const scores = new Map(kept.results.map((score) => [score.seed, score]));
const seeds = Array.from({ length: accounts }, (_, i) => firstSeed + i);
await runPool<AccountTask, AccountScore>({
  file: join(import.meta.dirname, `worker${extname(import.meta.filename)}`),
  tasks: seeds.filter((seed) => !scores.has(seed)).map((seed) => ({ seed })),
  onResult: (score) => {
    scores.set(score.seed, score);
    kept.add(score);
    if (scores.size % 20 === 0) process.stderr.write(`${scores.size} accounts\n`);
  },
});
const report = reportOf(
  seeds.flatMap((seed) => scores.get(seed) ?? []),
  { machine: machine(), firstSeed },
);
publish('daily-cost', { result: report, goals: goalsOf(report), section: section(report) });
