import { DAY_MS, MINUTE_MS } from '../../../src/model/time.ts';
import { type AnomalyScorerOptions, createAnomalyScorer } from '../../../src/stats/anomaly/scorer.ts';

export const STEP_MS = 5 * MINUTE_MS;
export const POINTS_PER_DAY = DAY_MS / STEP_MS;
/** A Monday, midnight UTC. */
export const MONDAY_AT = Date.UTC(2026, 10, 2);

/** Noise between -1 and 1 that is the same in every run. */
export function noise(index: number, seed = 1): number {
  let mixed = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(seed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 31 - 1;
}

/** `length` five-minute points of `value(index)`. */
export function series(length: number, value: (index: number) => number): number[] {
  return Array.from({ length }, (_, i) => value(i));
}

/** Scores of a whole series of five-minute points. */
export function scoresOf(values: readonly number[], options: AnomalyScorerOptions = {}): number[] {
  const scorer = createAnomalyScorer(options);
  return values.map((value, i) => scorer.push(MONDAY_AT + i * STEP_MS, value));
}

/** Highest score from `from` up to `to` (not included). */
export function highest(scores: readonly number[], from: number, to = scores.length): number {
  return Math.max(0, ...scores.slice(from, to));
}
