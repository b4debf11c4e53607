import type { Goal } from '../common/goal.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, short } from '../common/table.ts';
import { PROFILES } from './nab-score.ts';
import { type CorpusResult, SCORER_NAMES, type ScorerName, type ScorerResult } from './score.ts';

export interface ScoreSeriesReport {
  readonly machine: Machine;
  /** Corpora of some of the series each, by seed: what the goals are about. */
  readonly small: readonly CorpusResult[];
  /** Corpora of all series. */
  readonly whole: readonly CorpusResult[];
  /** Corpora of all series on which the weights were chosen. */
  readonly chosenOn: readonly CorpusResult[];
}

const RIVALS = SCORER_NAMES.filter((name) => name !== 'firebreak');

/** Scores of the standard profile that were published with the benchmark (the scoreboard of github.com/numenta/NAB). */
const PUBLISHED: Readonly<Partial<Record<ScorerName, string>>> = {
  'relative entropy': '54.6',
  'windowed Gaussian': '39.6',
  random: '11.0',
};

/** Wanted: above on so many of a hundred. */
const ABOVE_SHARE_MIN = 0.9;

export function goalsOf({ small }: ScoreSeriesReport): readonly Goal[] {
  const wanted = Math.ceil(ABOVE_SHARE_MIN * small.length);
  const goal = (rival: ScorerName, what: string): Goal => {
    const above = isAbove(small, rival);
    return {
      what: `unseen synthetic corpora on which its NAB score (standard profile) is higher than that of ${what}`,
      wanted: `at least ${wanted} of ${small.length}`,
      measured: `${above} of ${small.length}`,
      isMet: above >= wanted,
    };
  };
  return [goal('windowed Gaussian', 'a windowed Gaussian'), goal('static threshold', 'a static threshold')];
}

export function section({ machine, small, whole, chosenOn }: ScoreSeriesReport): string {
  const [standard] = PROFILES;
  return [
    machineLine(machine),
    '',
    `## Whole corpora, ${seedsText(whole)}`,
    '',
    `${madeOf(whole)}. Scores are means.`,
    '',
    markdownTable(
      [
        'detector',
        ...PROFILES.map(({ name }) => name),
        'lowest seed',
        'windows hit',
        'false points',
        'CPU, µs a point',
        'published for NAB, standard',
      ],
      SCORER_NAMES.map((name) => [...wholeRow(whole, name), PUBLISHED[name] ?? '']),
    ),
    '',
    `On ${seedsText(chosenOn)}, on which the weights were chosen, firebreak has ${short(mean(standardsOf(chosenOn, 'firebreak')))}.`,
    '',
    `## ${small.length} small corpora, ${seedsText(small)}`,
    '',
    `${madeOf(small)}: of each corpus every ${small[0]?.oneIn ?? 1}th series, others for each seed.`,
    '',
    markdownTable(
      ['detector', `${standard?.name}, mean`, 'lowest seed', 'firebreak is above it on'],
      SCORER_NAMES.map((name) => [
        name,
        short(mean(standardsOf(small, name))),
        short(Math.min(...standardsOf(small, name))),
        name === 'firebreak' ? '' : `${isAbove(small, name)} of ${small.length}`,
      ]),
    ),
    '',
    lossesText(small),
  ].join('\n');
}

function wholeRow(corpora: readonly CorpusResult[], name: ScorerName): (string | number)[] {
  const total = (of: (result: ScorerResult) => number) =>
    corpora.reduce((sum, corpus) => sum + of(corpus.of[name]), 0);
  const points = corpora.reduce((sum, corpus) => sum + corpus.points, 0);
  return [
    name,
    ...PROFILES.map((_, i) => short(mean(corpora.map(({ of }) => of[name].scores[i] ?? Number.NaN)))),
    short(Math.min(...standardsOf(corpora, name))),
    `${total(({ windowsHit }) => windowsHit)} of ${total(({ windows }) => windows)}`,
    total(({ falsePoints }) => falsePoints),
    short((1_000 * total(({ cpuMs }) => cpuMs)) / points),
  ];
}

/** Every corpus on which another scorer does as well or better. */
function lossesText(corpora: readonly CorpusResult[]): string {
  const losses = RIVALS.flatMap((rival) =>
    corpora
      .filter((corpus) => standardOf(corpus, 'firebreak') <= standardOf(corpus, rival))
      .map(
        (corpus) =>
          `- ${rival}, seed ${corpus.seed}: ${short(standardOf(corpus, rival))}, firebreak ${short(standardOf(corpus, 'firebreak'))}`,
      ),
  );
  return losses.length === 0
    ? 'None of them is above firebreak on any seed.'
    : ['Where it is not above:', '', ...losses].join('\n');
}

function isAbove(corpora: readonly CorpusResult[], rival: ScorerName): number {
  return corpora.filter((corpus) => standardOf(corpus, 'firebreak') > standardOf(corpus, rival)).length;
}

function standardOf({ of }: CorpusResult, name: ScorerName): number {
  return of[name].scores[0] ?? Number.NaN;
}

function standardsOf(corpora: readonly CorpusResult[], name: ScorerName): number[] {
  return corpora.map((corpus) => standardOf(corpus, name));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function seedsText(corpora: readonly CorpusResult[]): string {
  return `seeds ${corpora[0]?.seed} to ${corpora.at(-1)?.seed}`;
}

function madeOf(corpora: readonly CorpusResult[]): string {
  const total = (of: (corpus: CorpusResult) => number) =>
    corpora.reduce((sum, corpus) => sum + of(corpus), 0).toLocaleString('en-US');
  return `${total(({ series }) => series)} series, ${total(({ points }) => points)} points, ${total(({ of }) => of.firebreak.windows)} windows`;
}
