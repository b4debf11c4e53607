import { poissonInterval } from '../common/poisson.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, percentText, short } from '../common/table.ts';
import type { AccountScore, StepScore } from './score.ts';

export interface DailyCostReport {
  readonly machine: Machine;
  readonly firstSeed: number;
  readonly scores: readonly AccountScore[];
}

const BANDS: readonly (readonly [name: string, low: number, high: number])[] = [
  ['30 to 50 %', 1.3, 1.5],
  ['50 to 100 %', 1.5, 2],
  ['100 to 300 %', 2, 4.01],
];

const QUARTERS = 4;

export function section({ machine, firstSeed, scores }: DailyCostReport): string {
  const steps = scores.flatMap((score) => score.steps);
  const rows = [...BANDS, ['all', 0, Number.POSITIVE_INFINITY] as const].map(([name, low, high]) => {
    const of = steps.filter(({ factor }) => factor >= low && factor < high);
    return [
      name,
      of.length,
      percentText(shareWithin(of, 0)),
      percentText(shareWithin(of, 2)),
      percentText(shareWithin(of, Number.POSITIVE_INFINITY)),
    ];
  });
  const falseTickets = scores.reduce((sum, score) => sum + score.falseTickets, 0);
  const quarters = scores.length * QUARTERS;
  const { low, high } = poissonInterval(falseTickets);
  const dearest = Math.max(...scores.map((score) => score.falseTickets));
  return [
    machineLine(machine),
    `Seeds ${firstSeed} to ${firstSeed + scores.length - 1}: ${scores.length} accounts, ${scores.reduce((sum, { series }) => sum + series, 0)} series, a year each.`,
    '',
    markdownTable(['rise', 'steps', 'told on the first complete day', 'within two days more', 'ever'], rows),
    '',
    `False tickets: ${falseTickets} in ${quarters} account-quarters, ${short(falseTickets / quarters, 2)} each`,
    `(95 % interval ${short(low / quarters, 2)} to ${short(high / quarters, 2)}); the worst account had ${dearest} in its year.`,
  ].join('\n');
}

function shareWithin(steps: readonly StepScore[], days: number): number {
  return (
    steps.filter(({ daysToTicket }) => daysToTicket !== null && daysToTicket <= days).length / steps.length
  );
}
