import { area, curveMonotoneX, line } from 'd3-shape';
import { type EpochMs, MINUTE_MS, toIso } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';
import { type Html, html } from '../html.ts';
import { amountScale, highestOf, type Tick, thinned, timeScale, type Unit, unitText } from './scale.ts';

/** What a line is about: its colour. */
type Tone = 'waste' | 'spend' | 'bad' | 'in' | 'out' | 'avoided';

export interface Line {
  readonly label: string;
  readonly tone: Tone;
  readonly values: Series;
  readonly form: 'area' | 'line' | 'dashed';
}

/** A vertical mark, or a letter of the timeline. */
export interface Mark {
  readonly letter: string;
  readonly at: EpochMs;
  readonly title: string;
  readonly tone: 'fire' | 'calm' | 'plain';
}

export interface PanelInput {
  readonly id: string;
  readonly title: string;
  /** The chart in words, for those who do not see it. */
  readonly summary: string;
  readonly unit: Unit;
  /** Square-root scale: a spike elsewhere would hide what matters. */
  readonly isRoot: boolean;
  readonly lines: readonly Line[];
  readonly marks: readonly Mark[];
  /** When nothing ran because the kill switch was on; `null`: never. */
  readonly stopped: { readonly fromAt: EpochMs; readonly untilAt: EpochMs } | null;
  readonly startAt: EpochMs;
  readonly minutes: number;
  /** Whether its highest value is written at its place. */
  readonly namesPeak: boolean;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 30, right: 14, bottom: 24, left: 56 };
const BADGE_RADIUS = 8;
/** Badges that would overlap move apart by this much. */
const BADGE_GAP = 19;

/** One chart as SVG that needs neither scripts nor fonts; colours are the page's. */
export function panelSvg(input: PanelInput, size: Size, suffix: string): Html {
  const { startAt, minutes, lines } = input;
  const inner = { left: MARGIN.left, right: size.width - MARGIN.right, bottom: size.height - MARGIN.bottom };
  const x = timeScale(
    { startAt, endAt: startAt + minutes * MINUTE_MS },
    { from: inner.left, to: inner.right },
  );
  const y = amountScale(
    highestOf(lines.map(({ values }) => values)),
    { from: inner.bottom, to: MARGIN.top },
    input,
  );
  const id = `${input.id}-${suffix}`;
  return html`<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${input.title}</title><desc id="${id}-d">${input.summary}</desc>
${stoppedBand(input, x.at, { ...inner, top: MARGIN.top })}
${y.ticks.map((tick) => gridLine(tick, inner))}
${x.ticks.map((tick) => timeLabel(tick, size.height))}
${lines.map((one) => linePath(one, startAt, x.at, y.of))}
${input.namesPeak ? peak(input, x.at, y.of, size) : null}
${markers(input.marks, x.at, inner)}
</svg>`;
}

