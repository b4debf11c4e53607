import { createAnomalyScorer } from '../../src/stats/anomaly/scorer.ts';
import { cpuMs } from '../common/cpu.ts';
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

const SCORERS = {
  firebreak,
  'relative entropy': relativeEntropy,
  'windowed Gaussian': windowedGaussian,
  clock,
  random,
  'static threshold': staticThreshold,
} satisfies Record<string, SeriesScorer>;

export type ScorerName = keyof typeof SCORERS;
export const SCORER_NAMES = Object.keys(SCORERS) as readonly ScorerName[];

/** One synthetic corpus: every `oneIn`-th series of its make-up. */
export interface CorpusTask {
  readonly seed: number;
  readonly oneIn: number;
}

/** What one scorer was worth on it. */
export interface ScorerResult {
  /** 0 (silent) to 100 (perfect), one for each of {@link PROFILES}. */
  readonly scores: readonly number[];
  /** By the standard profile, at its best threshold. */
  readonly windows: number;
  readonly windowsHit: number;
  readonly falsePoints: number;
  readonly cpuMs: number;
}

export interface CorpusResult extends CorpusTask {
  readonly series: number;
  readonly points: number;
  readonly of: Readonly<Record<ScorerName, ScorerResult>>;
}

export function scoreSeed({ seed, oneIn }: CorpusTask): CorpusResult {
  const corpus = makeCorpus(seed, oneIn);
  const results = SCORER_NAMES.map((name) => [name, resultOf(SCORERS[name], corpus)] as const);
  return {
    seed,
    oneIn,
    series: corpus.length,
    points: corpus.reduce((sum, { values }) => sum + values.length, 0),
    of: Object.fromEntries(results) as Record<ScorerName, ScorerResult>,
  };
}

function resultOf(scorer: SeriesScorer, corpus: readonly LabelledSeries[]): ScorerResult {
  const from = cpuMs();
  const points = corpus.map(scorer);
  const spentMs = cpuMs() - from;
  const [standard, ...others] = PROFILES.map((profile) => scoreCorpus(corpus, points, profile));
  if (standard === undefined) throw new RangeError('no profile');
  return {
    scores: [standard, ...others].map(({ normalised }) => normalised),
    windows: standard.windowsTotal,
    windowsHit: standard.windowsHit,
    falsePoints: standard.falsePositives,
    cpuMs: Math.round(spentMs),
  };
}

function firebreak({ at, values }: LabelledSeries): Float64Array {
  const scorer = createAnomalyScorer();
  return values.map((value, i) => scorer.push(at[i] ?? Number.NaN, value));
}
