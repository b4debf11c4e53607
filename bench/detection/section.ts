import { poissonInterval } from '../common/poisson.ts';
import { machineLine } from '../common/results.ts';
import { markdownTable, percentText, short } from '../common/table.ts';
import {
  COLUMNS,
  type Column,
  type DetectionReport,
  FLEET,
  type Noise,
  perThousand,
  type Row,
  TOOL_IDS,
  totalOf,
  USD_MIN,
} from './figures.ts';
import { minutesText, shortTitleOf, titleOf, usdText } from './labels.ts';
import { losses, wherePeersWin } from './words.ts';
import type { ToolId } from './worker.ts';

export function section(report: DetectionReport): string {
  const { rows } = report;
  const families = [...new Set(rows.map(({ family }) => family))];
  return [
    machineLine(report.machine),
    `${report.traces} traces, seeds from ${report.firstSeed} on, ${report.seedsPerFamily} of each family; ${Math.round(report.noise.functionDays)} active function-days, ${Math.round(report.cpuMinutes)} CPU minutes.`,
    '',
    '![Share of incidents paged by time, and waste before the page against false pages](../images/detection.svg)',
    '',
    `Incidents that waste $${USD_MIN} and more count for share and delay, all of them for dollars.`,
    '',
    overallTable(report),
    '',
    '**Where a peer wins.**',
    '',
    ...wherePeersWin(report),
    '',
    'Paged, of the incidents of each family (cheap ones included, of which firebreak sends a warning only):',
    '',
    familyTable(families, rows, (mine, column) => {
      const { paged, incidents } = totalOf(mine, column);
      return `${paged} of ${incidents}`;
    }),
    '',
    'Minutes to the page, median / 90th percentile; an incident without a page counts as never:',
    '',
    familyTable(families, rows, (mine, column) => {
      const { medianMinutes, p90Minutes } = totalOf(mine, column);
      return `${minutesText(medianMinutes)} / ${minutesText(p90Minutes)}`;
    }),
    '',
    'Dollars wasted before the page, over all incidents of the family:',
    '',
    familyTable(families, rows, (mine, column) => usdText(totalOf(mine, column).usd)),
    '',
    'False pages per 1,000 active function-days, by kind of harmless traffic:',
    '',
    noiseTable(report),
    '',
    ...losses(report),
  ].join('\n');
}

function overallTable(report: DetectionReport): string {
  const { rows, noise } = report;
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  const waste = rows.reduce((sum, { wastedUsd }) => sum + wastedUsd, 0);
  return markdownTable(
    [
      '',
      `paged, of those that waste $${USD_MIN}`,
      'min to the page, median / 90th percentile',
      'dollars before the page',
      'of all waste',
      'false pages per 1,000 function-days (95 %)',
      'interruptions per 1,000 function-days',
      `dollars a month for ${FLEET} functions, to read or for alarms`,
    ],
    COLUMNS.map((column) => {
      const { paged, incidents, medianMinutes, p90Minutes } = totalOf(large, column);
      const { usd } = totalOf(rows, column);
      const isTool = column !== 'oracle' && column !== 'floor';
      return [
        column === 'firebreak' ? `**${titleOf(column)}**` : titleOf(column),
        `${paged} of ${incidents} (${percentText(paged / incidents)})`,
        `${minutesText(medianMinutes)} / ${minutesText(p90Minutes)}`,
        usdText(usd),
        percentText(usd / waste),
        isTool ? rateText(noise, column) : '-',
        isTool ? short(perThousand(noise, 'interruptions', column), 0) : '-',
        isTool ? short(report.usdPerMonth[column], 2) : '-',
      ];
    }),
  );
}

/** What somebody who chooses a tool looks at first. */
const CHOICE: readonly ToolId[] = [
  'firebreak',
  'four-alarms',
  'cdk-monitoring',
  'slic-watch',
  'band-wide',
  'daily-cost',
];

/** The few figures that the README shows. */
export function summaryTable({ rows, noise }: DetectionReport): string {
  const large = rows.filter(({ wastedUsd }) => wastedUsd >= USD_MIN);
  return markdownTable(
    [
      '',
      `paged, of incidents that waste $${USD_MIN} and more`,
      'minutes to the page, median',
      'wasted before the page, all incidents',
      'false pages per 1,000 function-days',
    ],
    CHOICE.map((tool) => {
      const { paged, incidents, medianMinutes } = totalOf(large, tool);
      const rate = perThousand(noise, 'falsePages', tool);
      return [
        tool === 'firebreak' ? `**${titleOf(tool)}**` : titleOf(tool),
        percentText(paged / incidents),
        minutesText(medianMinutes),
        usdText(totalOf(rows, tool).usd),
        short(rate, rate < 10 ? 2 : 0),
      ];
    }),
  );
}

function rateText(noise: Noise, tool: ToolId): string {
  const count = noise.falsePages[tool];
  const { low, high } = poissonInterval(count);
  const rate = (value: number) => (value / noise.functionDays) * 1_000;
  const digits = rate(count) < 10 ? 2 : 0;
  // Beyond that an interval is narrower than what is rounded away.
  return count > 500
    ? short(rate(count), digits)
    : `${short(rate(count), digits)} (${short(rate(low), digits)} to ${short(rate(high), digits)})`;
}

function familyTable(
  families: readonly string[],
  rows: readonly Row[],
  cell: (mine: readonly Row[], column: Column) => string,
): string {
  return markdownTable(
    ['family', ...COLUMNS.map(shortTitleOf)],
    families.map((family) => {
      const mine = rows.filter((row) => row.family === family);
      return [family, ...COLUMNS.map((column) => cell(mine, column))];
    }),
  );
}

function noiseTable({ noiseByKind }: DetectionReport): string {
  return markdownTable(
    ['kind of traffic', 'function-days', ...TOOL_IDS.map(shortTitleOf)],
    Object.entries(noiseByKind).map(([kind, noise]) => [
      kind,
      Math.round(noise.functionDays),
      ...TOOL_IDS.map((tool) => short(perThousand(noise, 'falsePages', tool), 0)),
    ]),
  );
}
