import { formatCount, formatUsd } from '../../model/format.ts';
import { type EpochMs, MINUTE_MS, toIso } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';
import { type Html, html } from '../html.ts';
import type { Moment, ReportModel, ReportSeries } from '../model.ts';
import { type Line, type Mark, type PanelInput, panelSvg, type Size } from './panel.ts';
import { highestOf } from './scale.ts';

const WIDE: Size = { width: 960, height: 240 };
const NARROW: Size = { width: 380, height: 210 };
const HALF: Size = { width: 460, height: 170 };

/** Letters of the moments, in the timeline and in every chart. */
export function letterOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

export function toneOf(kind: Moment['kind']): Mark['tone'] {
  switch (kind) {
    case 'onset':
    case 'page':
    case 'alert':
      return 'fire';
    case 'kill':
    case 'restore':
    case 'resolved':
      return 'calm';
    case 'evidence':
      return 'plain';
  }
}

/** All charts of the report, each with a key and, for those who do not see it, a sentence. */
export function chartsHtml(model: ReportModel, series: ReportSeries): Html {
  const shared = {
    marks: model.moments.map(({ at, title, kind }, index) => ({
      letter: letterOf(index),
      at,
      title: `${title}, ${toIso(at).slice(11, 16)} UTC`,
      tone: toneOf(kind),
    })),
    stopped: stoppedOf(model, series),
    startAt: series.startAt,
    minutes: series.minutes,
    isRoot: false,
    namesPeak: false,
  };
  const money = moneyPanels(series).map((panel) => ({ ...shared, ...panel }));
  const counts = countPanels(series, model).map((panel) => ({ ...shared, ...panel }));
  return html`${money.map(wideFigure)}<div class="pair">${counts.map(halfFigure)}</div>`;
}

type Panel = Pick<PanelInput, 'id' | 'title' | 'summary' | 'unit' | 'lines'> &
  Partial<Pick<PanelInput, 'namesPeak' | 'isRoot'>>;

function moneyPanels(series: ReportSeries): readonly Panel[] {
  const { usdPerHour, wastedUsdPerHour, totalUsd, totalWithoutUsd } = series;
  const burn: Line[] = [{ label: 'spent', tone: 'spend', values: usdPerHour, form: 'area' }];
  if (wastedUsdPerHour !== null) {
    burn.push({ label: 'of it wasted', tone: 'waste', values: wastedUsdPerHour, form: 'area' });
  }
  const what = wastedUsdPerHour === null ? 'spent' : 'wasted';
  const total: Line[] = [{ label: what, tone: 'waste', values: totalUsd, form: 'area' }];
  if (totalWithoutUsd !== null) {
    total.push({
      label: 'had it gone on at the rate of the kill',
      tone: 'avoided',
      values: totalWithoutUsd,
      form: 'dashed',
    });
  }
  return [
    {
      id: 'burn',
      title: 'Burn, dollars an hour',
      summary: `Spend peaked at ${formatUsd(highestOf([usdPerHour]))} an hour at ${timeOfPeak(series, usdPerHour)}.`,
      unit: 'usd-per-hour',
      lines: burn,
      namesPeak: true,
    },
    {
      id: 'total',
      title: `Dollars ${what} since it began`,
      summary: `${formatUsd(totalUsd.at(-1) ?? 0)} ${what} by the end of the chart${totalWithoutUsd === null ? '' : `; ${formatUsd(totalWithoutUsd.at(-1) ?? 0)} had it gone on`}.`,
      unit: 'usd',
      lines: total,
    },
  ];
}

function countPanels(series: ReportSeries, { incident }: ReportModel): readonly Panel[] {
  const during = { fromAt: incident.onsetAt, untilAt: incident.lastEvidenceAt };
  const queue = incident.queueName ?? 'the queue';
  const fn = incident.functionName ?? 'the function';
  return [
    countPanel(series, during, `Messages of ${queue}, a minute`, 'messages', [
      ['received', 'in', 'area', counter(series.received)],
      ['deleted', 'out', 'line', counter(series.deleted)],
    ]),
    countPanel(series, during, `Messages that wait in ${queue}`, 'depth', [
      ['in flight', 'in', 'area', series.inFlight],
      ['visible', 'spend', 'line', series.waiting],
    ]),
    countPanel(series, during, `Invocations of ${fn}, a minute`, 'invocations', [
      ['invocations', 'spend', 'line', counter(series.invocations)],
      ['errors', 'bad', 'area', counter(series.errors)],
    ]),
    countPanel(series, during, `Concurrent executions of ${fn}`, 'concurrency', [
      ['at once', 'spend', 'area', series.concurrency],
    ]),
  ].flat();
}

type CountLine = readonly [string, Line['tone'], Line['form'], Series | undefined];

/** A chart of what was recorded; none of it: no chart. */
function countPanel(
  series: ReportSeries,
  during: { readonly fromAt: EpochMs; readonly untilAt: EpochMs },
  title: string,
  id: string,
  wanted: readonly CountLine[],
): readonly Panel[] {
  const lines = wanted.flatMap(([label, tone, form, values]): Line[] =>
    values === undefined ? [] : [{ label, tone, form, values }],
  );
  if (lines.length === 0) return [];
  const peaks = lines.map(
    ({ label, values }) =>
      `${label} at most ${formatCount(highestOf([values]))} at ${timeOfPeak(series, values)}`,
  );
  const index = (at: EpochMs) => Math.max(0, Math.ceil((at - series.startAt) / MINUTE_MS));
  const then = lines.map(({ values }) => values.subarray(index(during.fromAt), index(during.untilAt)));
  const isRoot = highestOf(lines.map(({ values }) => values)) > DWARFED_BY * highestOf(then);
  return [
    {
      id,
      title: isRoot ? `${title} (square-root scale)` : title,
      summary: `${peaks.join('; ')}.`,
      unit: 'count',
      lines,
      isRoot,
    },
  ];
}

/** What happened outside the incident may be this many times as high before the scale must give way. */
const DWARFED_BY = 5;

/** A counter without a datapoint in a recorded series counted nothing. */
function counter(values: Series | undefined): Series | undefined {
  return values?.map((value) => (Number.isNaN(value) ? 0 : value));
}

function timeOfPeak({ startAt }: ReportSeries, values: Series): string {
  const index = values.indexOf(highestOf([values]));
  return index < 0 ? 'no time' : `${toIso(startAt + index * MINUTE_MS).slice(11, 16)} UTC`;
}

function stoppedOf({ kill }: ReportModel, { startAt, minutes }: ReportSeries): PanelInput['stopped'] {
  if (kill === null || kill.killedAt === null) return null;
  return { fromAt: kill.killedAt, untilAt: kill.restoredAt ?? startAt + minutes * MINUTE_MS };
}

function wideFigure(panel: PanelInput): Html {
  return html`<figure>${caption(panel)}
<div class="wide-only">${panelSvg(panel, WIDE, 'w')}</div><div class="narrow-only">${panelSvg(panel, NARROW, 'n')}</div></figure>`;
}

function halfFigure(panel: PanelInput): Html {
  return html`<figure>${caption(panel)}${panelSvg(panel, HALF, 'h')}</figure>`;
}

function caption({ title, lines }: PanelInput): Html {
  const key = lines.map(
    ({ label, tone, form }) => html`<span class="key"><i class="swatch ${tone} ${form}"></i>${label}</span>`,
  );
  return html`<figcaption><b>${title}</b> ${key}</figcaption>`;
}
