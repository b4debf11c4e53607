import type { Goal } from '../common/goal.ts';
import { poissonInterval } from '../common/poisson.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, short } from '../common/table.ts';

export interface KindReport {
  readonly kind: string;
  readonly traces: number;
  readonly activeDays: number;
  readonly pages: number;
  readonly warnings: number;
}

export interface FalseAlarmReport {
  readonly machine: Machine;
  readonly firstSeed: number;
  readonly cpuMinutes: number;
  readonly kinds: readonly KindReport[];
  readonly reported: readonly {
    readonly kind: string;
    readonly seed: number;
    readonly paged: boolean;
    readonly detectors: readonly string[];
    readonly evidence: string;
  }[];
}

/** `1.2 (0.4 to 2.8)` a thousand function-days. */
function perThousand(count: number, days: number): string {
  if (days === 0) return '-';
  const { low, high } = poissonInterval(count);
  const rate = (value: number) => short((value / days) * 1_000, 2);
  return `${rate(count)} (${rate(low)} to ${rate(high)})`;
}

function totalOf(kinds: readonly KindReport[]): KindReport {
  const sum = (of: (kind: KindReport) => number) => kinds.reduce((total, kind) => total + of(kind), 0);
  return {
    kind: '**all**',
    traces: sum(({ traces }) => traces),
    activeDays: sum(({ activeDays }) => activeDays),
    pages: sum(({ pages }) => pages),
    warnings: sum(({ warnings }) => warnings),
  };
}

/** So many that a rate of one in a thousand can be told from none; of each kind so many that no kind hides among the others. */
const DAYS_MIN = 20_000;
const KIND_DAYS_MIN = 1_000;

export function goalsOf({ kinds }: FalseAlarmReport): readonly Goal[] {
  const { activeDays, pages } = totalOf(kinds);
  const fewest = Math.min(...kinds.map((kind) => kind.activeDays));
  return [
    {
      what: 'false pages per 1,000 function-days of harmless traffic',
      wanted: 'at most 1',
      measured: `${perThousand(pages, activeDays)}, 95 % interval`,
      isMet: pages <= activeDays / 1_000,
    },
    {
      what: 'function-days that this rests on',
      wanted: `${DAYS_MIN.toLocaleString('en-US')}, and ${KIND_DAYS_MIN.toLocaleString('en-US')} of each kind`,
      measured: `${Math.round(activeDays).toLocaleString('en-US')}; ${Math.round(fewest).toLocaleString('en-US')} and more of each of ${kinds.length} kinds`,
      isMet: activeDays >= DAYS_MIN && fewest >= KIND_DAYS_MIN,
    },
  ];
}

export function section(report: FalseAlarmReport): string {
  const rows = [...report.kinds, totalOf(report.kinds)].map((kind) => [
    kind.kind,
    kind.traces,
    Math.round(kind.activeDays),
    kind.pages,
    perThousand(kind.pages, kind.activeDays),
    kind.warnings,
    perThousand(kind.warnings, kind.activeDays),
  ]);
  const table = markdownTable(
    [
      'kind of traffic',
      'traces',
      'active function-days',
      'pages',
      'pages per 1,000 (95 %)',
      'warnings',
      'warnings per 1,000 (95 %)',
    ],
    rows,
  );
  const seeds = report.reported
    .slice(0, 40)
    .map(
      ({ kind, seed, paged, detectors, evidence }) =>
        `- ${kind}, seed ${seed}: ${paged ? 'page' : 'warning'} by ${detectors.join(' + ')}: ${evidence}`,
    );
  return [
    machineLine(report.machine),
    `Seeds from ${report.firstSeed} on, ${Math.round(report.cpuMinutes)} CPU minutes. Intervals are exact Poisson intervals (Garwood).`,
    '',
    table,
    '',
    ...(seeds.length === 0 ? [] : ['What was reported in error:', '', ...seeds]),
  ].join('\n');
}
