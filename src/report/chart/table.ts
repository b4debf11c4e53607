import { formatCount, formatUsd } from '../../model/format.ts';
import { MINUTE_MS, toIso } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';
import { type Html, html } from '../html.ts';
import type { ReportSeries } from '../model.ts';

const ROWS_MAX = 40;

interface Column {
  readonly title: string;
  /** Sum of the minutes of a row, or the highest of them. */
  readonly how: 'sum' | 'highest';
  readonly values: Series | null | undefined;
  readonly format: (value: number) => string;
}

/** The figures behind the charts: what a screen reader, a printer and a spreadsheet can use. */
export function figuresTable(series: ReportSeries): Html {
  const minutesEach = Math.max(1, Math.ceil(series.minutes / ROWS_MAX));
  const columns = columnsOf(series).filter(({ values }) => values !== undefined && values !== null);
  const rows = Array.from({ length: Math.ceil(series.minutes / minutesEach) }, (_, row) => {
    const from = row * minutesEach;
    const cells = columns.map(({ values, how, format }) =>
      format(over(values ?? new Float64Array(), how, from, from + minutesEach)),
    );
    return html`<tr><th scope="row">${toIso(series.startAt + from * MINUTE_MS).slice(11, 16)}</th>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return html`<details class="figures"><summary>The figures as a table (${minutesEach} min a row, UTC)</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Figures behind the charts"><table><thead><tr><th scope="col">from</th>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div></details>`;
}

function columnsOf(series: ReportSeries): readonly Column[] {
  const count = (title: string, values: Series | undefined, how: Column['how']): Column => ({
    title,
    how,
    values,
    format: (value) => (Number.isNaN(value) ? '' : formatCount(value)),
  });
  const money = (title: string, values: Series | null): Column => ({
    title,
    how: 'highest',
    values,
    format: formatUsd,
  });
  return [
    money('spent $/h', series.usdPerHour),
    money('wasted $/h', series.wastedUsdPerHour),
    money('total $', series.totalUsd),
    count('received', series.received, 'sum'),
    count('deleted', series.deleted, 'sum'),
    count('in flight', series.inFlight, 'highest'),
    count('visible', series.waiting, 'highest'),
    count('invocations', series.invocations, 'sum'),
    count('errors', series.errors, 'sum'),
    count('concurrency', series.concurrency, 'highest'),
  ];
}

function over(values: Series, how: Column['how'], from: number, to: number): number {
  let result = how === 'sum' ? 0 : Number.NaN;
  for (const value of values.subarray(from, to)) {
    if (Number.isNaN(value)) continue;
    if (how === 'sum') result += value;
    else if (!(value <= result)) result = value;
  }
  return result;
}
