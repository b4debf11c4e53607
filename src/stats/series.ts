import type { Series } from '../model/window.ts';

/** Sum over [from, to); minutes without a datapoint count as nothing. */
export function sum(series: Series | undefined, from = 0, to = series?.length ?? 0): number {
  if (series === undefined) return 0;
  let total = 0;
  for (let i = Math.max(0, from); i < to; i++) {
    const value = series[i] as number;
    if (!Number.isNaN(value)) total += value;
  }
  return total;
}

/** Largest value over [from, to); `NaN` where there is no datapoint. */
export function maximum(series: Series | undefined, from = 0, to = series?.length ?? 0): number {
  let largest = Number.NaN;
  if (series === undefined) return largest;
  for (let i = Math.max(0, from); i < to; i++) {
    const value = series[i] as number;
    if (!Number.isNaN(value) && !(value <= largest)) largest = value;
  }
  return largest;
}

/** Index of the newest datapoint before `to`; -1: there is none. */
export function lastIndex(series: Series | undefined, to = series?.length ?? 0): number {
  if (series === undefined) return -1;
  for (let i = to - 1; i >= 0; i--) if (!Number.isNaN(series[i])) return i;
  return -1;
}

/** Newest datapoint before `to`; `NaN`: there is none. */
export function last(series: Series | undefined, to = series?.length ?? 0): number {
  const i = lastIndex(series, to);
  return i < 0 ? Number.NaN : (series?.[i] ?? Number.NaN);
}

/** Quantile `q` (0..1) by linear interpolation of the finite values; `NaN` where there is none. Does not touch its input. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const copy = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isNaN(value)) copy[count++] = value;
  }
  if (count === 0) return Number.NaN;
  const finite = copy.subarray(0, count).sort();
  const position = (finite.length - 1) * q;
  const low = Math.floor(position);
  const below = finite[low] as number;
  const above = finite[Math.min(low + 1, finite.length - 1)] as number;
  return below + (above - below) * (position - low);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}
