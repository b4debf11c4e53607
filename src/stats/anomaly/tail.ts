import { createSortedWindow, type SortedWindow } from './sorted-window.ts';

/**
 * How rare a value is among its own past, in decades: 3 means once in a thousand. Inside the past it is the rank; beyond
 * the largest few it is a generalised Pareto tail fitted to the top 2 % (peaks over threshold), so that twice the record
 * is more surprising than the record, by as much as this series' own tail says.
 *
 * @see Pickands 1975; moment estimator of Hosking & Wallis 1987
 */
export interface Tail {
  /** Surprise of the value against what was seen before, upper side or both; then it is seen too. */
  observe(value: number): number;
}

export interface TailOptions {
  readonly sides: 'upper' | 'both';
  /** Values remembered; older ones are forgotten. */
  readonly historyPoints: number;
}

const TOP_SHARE = 0.02;
const TOP_POINTS_MIN = 8;
/** Below this many values no value is called surprising. */
const WARM_UP_POINTS = 30;
/** Heavier tails than this would call nothing surprising; lighter than exponential (0) would call everything. */
const TAIL_SHAPE_MAX = 0.3;
/** A tail is never thought narrower than this share of the whole spread, so that ties make no certainty. */
const TAIL_SCALE_SHARE_MIN = 1e-3;
/** More decades than this mean no more: it stops one view from outshouting all others. */
export const SURPRISE_MAX = 12;

export function createTail({ sides, historyPoints }: TailOptions): Tail {
  const past = createSortedWindow(historyPoints);
  return {
    observe(value) {
      const upper = past.size < WARM_UP_POINTS ? 0 : surpriseAbove(value, upperSide(past));
      const lower =
        past.size < WARM_UP_POINTS || sides === 'upper' ? 0 : surpriseAbove(-value, lowerSide(past));
      past.add(value);
      return Math.max(upper, lower);
    },
  };
}

/** One side of the past, mirrored where needed so that large is always rare. */
interface Side {
  readonly size: number;
  /** The k-th largest, k from 1. */
  largest(k: number): number;
  countAtLeast(value: number): number;
  readonly spread: number;
}

function upperSide(past: SortedWindow): Side {
  return {
    size: past.size,
    largest: (k) => past.at(past.size - k),
    countAtLeast: (value) => past.size - past.countBelow(value),
    spread: past.at(past.size - 1) - past.at(0),
  };
}

function lowerSide(past: SortedWindow): Side {
  return {
    size: past.size,
    largest: (k) => -past.at(k - 1),
    countAtLeast: (value) => past.countAtMost(-value),
    spread: past.at(past.size - 1) - past.at(0),
  };
}

function surpriseAbove(value: number, side: Side): number {
  const reached = side.countAtLeast(value);
  const top = Math.max(TOP_POINTS_MIN, Math.ceil(TOP_SHARE * side.size));
  const threshold = side.largest(top);
  if (value <= threshold || reached > TOP_POINTS_MIN) return -Math.log10((reached + 1) / (side.size + 1));
  const decades = excessDecades(value - threshold, side, top, threshold);
  return Math.min(SURPRISE_MAX, decades - Math.log10(top / (side.size + 1)));
}

/** -log10 of the probability that an excess over the threshold is as large as this one. */
function excessDecades(excess: number, side: Side, top: number, threshold: number): number {
  let mean = 0;
  let square = 0;
  for (let k = 1; k < top; k++) {
    const each = side.largest(k) - threshold;
    mean += each / top;
    square += (each * each) / top;
  }
  const variance = square - mean * mean;
  const scale = Math.max(mean, TAIL_SCALE_SHARE_MIN * side.spread);
  if (!(scale > 0)) return SURPRISE_MAX;
  const shape = variance > 0 ? Math.min(TAIL_SHAPE_MAX, 0.5 * (1 - (scale * scale) / variance)) : 0;
  if (shape <= 1e-6) return (excess / scale) * Math.LOG10E;
  return Math.log10(1 + (shape * excess) / (scale * (1 - shape))) / shape;
}
