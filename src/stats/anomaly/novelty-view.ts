import { createTail } from './tail.ts';
import type { View } from './view.ts';

export interface NoveltyOptions {
  /** Points that are put together to one. */
  readonly pointsPerBin: number;
  /** Bins of a pattern. */
  readonly bins: number;
  /** What stands for a bin: its mean, or the extreme that is farthest from the bin before (keeps single spikes). */
  readonly binValue: 'mean' | 'extreme';
  /** Bins remembered; older ones are forgotten. */
  readonly historyBins: number;
  /** Pattern distances remembered. */
  readonly historyPoints: number;
}

/** Distances below this share of the pattern's own size are rounding. */
const ROUNDING_SHARE = 1e-9;

/**
 * The shape of the last points: distance of the newest pattern to the most similar one ever seen (nearest neighbour in
 * a delay embedding; the "discord" of the time-series literature). A season is familiar by itself, whatever its length.
 *
 * @see Keogh, Lin & Fu 2005 (HOT SAX); Burnaev & Ishimtsev 2016 (conformal k-NN detector)
 */
export function noveltyView(options: NoveltyOptions): View {
  const tail = createTail({ sides: 'upper', historyPoints: options.historyPoints });
  const binner = createBinner(options);
  const history = createHistory(options.historyBins);
  return {
    observe({ value }) {
      const bin = binner(value);
      if (bin === null) return 0;
      history.add(bin);
      const distance = history.nearestDistance(options.bins);
      return Number.isFinite(distance) ? tail.observe(distance) : 0;
    },
  };
}

/** Takes points one by one; gives the bin's value with its last point, `null` before. */
function createBinner({ pointsPerBin, binValue }: NoveltyOptions): (value: number) => number | null {
  let sum = 0;
  let count = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let before = Number.NaN;
  return (value) => {
    sum += value;
    count += 1;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (count < pointsPerBin) return null;
    const mean = sum / count;
    const from = Number.isNaN(before) ? mean : before;
    const extreme = high - from >= from - low ? high : low;
    before = mean;
    sum = 0;
    count = 0;
    low = Number.POSITIVE_INFINITY;
    high = Number.NEGATIVE_INFINITY;
    return binValue === 'mean' ? mean : extreme;
  };
}

function createHistory(capacity: number) {
  // Twice the room, so that the oldest half is dropped in one move now and then.
  const bins = new Float64Array(2 * capacity);
  let end = 0;
  return {
    add(bin: number): void {
      if (end === bins.length) {
        bins.copyWithin(0, end - capacity);
        end = capacity;
      }
      bins[end] = bin;
      end += 1;
    },
    /** Infinity where there is nothing to compare with. Patterns that overlap by more than half are not compared. */
    nearestDistance(length: number): number {
      const start = end - length;
      const oldest = Math.max(0, end - capacity);
      const nearest = nearestSquare(bins, start, length, oldest);
      let size = 0;
      for (let k = 0; k < length; k++) size = Math.max(size, Math.abs(bins[start + k] ?? 0));
      const distance = Math.sqrt(nearest);
      return distance < ROUNDING_SHARE * size ? 0 : distance;
    },
  };
}

/** Squared distance of the pattern at `start` to the nearest one that begins at `oldest` or later. */
function nearestSquare(bins: Float64Array, start: number, length: number, oldest: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let other = start - (length >> 1); other >= oldest; other--) {
    let square = 0;
    // From the newest bin back: that is where a new event shows, so most candidates end here at once.
    for (let k = length - 1; k >= 0 && square < nearest; k--) {
      const difference = (bins[start + k] as number) - (bins[other + k] as number);
      square += difference * difference;
    }
    if (square < nearest) nearest = square;
  }
  return nearest;
}
