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

export function section(report: FalseAlarmReport): string {
  const total = report.kinds.reduce(
    (sum, kind) => ({
      kind: '**all**',
      traces: sum.traces + kind.traces,
      activeDays: sum.activeDays + kind.activeDays,
      pages: sum.pages + kind.pages,
      warnings: sum.warnings + kind.warnings,
    }),
    { kind: '**all**', traces: 0, activeDays: 0, pages: 0, warnings: 0 },
  );
  const rows = [...report.kinds, total].map((kind) => [
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
