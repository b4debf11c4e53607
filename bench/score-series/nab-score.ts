/**
 * The scoring rules of the Numenta Anomaly Benchmark (Lavin & Ahmad 2015, arXiv 1510.03336; NAB's `sweeper.py`), written
 * anew: one threshold for the whole corpus, chosen to be the best one for the detector; inside a window the earliest
 * detection counts, by a sigmoid of its position; every detected point outside costs; 0 = silent, 100 = perfect.
 */

/** First and last index of a labelled window, both inside. */
export interface LabelWindow {
  readonly first: number;
  readonly last: number;
}

export interface LabelledSeries {
  readonly name: string;
  readonly family: string;
  /** Epoch ms, one for each value. */
  readonly at: Float64Array;
  readonly values: Float64Array;
  /** In order of time, not overlapping. */
  readonly windows: readonly LabelWindow[];
}

export interface Profile {
  readonly name: string;
  readonly falsePositiveWeight: number;
  readonly falseNegativeWeight: number;
}

export const PROFILES: readonly Profile[] = [
  { name: 'standard', falsePositiveWeight: 0.11, falseNegativeWeight: 1 },
  { name: 'reward low FP', falsePositiveWeight: 0.22, falseNegativeWeight: 1 },
  { name: 'reward low FN', falsePositiveWeight: 0.11, falseNegativeWeight: 2 },
];

const PROBATION_SHARE = 0.15;
const PROBATION_POINTS_MAX = 750;

export function probationPoints(length: number): number {
  return Math.floor(Math.min(PROBATION_SHARE * length, PROBATION_POINTS_MAX));
}

/** 1 far before the right edge of a window, 0 on it, -1 far behind it. */
function scaledSigmoid(position: number): number {
  return position >= 3 ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

interface Point {
  readonly score: number;
  /** What a detection here is worth, unweighted. */
  readonly worth: number;
  /** Number of its window in the corpus; -1: outside. */
  readonly window: number;
}

export interface CorpusScore {
  /** 0 (silent) to 100 (perfect). */
  readonly normalised: number;
  readonly threshold: number;
  readonly windowsHit: number;
  readonly windowsTotal: number;
  readonly falsePositives: number;
}

/** The best score that one threshold over all files gives. */
export function scoreCorpus(
  files: readonly LabelledSeries[],
  scores: readonly Float64Array[],
  profile: Profile,
): CorpusScore {
  const { points, windowsTotal } = gather(files, scores);
  points.sort((a, b) => b.score - a.score);
  return { ...sweep(points, windowsTotal, profile), windowsTotal };
}

function gather(files: readonly LabelledSeries[], scores: readonly Float64Array[]) {
  const points: Point[] = [];
  let windowsTotal = 0;
  files.forEach((file, index) => {
    const fileScores = scores[index] ?? new Float64Array();
    const base = windowsTotal;
    const probation = probationPoints(file.values.length);
    const unscored = file.windows.filter(({ last }) => last < probation).length;
    const maximum = scaledSigmoid(-1);
    let next = 0;
    let before: LabelWindow | undefined;
    for (let i = 0; i < file.values.length; i++) {
      while (next < file.windows.length && i > (file.windows[next] as LabelWindow).last) {
        before = file.windows[next];
        next += 1;
      }
      const window = file.windows[next];
      if (i < probation) continue;
      const score = fileScores[i] ?? 0;
      // A score of 0 is silence under every threshold worth choosing.
      if (score <= 0) continue;
      if (window !== undefined && i >= window.first) {
        const width = window.last - window.first + 1;
        const worth = scaledSigmoid(-(window.last - i + 1) / width) / maximum;
        points.push({ score, worth, window: base + next - unscored });
      } else {
        const position =
          before === undefined ? 3 : (i - before.last) / Math.max(1, before.last - before.first);
        points.push({ score, worth: scaledSigmoid(position), window: -1 });
      }
    }
    windowsTotal += file.windows.length - unscored;
  });
  return { points, windowsTotal };
}

function sweep(points: readonly Point[], windowsTotal: number, profile: Profile) {
  const won = new Float64Array(windowsTotal).fill(-profile.falseNegativeWeight);
  const nothing = -profile.falseNegativeWeight * windowsTotal;
  const normalise = (raw: number): number => (100 * (raw - nothing)) / (windowsTotal - nothing);
  let raw = nothing;
  let hits = 0;
  let falsePositives = 0;
  let best = { normalised: 0, threshold: Number.POSITIVE_INFINITY, windowsHit: 0, falsePositives: 0 };
  for (let i = 0; i < points.length; i++) {
    const point = points[i] as Point;
    if (point.window < 0) {
      raw += point.worth * profile.falsePositiveWeight;
      falsePositives += 1;
    } else {
      const had = won[point.window] as number;
      if (had === -profile.falseNegativeWeight) hits += 1;
      if (point.worth > had) {
        raw += point.worth - had;
        won[point.window] = point.worth;
      }
    }
    if (points[i + 1]?.score === point.score) continue;
    const normalised = normalise(raw);
    if (normalised > best.normalised) {
      best = { normalised, threshold: point.score, windowsHit: hits, falsePositives };
    }
  }
  return best;
}
