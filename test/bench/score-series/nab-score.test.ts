import { describe, expect, it } from 'vitest';
import {
  type LabelledSeries,
  type LabelWindow,
  PROFILES,
  type Profile,
  scoreCorpus,
} from '../../../bench/score-series/nab-score.ts';

const [STANDARD, LOW_FP] = PROFILES as readonly [Profile, Profile];

function seriesOf(windows: readonly LabelWindow[], length = 1_000): LabelledSeries {
  return {
    name: 'made up',
    family: 'made up',
    at: Float64Array.from({ length }, (_, i) => i * 300_000),
    values: new Float64Array(length),
    windows,
  };
}

/** Silence, but for detections at these points. */
function firedAt(...points: readonly number[]): Float64Array {
  const scores = new Float64Array(1_000);
  for (const point of points) scores[point] = 1;
  return scores;
}

const WINDOW = { first: 400, last: 499 };
const score = (windows: readonly LabelWindow[], fired: readonly number[], profile = STANDARD) =>
  scoreCorpus([seriesOf(windows)], [firedAt(...fired)], profile);

describe('the score of the Numenta Anomaly Benchmark', () => {
  it('is 0 for silence, 100 for a detection at the start of every window', () => {
    expect(score([WINDOW], []).normalised).toBe(0);
    expect(score([WINDOW], [400]).normalised).toBeCloseTo(100, 0);
  });

  it('counts the earliest detection inside a window, and that alone', () => {
    const early = score([WINDOW], [420]);
    expect(score([WINDOW], [420, 440, 460])).toEqual(early);
    expect(score([WINDOW], [460]).normalised).toBeLessThan(early.normalised);
    expect(early).toMatchObject({ windowsHit: 1, windowsTotal: 1, falsePositives: 0 });
  });

  it('takes 0.11 for a point far from every window, twice that where false points cost more', () => {
    const none = score([WINDOW], [400]).normalised;
    expect(none - score([WINDOW], [400, 300]).normalised).toBeCloseTo(100 * (0.11 / 2), 3);
    expect(none - score([WINDOW], [400, 300], LOW_FP).normalised).toBeCloseTo(100 * (0.22 / 2), 3);
  });

  it('takes less for a point just behind a window', () => {
    expect(score([WINDOW], [400, 501]).normalised).toBeGreaterThan(score([WINDOW], [400, 900]).normalised);
  });

  it('leaves the first 15 % out, windows that end there included', () => {
    expect(score([WINDOW], [10, 400])).toEqual(score([WINDOW], [400]));
    const learnt = { first: 50, last: 99 };
    expect(score([learnt, WINDOW], [400])).toMatchObject({ windowsTotal: 1, windowsHit: 1 });
  });

  it('keeps the windows of one series apart from those of the next', () => {
    const learnt = { first: 50, last: 99 };
    const corpus = [seriesOf([learnt, WINDOW]), seriesOf([WINDOW])];
    const both = scoreCorpus(corpus, [firedAt(400), firedAt(400)], STANDARD);
    expect(both).toMatchObject({ windowsTotal: 2, windowsHit: 2 });
    expect(both.normalised).toBeCloseTo(100, 0);
  });

  it('chooses one threshold for all series: the best', () => {
    const loud = firedAt(400);
    const noisy = firedAt(300, 310, 320).map((value) => value / 2);
    const best = scoreCorpus([seriesOf([WINDOW]), seriesOf([WINDOW])], [loud, noisy], STANDARD);
    expect(best).toMatchObject({ threshold: 1, falsePositives: 0, windowsHit: 1 });
    expect(best.normalised).toBeCloseTo(50, 0);
  });
});
