import { scaleLog, scaleSymlog } from 'd3-scale';
import { curveStepAfter, line } from 'd3-shape';
import { type DetectionReport, perThousand, TOOL_IDS, totalOf, USD_MIN } from './figures.ts';
import { titleOf } from './labels.ts';
import type { ToolId } from './worker.ts';

const WIDTH = 960;
const HEIGHT = 430;
const PANEL = { top: 44, bottom: 330 };
const LEFT = { from: 56, to: 450 };
const RIGHT = { from: 550, to: 930 };
const LEGEND = { top: 384, row: 20, column: 240, columns: 4 };

/** Okabe and Ito's colours, which those who see fewer of them can tell apart; firebreak's is drawn thicker too. */
const COLOURS: Readonly<Record<ToolId, string>> = {
  firebreak: '#d55e00',
  'firebreak-alerts': '#f0a060',
  'slic-watch': '#0072b2',
  'cdk-monitoring': '#56b4e9',
  'four-alarms': '#009e73',
  'band-default': '#cc79a7',
  'band-wide': '#8a5a83',
  'recursion-detection': '#999999',
  'spike-rule': '#b59f00',
  'daily-cost': '#000000',
};

const MINUTES = [1, 1_440] as const;
const MINUTE_TICKS = [1, 2, 5, 10, 20, 60, 240, 1_440];
const SHARE_TICKS = [0, 0.25, 0.5, 0.75, 1];
const NOISE_TICKS = [0, 1, 10, 100, 1_000, 10_000];
/** Shares of the waste; what is less is drawn at the least. */
const WASTE_TICKS = [0.001, 0.01, 0.1, 1];

/** How soon, and at what price in false pages: an SVG without scripts, fonts or outside references. */
export function chartSvg(report: DetectionReport): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Share of incidents paged by time, and waste before the page against false pages">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    ...soonPanel(report),
    ...noisePanel(report),
    ...legend(),
    '</svg>',
    '',
  ].join('\n');
}

function soonPanel({ rows }: DetectionReport): readonly string[] {
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  const x = scaleLog().domain(MINUTES).range([LEFT.from, LEFT.to]).clamp(true);
  const y = (share: number) => PANEL.bottom - share * (PANEL.bottom - PANEL.top);
  const path = line<readonly [number, number]>()
    .x(([minutes]) => x(Math.max(MINUTES[0], minutes)))
    .y(([, share]) => y(share))
    .curve(curveStepAfter);
  return [
    text(
      { x: LEFT.from, y: 24, anchor: 'start', bold: true },
      `Incidents that waste $${USD_MIN} and more, paged by then`,
    ),
    ...SHARE_TICKS.map((share) => gridRow(LEFT, y(share), `${share * 100} %`)),
    ...MINUTE_TICKS.map((minutes) => gridColumn(x(minutes), minuteLabel(minutes))),
    ...TOOL_IDS.map((tool) => {
      const delays = large
        .flatMap(({ minutes }) => (minutes[tool] === null ? [] : [minutes[tool]]))
        .sort((a, b) => a - b);
      const points: (readonly [number, number])[] = [
        [MINUTES[0], 0],
        ...delays.map((delay, i) => [delay, (i + 1) / large.length] as const),
        [MINUTES[1], delays.length / large.length],
      ];
      return `<path d="${path(points)}" fill="none" stroke="${COLOURS[tool]}" stroke-width="${tool === 'firebreak' ? 3.5 : 1.5}"/>`;
    }),
  ];
}

function noisePanel({ rows, noise }: DetectionReport): readonly string[] {
  const waste = rows.reduce((sum, { wastedUsd }) => sum + wastedUsd, 0);
  const x = scaleSymlog().constant(1).domain([0, 100_000]).range([RIGHT.from, RIGHT.to]);
  const y = scaleLog().domain([0.001, 1]).range([PANEL.bottom, PANEL.top]).clamp(true);
  return [
    text({ x: RIGHT.from, y: 24, anchor: 'start', bold: true }, 'Share of the waste before the page'),
    ...WASTE_TICKS.map((share) => gridRow(RIGHT, y(share), `${share * 100} %`)),
    ...NOISE_TICKS.map((rate) => gridColumn(x(rate), rate.toLocaleString('en-US'))),
    text(
      { x: (RIGHT.from + RIGHT.to) / 2, y: PANEL.bottom + 36, anchor: 'middle' },
      'false pages per 1,000 function-days',
    ),
    ...TOOL_IDS.map((tool) => {
      const at = { x: x(perThousand(noise, 'falsePages', tool)), y: y(totalOf(rows, tool).usd / waste) };
      return `<circle cx="${px(at.x)}" cy="${px(at.y)}" r="${tool === 'firebreak' ? 9 : 6}" fill="${COLOURS[tool]}"/>`;
    }),
  ];
}

function legend(): readonly string[] {
  return TOOL_IDS.flatMap((tool, i) => {
    const at = {
      x: 20 + (i % LEGEND.columns) * LEGEND.column,
      y: LEGEND.top + Math.floor(i / LEGEND.columns) * LEGEND.row,
    };
    const name = titleOf(tool);
    return [
      `<rect x="${at.x}" y="${at.y - 9}" width="16" height="10" fill="${COLOURS[tool]}"/>`,
      text({ x: at.x + 22, y: at.y, anchor: 'start', bold: tool === 'firebreak' }, name),
    ];
  });
}

/** The first has the unit: all of them would not fit. */
function minuteLabel(minutes: number): string {
  if (minutes >= 60) return `${minutes / 60} h`;
  return minutes === MINUTES[0] ? `${minutes} min` : String(minutes);
}

function gridRow(panel: { readonly from: number; readonly to: number }, y: number, label: string): string {
  return `<path d="M${panel.from} ${px(y)}H${panel.to}" stroke="#dddddd"/>${text({ x: panel.from - 6, y: y + 4, anchor: 'end' }, label)}`;
}

function gridColumn(x: number, label: string): string {
  return `<path d="M${px(x)} ${PANEL.top}V${PANEL.bottom}" stroke="#eeeeee"/>${text({ x, y: PANEL.bottom + 17, anchor: 'middle' }, label)}`;
}

function text(
  at: {
    readonly x: number;
    readonly y: number;
    readonly anchor: 'start' | 'middle' | 'end';
    readonly bold?: boolean;
  },
  content: string,
): string {
  const weight = at.bold === true ? ' font-weight="bold"' : '';
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${px(at.x)}" y="${px(at.y)}" text-anchor="${at.anchor}" fill="#222222"${weight}>${escaped}</text>`;
}

function px(value: number): string {
  return value.toFixed(1);
}