interface Inner {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

function gridLine({ position, label }: Tick, { left, right }: Inner): Html {
  const y = round(position);
  return html`<line class="grid" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/><text class="tick" x="${left - 8}" y="${y + 4}" text-anchor="end">${label}</text>`;
}

function timeLabel({ position, label }: Tick, height: number): Html {
  return html`<text class="tick" x="${round(position)}" y="${height - 6}" text-anchor="middle">${label}</text>`;
}

function linePath(
  { values, tone, form }: Line,
  startAt: EpochMs,
  x: (at: EpochMs) => number,
  y: (value: number) => number,
): Html {
  const { values: shown, minutesEach } = thinned(values);
  const points = Array.from(shown);
  const xOf = (_: number, index: number) => round(x(startAt + (index + 0.5) * minutesEach * MINUTE_MS));
  const isDrawn = (value: number) => Number.isFinite(value);
  const path = line<number>()
    .defined(isDrawn)
    .x(xOf)
    .y((value) => round(y(value)))
    .curve(curveMonotoneX)(points);
  const filled =
    form === 'area'
      ? area<number>()
          .defined(isDrawn)
          .x(xOf)
          .y0(round(y(0)))
          .y1((value) => round(y(value)))
          .curve(curveMonotoneX)(points)
      : null;
  return html`${filled === null ? null : html`<path class="fill ${tone}" d="${pathHtml(filled)}"/>`}<path class="line ${tone} ${form}" d="${pathHtml(path ?? '')}"/>`;
}

/** Paths are long: they go in as they are, after a check that they are nothing but a path. */
function pathHtml(path: string): Html {
  const parts = path.match(/[MLCZ0-9.,e-]{1,1500}/g) ?? [];
  return html`${parts}`;
}

/** Where it burnt most, in figures. */
function peak(
  { lines, startAt, unit }: PanelInput,
  x: (at: EpochMs) => number,
  y: (value: number) => number,
  size: Size,
): Html | null {
  const values = lines.find(({ form }) => form === 'area')?.values;
  if (values === undefined) return null;
  const highest = highestOf([values]);
  const index = values.indexOf(highest);
  if (!(highest > 0) || index < 0) return null;
  const at = startAt + (index + 0.5) * MINUTE_MS;
  const px = round(x(at));
  const isLeft = px > size.width * 0.7;
  const label = html`${unitText(highest, unit)} at ${toIso(at).slice(11, 16)}`;
  return html`<circle class="peak" cx="${px}" cy="${round(y(highest))}" r="4"/><text class="note" x="${px + (isLeft ? -10 : 10)}" y="${round(y(highest)) + 4}" text-anchor="${isLeft ? 'end' : 'start'}">${label}</text>`;
}

function stoppedBand(
  { stopped }: PanelInput,
  x: (at: EpochMs) => number,
  { left, right, top, bottom }: Inner & { readonly top: number },
): Html | null {
  if (stopped === null) return null;
  const from = round(Math.max(left, x(stopped.fromAt)));
  const width = round(Math.min(right, x(stopped.untilAt)) - from);
  if (width <= 0) return null;
  const label =
    width > 70
      ? html`<text class="stopped-label" x="${from + width / 2}" y="${top + 14}" text-anchor="middle">stopped</text>`
      : null;
  return html`<rect class="stopped" x="${from}" y="${top}" width="${width}" height="${bottom - top}"/>${label}`;
}

/** A line at each instant and a lettered badge above it; badges that would overlap stand beside their line. */
function markers(marks: readonly Mark[], x: (at: EpochMs) => number, inner: Inner): Html {
  const places = marks
    .map((mark) => ({ mark, x: x(mark.at) }))
    .filter((place) => place.x >= inner.left && place.x <= inner.right);
  const badges = spread(
    places.map((place) => place.x),
    inner,
  );
  return html`${places.map(({ mark, x: at }, index) => {
    const badge = round(badges[index] ?? at);
    return html`<g class="mark ${mark.tone}"><title>${mark.letter}: ${mark.title}</title><path d="M${badge},${BADGE_RADIUS + 9}L${round(at)},${MARGIN.top}L${round(at)},${inner.bottom}"/><circle cx="${badge}" cy="${BADGE_RADIUS + 2}" r="${BADGE_RADIUS}"/><text x="${badge}" y="${BADGE_RADIUS + 6}" text-anchor="middle">${mark.letter}</text></g>`;
  })}`;
}

/** Positions at least a badge apart, in order, as near to where they should be as a left-to-right pass gets them. */
function spread(
  wanted: readonly number[],
  { left, right }: Pick<Inner, 'left' | 'right'>,
): readonly number[] {
  const placed: number[] = [];
  for (const position of wanted) {
    const after = (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + BADGE_GAP;
    placed.push(Math.max(left, position, after));
  }
  let limit = right - BADGE_RADIUS;
  for (let i = placed.length - 1; i >= 0; i--) {
    placed[i] = Math.min(placed[i] as number, limit);
    limit = (placed[i] as number) - BADGE_GAP;
  }
  return placed;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
