import { scaleLog } from 'd3-scale';
import { line } from 'd3-shape';
import { PEERS, usdPerMonthOf } from './figures.ts';
import { FLEET_SIZES } from './fleets.ts';
import type { ReadingReport } from './section.ts';

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 70;
const RIGHT = 520;
const TOP = 30;
const BOTTOM = 310;
const USD = [1, 20_000] as const;
const USD_TICKS = [1, 10, 100, 1_000, 10_000];
/** Okabe and Ito's colours. */
const COLOURS = ['#0072b2', '#cc79a7'];

/** Dollars a month by size of the fleet: an SVG without scripts, fonts or outside references. */
export function curveSvg({ simulated }: ReadingReport): string {
  const x = scaleLog()
    .domain([FLEET_SIZES[0], FLEET_SIZES[FLEET_SIZES.length - 1] ?? 1])
    .range([LEFT, RIGHT]);
  const y = scaleLog().domain(USD).range([BOTTOM, TOP]).clamp(true);
  const path = line<readonly [number, number]>()
    .x(([functions]) => x(functions))
    .y(([, usd]) => y(usd));
  const curves = [
    {
      title: 'firebreak',
      colour: '#d55e00',
      width: 3.5,
      points: simulated.costs.map((cost) => [cost.functions, usdPerMonthOf(cost)] as const),
    },
    ...PEERS.map(({ title, usdPerFunction }, i) => ({
      title,
      colour: COLOURS[i] ?? '#000000',
      width: 1.5,
      points: FLEET_SIZES.map((functions) => [functions, functions * usdPerFunction] as const),
    })),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="Dollars a month by number of functions">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="18" font-weight="bold">Dollars a month, by functions watched</text>`,
    ...USD_TICKS.map(
      (usd) =>
        `<path d="M${LEFT} ${y(usd)}H${RIGHT}" stroke="#dddddd"/><text x="${LEFT - 8}" y="${y(usd) + 4}" text-anchor="end">$${usd.toLocaleString('en-US')}</text>`,
    ),
    ...FLEET_SIZES.map(
      (functions) =>
        `<text x="${x(functions)}" y="${BOTTOM + 20}" text-anchor="middle">${functions.toLocaleString('en-US')}</text>`,
    ),
    ...curves.map(({ points, colour, width, title }) => {
      const [, last] = points.at(-1) ?? [0, 1];
      return `<path d="${path(points)}" fill="none" stroke="${colour}" stroke-width="${width}"/><text x="${RIGHT + 10}" y="${y(last) + 4}" fill="${colour}">${title}</text>`;
    }),
    '</svg>',
    '',
  ].join('\n');
}
