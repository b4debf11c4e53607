import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import type { LabelledSeries, LabelWindow } from './nab-score.ts';
import type { Rng } from './random.ts';

/** A series before its windows are drawn. */
export interface Shape {
  readonly name: string;
  readonly at: Float64Array;
  readonly values: Float64Array;
  /** Indices a person would point at. */
  readonly labels: readonly number[];
}

/** Makes one series of its family. */
export type ShapeMaker = (rng: Rng) => Shape;

const WINDOWED_SHARE = 0.1;

/** Draws the windows as NAB does: a tenth of the file in all, shared between the labels, each centred on its label. */
export function withWindows(shape: Shape, family: string): LabelledSeries {
  const length = shape.values.length;
  const labels = [...new Set(shape.labels)].sort((a, b) => a - b);
  const width = Math.floor((WINDOWED_SHARE * length) / Math.max(1, labels.length));
  const windows: LabelWindow[] = [];
  for (const label of labels) {
    const first = Math.max(0, label - (width >> 1));
    const last = Math.min(length - 1, first + width - 1);
    const previous = windows[windows.length - 1];
    if (previous !== undefined && first <= previous.last) {
      windows[windows.length - 1] = { first: previous.first, last };
    } else {
      windows.push({ first, last });
    }
  }
  return { name: shape.name, family, at: shape.at, values: shape.values, windows };
}

/** Evenly spaced instants from a random minute of 2014 (a Monday is as likely as a Sunday). */
export function timeline(rng: Rng, length: number, stepMs: number): Float64Array {
  const startAt = Date.UTC(2014, 0, 1) + rng.whole(0, 300) * DAY_MS + rng.whole(0, 287) * 5 * MINUTE_MS;
  return Float64Array.from({ length }, (_, i) => startAt + i * stepMs);
}

/** Hour of the day, 0 to 24. */
export function hourOfDay(at: number): number {
  return (at % DAY_MS) / HOUR_MS;
}

/** 0 = Thursday (the epoch's own day), in UTC. */
export function dayIndex(at: number): number {
  return Math.floor(at / DAY_MS);
}

/** A round bump with its top at `hour`, 1 there and near 0 half a day away; narrower with more sharpness. */
export function dailyBump(at: number, hour: number, sharpness: number): number {
  return Math.exp(sharpness * (Math.cos(((hourOfDay(at) - hour) / 24) * 2 * Math.PI) - 1));
}

/** First-order autoregressive noise of the given standard deviation. */
export function wander(rng: Rng, length: number, keep: number, deviation: number): Float64Array {
  const values = new Float64Array(length);
  const push = deviation * Math.sqrt(1 - keep * keep);
  let value = rng.normal(0, deviation);
  for (let i = 0; i < length; i++) {
    value = keep * value + rng.normal(0, push);
    values[i] = value;
  }
  return values;
}

/** Places for events: after the probation, not at the very end, and apart from each other. */
export function places(rng: Rng, length: number, count: number): number[] {
  const found: number[] = [];
  const apart = 0.1 * length;
  for (let tries = 0; found.length < count && tries < 200; tries++) {
    const place = Math.floor(length * rng.between(0.2, 0.95));
    if (found.every((other) => Math.abs(other - place) > apart)) found.push(place);
  }
  return found.sort((a, b) => a - b);
}

/**
 * How people label: not at the onset to the point, but near it. A few see it early (the day it belongs to), some late
 * (at its top); `spread` is a share of the file.
 */
export function labelNear(rng: Rng, place: number, length: number, spread = 0.008): number {
  return Math.min(length - 1, Math.max(0, Math.round(place + rng.normal(0, spread * length))));
}

/** Picks what stands out most, by salience with some human noise, each well apart. */
export function mostSalient(
  rng: Rng,
  events: readonly { readonly place: number; readonly salience: number }[],
  count: number,
  length: number,
): number[] {
  const apart = 0.04 * length;
  const ranked = events
    .filter((event) => event.place > 0.15 * length)
    .map((event) => ({ place: event.place, rank: event.salience * Math.exp(rng.normal(0, 0.35)) }))
    .sort((a, b) => b.rank - a.rank);
  const chosen: number[] = [];
  for (const { place } of ranked) {
    if (chosen.length === count) break;
    if (chosen.every((other) => Math.abs(other - place) > apart)) chosen.push(place);
  }
  return chosen.sort((a, b) => a - b);
}

/** Adds height * (fall ** k) from `place` on. */
export function addDecay(values: Float64Array, place: number, height: number, fall: number): void {
  for (let i = place, left = height; i < values.length && Math.abs(left) > 0.01 * Math.abs(height); i++) {
    values[i] = (values[i] ?? 0) + left;
    left *= fall;
  }
}

/** Adds `height` to `count` points. */
export function addBlock(values: Float64Array, place: number, count: number, height: number): void {
  for (let i = place; i < Math.min(values.length, place + count); i++) values[i] = (values[i] ?? 0) + height;
}
