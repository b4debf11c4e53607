import { scaleLinear, scaleSqrt, scaleUtc } from 'd3-scale';
import { formatCount, formatUsd } from '../../model/format.ts';
import { DAY_MS, type EpochMs, toIso } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';

export interface Tick {
  readonly position: number;
  readonly label: string;
}

/** Points drawn at most: more are narrower than a pixel. */
const POINTS_MAX = 480;

/** The highest of each few minutes where there are more than can be drawn. */
export function thinned(values: Series): { readonly values: Series; readonly minutesEach: number } {
  const minutesEach = Math.max(1, Math.ceil(values.length / POINTS_MAX));
  if (minutesEach === 1) return { values, minutesEach };
  const points = new Float64Array(Math.ceil(values.length / minutesEach)).fill(Number.NaN);
  for (const [index, value] of values.entries()) {
    const point = Math.floor(index / minutesEach);
    const highest = points[point] as number;
    if (!(value <= highest) && !Number.isNaN(value)) points[point] = value;
  }
  return { values: points, minutesEach };
}

export function highestOf(lists: readonly Series[]): number {
  let highest = 0;
  for (const values of lists) for (const value of values) if (value > highest) highest = value;
  return highest;
}

/** Instants to pixels, with round times as ticks. */
export function timeScale(span: { readonly startAt: EpochMs; readonly endAt: EpochMs }, pixels: Pixels) {
  const scale = scaleUtc()
    .domain([new Date(span.startAt), new Date(span.endAt)])
    .range([pixels.from, pixels.to]);
  const isLong = span.endAt - span.startAt > DAY_MS;
  const ticks = scale.ticks(Math.max(2, Math.floor((pixels.to - pixels.from) / 90))).map((date): Tick => {
    const iso = toIso(date.getTime());
    return {
      position: scale(date),
      label: isLong ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 16),
    };
  });
  return { at: (instant: EpochMs): number => scale(new Date(instant)), ticks };
}

/** Amounts from zero up to pixels. `isRoot`: on a square-root scale, where small ones beside a large one are the point. */
export function amountScale(
  highest: number,
  pixels: Pixels,
  { unit, isRoot }: { readonly unit: Unit; readonly isRoot: boolean },
) {
  const scale = (isRoot ? scaleSqrt() : scaleLinear())
    .domain([0, highest > 0 ? highest : 1])
    .nice(3)
    .range([pixels.from, pixels.to]);
  const ticks = (isRoot ? rootTicks(scale.domain()[1] ?? 1, scale) : scale.ticks(3)).map(
    (value): Tick => ({ position: scale(value), label: unitText(value, unit) }),
  );
  return { of: (value: number): number => scale(value), ticks };
}

/** Pixels between two labels, at the least. */
const LABEL_GAP = 22;

/** Round amounts (1, 2, 5 times a power of ten) whose labels do not touch, and zero. */
function rootTicks(highest: number, scale: (value: number) => number): readonly number[] {
  const ticks = [highest];
  for (let power = Math.floor(Math.log10(highest)); power >= 0; power--) {
    for (const value of [5, 2, 1].map((digit) => digit * 10 ** power)) {
      const lowest = ticks.at(-1) ?? highest;
      const isFree = scale(value) - scale(lowest) >= LABEL_GAP && scale(0) - scale(value) >= LABEL_GAP;
      if (value < lowest && isFree) ticks.push(value);
    }
  }
  return [...ticks, 0];
}

interface Pixels {
  readonly from: number;
  readonly to: number;
}

export type Unit = 'usd-per-hour' | 'usd' | 'count';

export function unitText(value: number, unit: Unit): string {
  if (unit === 'count') return formatCount(value);
  const usd = formatUsd(value)
    .replace(/\.00$/, '')
    .replace(/(\.\d*[1-9])0+$/, '$1');
  return unit === 'usd' ? usd : `${usd}/h`;
}
