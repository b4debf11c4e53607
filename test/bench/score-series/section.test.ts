import { describe, expect, it } from 'vitest';
import {
  type CorpusResult,
  SCORER_NAMES,
  type ScorerName,
  type ScorerResult,
} from '../../../bench/score-series/score.ts';
import { goalsOf, section } from '../../../bench/score-series/section.ts';

/** A corpus on which all have 40, but for those who are named. */
function corpus(seed: number, standard: Partial<Record<ScorerName, number>>): CorpusResult {
  const resultOf = (score: number): ScorerResult => ({
    scores: [score, score, score],
    windows: 10,
    windowsHit: 5,
    falsePoints: 2,
    cpuMs: 3,
  });
  const of = Object.fromEntries(
    SCORER_NAMES.map((name) => [name, resultOf(standard[name] ?? 40)] as const),
  ) as Record<ScorerName, ScorerResult>;
  return { seed, oneIn: 8, series: 7, points: 1_000, of };
}

const machine = {
  cpu: 'a processor',
  cores: 2,
  memoryGB: 8,
  node: 'v20',
  commit: 'abc',
  ranAt: '2026-11-26 12:00',
};
const won = Array.from({ length: 9 }, (_, i) => corpus(i, { firebreak: 60, 'static threshold': 0 }));
const tied = corpus(9, { firebreak: 40, 'static threshold': 0 });
const reportOf = (small: readonly CorpusResult[]) => ({ machine, small, whole: won, chosenOn: won });

describe('the benchmark of the scorer', () => {
  it('counts the seeds on which firebreak is above, not those on which it is level', () => {
    expect(goalsOf(reportOf([...won, tied]))).toMatchObject([
      { wanted: 'at least 9 of 10', measured: '9 of 10', isMet: true },
      { measured: '10 of 10', isMet: true },
    ]);
    expect(goalsOf(reportOf([...won.slice(1), tied, tied]))[0]).toMatchObject({
      measured: '8 of 10',
      isMet: false,
    });
  });

  it('names every seed on which it is not above', () => {
    expect(section(reportOf([...won, tied]))).toContain('- windowed Gaussian, seed 9: 40.0, firebreak 40.0');
    expect(section(reportOf(won))).toContain('None of them is above firebreak');
  });
});
