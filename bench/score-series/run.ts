/**
 * `npm run bench:scores [-- <seeds> <from> <one-in>]`: firebreak's scores beside simple detectors, on synthetic corpora.
 * Seeds 1 to 8 were looked at while the detector was made; the default starts at 301, which were not.
 */
import { createAnomalyScorer } from '../../src/stats/anomaly/scorer.ts';
import {
  clock,
  random,
  relativeEntropy,
  type SeriesScorer,
  staticThreshold,
  windowedGaussian,
} from './baselines.ts';
import { makeCorpus } from './corpus.ts';
import { type LabelledSeries, PROFILES, scoreCorpus } from './nab-score.ts';

const DETECTORS: Readonly<Record<string, SeriesScorer>> = {
  firebreak,
  'relative entropy': relativeEntropy,
  'windowed Gaussian': windowedGaussian,
  clock,
  random,
  'static threshold': staticThreshold,
};
const RIVALS = ['windowed Gaussian', 'static threshold', 'relative entropy'];

function firebreak({ at, values }: LabelledSeries): Float64Array {
  const scorer = createAnomalyScorer();
  return values.map((value, i) => scorer.push(at[i] ?? Number.NaN, value));
}

interface Tally {
  /** Per profile, one number a seed. */
  readonly scores: number[][];
  hits: number;
  windows: number;
  falsePositives: number;
  milliseconds: number;
}

function main([seedCount = '100', from = '301', oneIn = '8']: readonly string[]): void {
  const tallies = new Map<string, Tally>();
  let points = 0;
  for (let seed = Number(from); seed < Number(from) + Number(seedCount); seed++) {
    const corpus = makeCorpus(seed, Number(oneIn));
    points += corpus.reduce((sum, file) => sum + file.values.length, 0);
    for (const [name, detect] of Object.entries(DETECTORS)) {
      const tally = tallies.get(name) ?? emptyTally();
      tallies.set(name, tally);
      const startedAt = performance.now();
      const scores = corpus.map(detect);
      tally.milliseconds += performance.now() - startedAt;
      add(tally, corpus, scores);
    }
    console.error(
      `seed ${seed}: ${[...tallies].map(([name, tally]) => `${name} ${last(tally)}`).join(', ')}`,
    );
  }
  console.log(`${seedCount} seeds from ${from}, every ${oneIn}. series: ${points} points\n`);
  console.log(
    `| detector | ${PROFILES.map(({ name }) => name).join(' | ')} | lowest | windows hit | false points | µs/point |`,
  );
  console.log(`|---|${'---:|'.repeat(PROFILES.length + 4)}`);
  for (const [name, tally] of tallies) console.log(line(name, tally, points));
  for (const rival of RIVALS)
    console.log(`\nfirebreak above ${rival}: ${wins(tallies, rival)} of ${seedCount} seeds`);
}

function emptyTally(): Tally {
  return { scores: PROFILES.map(() => []), hits: 0, windows: 0, falsePositives: 0, milliseconds: 0 };
}

function add(tally: Tally, corpus: readonly LabelledSeries[], scores: readonly Float64Array[]): void {
  PROFILES.forEach((profile, i) => {
    const result = scoreCorpus(corpus, scores, profile);
    tally.scores[i]?.push(result.normalised);
    if (i > 0) return;
    tally.hits += result.windowsHit;
    tally.windows += result.windowsTotal;
    tally.falsePositives += result.falsePositives;
  });
}

function line(name: string, tally: Tally, points: number): string {
  const means = tally.scores.map((each) => (each.reduce((a, b) => a + b, 0) / each.length).toFixed(1));
  const lowest = Math.min(...(tally.scores[0] ?? [])).toFixed(1);
  const cost = ((1000 * tally.milliseconds) / points).toFixed(1);
  const { hits, windows, falsePositives } = tally;
  return `| ${name} | ${means.join(' | ')} | ${lowest} | ${hits}/${windows} | ${falsePositives} | ${cost} |`;
}

function last(tally: Tally): string {
  return (tally.scores[0]?.at(-1) ?? Number.NaN).toFixed(1);
}

function wins(tallies: ReadonlyMap<string, Tally>, rival: string): number {
  const theirs = tallies.get(rival)?.scores[0] ?? [];
  const ours = tallies.get('firebreak')?.scores[0] ?? [];
  return ours.filter((score, i) => score > (theirs[i] ?? Number.POSITIVE_INFINITY)).length;
}

main(process.argv.slice(2));
