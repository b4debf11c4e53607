import { median } from './series.ts';

/** A slope that a few odd points do not move, and how sure it is. */
export interface RobustSlope {
  readonly slope: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** 1 - (spread of what is left / spread of y) squared, both by median absolute deviation; 0 at the least. */
  readonly explained: number;
  readonly points: number;
  /** Kendall's S, that is how far from chance the two move together, in its standard deviations. */
  readonly sigmas: number;
}

/** Two-sided 95 % of a normal distribution. */
const Z = 1.96;

/**
 * Theil-Sen: the median of the slopes between all pairs of points; its interval from Kendall's tau (Sen 1968). `null`: fewer
 * than three different x. `dependence`: how many points are worth one, because they overlap.
 */
export function theilSen(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { dependence = 1 }: { readonly dependence?: number } = {},
): RobustSlope | null {
  const slopes: number[] = [];
  const points = x.length;
  for (let i = 0; i < points; i++) {
    for (let j = i + 1; j < points; j++) {
      const run = (x[j] as number) - (x[i] as number);
      if (run !== 0) slopes.push(((y[j] as number) - (y[i] as number)) / run);
    }
  }
  if (slopes.length < 3) return null;
  const sorted = Float64Array.from(slopes).sort();
  const slope = median(sorted);
  const sigma = Math.sqrt(((points * (points - 1) * (2 * points + 5)) / 18) * dependence);
  const spread = Z * sigma;
  const at = (rank: number) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(rank)))] as number;
  const rest = Float64Array.from({ length: points }, (_, i) => (y[i] as number) - slope * (x[i] as number));
  const all = Float64Array.from({ length: points }, (_, i) => y[i] as number);
  const total = deviation(all);
  return {
    slope,
    low: at((sorted.length - spread) / 2),
    high: at((sorted.length + spread) / 2),
    explained: total > 0 ? Math.max(0, 1 - (deviation(rest) / total) ** 2) : 0,
    points,
    sigmas: slopes.reduce((sum, one) => sum + Math.sign(one), 0) / sigma,
  };
}

function deviation(values: Float64Array): number {
  const middle = median(values);
  return median(values.map((value) => Math.abs(value - middle)));
}
