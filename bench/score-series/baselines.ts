import type { LabelledSeries } from './nab-score.ts';
import { createRng } from './random.ts';

export type SeriesScorer = (file: LabelledSeries) => Float64Array;

/** Upper tail of the normal distribution, enough of it for scores (Abramowitz & Stegun 7.1.26). */
function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x > 6) return Math.exp(-x * x) / (x * Math.sqrt(Math.PI)) / 2;
  const t = 1 / (1 + 0.3275911 * x);
  const poly =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return (poly * Math.exp(-x * x)) / 2;
}

/** Normal tail of the value against a window of up to 6,400 points that moves on by 100: a band alarm. */
export function windowedGaussian({ values }: LabelledSeries): Float64Array {
  const window: number[] = [];
  let waiting: number[] = [];
  let mean = 0;
  let deviation = 1;
  const refit = (): void => {
    mean = window.reduce((sum, value) => sum + value, 0) / window.length;
    deviation = Math.sqrt(window.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window.length);
    if (deviation === 0) deviation = 1e-6;
  };
  return values.map((value) => {
    const score = window.length > 0 ? 1 - normalTail((value - mean) / deviation) : 0;
    if (window.length < 6400) {
      window.push(value);
      refitSometimes(window.length, refit);
    } else {
      waiting.push(value);
      if (waiting.length === 100) {
        window.splice(0, 100);
        window.push(...waiting);
        waiting = [];
        refit();
      }
    }
    return score;
  });
}

function refitSometimes(length: number, refit: () => void): void {
  if (length < 200 || length % 20 === 0) refit();
}

/** The value itself, between the extremes of the whole file: what a fixed threshold sees. It knows the future range. */
export function staticThreshold({ values }: LabelledSeries): Float64Array {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return values.map((value) => (high > low ? (value - low) / (high - low) : 0));
}

export function random(file: LabelledSeries): Float64Array {
  const rng = createRng(file.values.length * 31 + (file.windows[0]?.first ?? 7));
  return file.values.map(() => rng.unit());
}

/**
 * Looks at no value at all: a detection at each twentieth of the file, whose length it knows. What it scores is what the
 * metric gives away, and so the floor that a detector must be seen against.
 */
export function clock({ values }: LabelledSeries): Float64Array {
  const every = Math.ceil(values.length / 20);
  return values.map((_, i) => (i > 0 && i % every === 0 ? 1 : 0));
}

const BINS = 5;
const ENTROPY_WINDOW = 52;
/** 99th percentile of chi-squared with 4 degrees of freedom. */
const CHI_SQUARED = 13.277;

/** Windows of 52 points as histograms; anomalous: far in relative entropy from every accepted one (Wang et al. 2011). */
export function relativeEntropy({ values }: LabelledSeries): Float64Array {
  const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const step = (high - low) / BINS;
  const hypotheses: { shares: Float64Array; seen: number }[] = [];
  const bins = values.map((value) => (step > 0 ? Math.min(BINS - 1, Math.floor((value - low) / step)) : 0));
  const counts = new Float64Array(BINS);
  return values.map((_, i) => {
    counts[bins[i] ?? 0] = (counts[bins[i] ?? 0] ?? 0) + 1;
    if (i >= ENTROPY_WINDOW) {
      const old = bins[i - ENTROPY_WINDOW] ?? 0;
      counts[old] = (counts[old] ?? 0) - 1;
    }
    if (step <= 0 || i < ENTROPY_WINDOW) return 0;
    const shares = counts.map((count) => count / ENTROPY_WINDOW);
    let nearest: { shares: Float64Array; seen: number } | undefined;
    let distance = Number.POSITIVE_INFINITY;
    for (const hypothesis of hypotheses) {
      const next = 2 * ENTROPY_WINDOW * divergence(shares, hypothesis.shares);
      if (next < distance) {
        distance = next;
        nearest = hypothesis;
      }
    }
    if (nearest === undefined || distance >= CHI_SQUARED) {
      hypotheses.push({ shares, seen: 1 });
      return hypotheses.length === 1 ? 0 : 1;
    }
    nearest.seen += 1;
    return nearest.seen <= 1 ? 1 : 0;
  });
}

function divergence(p: Float64Array, q: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const share = p[i] ?? 0;
    const other = q[i] ?? 0;
    if (share > 0) sum += share * Math.log(share / Math.max(other, 1e-9));
  }
  return sum;
}
