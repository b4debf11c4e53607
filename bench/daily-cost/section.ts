import type { Goal } from '../common/goal.ts';
import { poissonInterval } from '../common/poisson.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, percentText, short } from '../common/table.ts';
import type { AccountScore } from './score.ts';

/** Steps of one size, and those whose ticket came on their first complete day, within two days more, ever. */
interface Rise {
  readonly rise: string;
  readonly steps: number;
  readonly firstDay: number;
  readonly twoDaysMore: number;
  readonly ever: number;
}

export interface DailyCostReport {
  readonly machine: Machine;
  readonly firstSeed: number;
  readonly accounts: number;
  readonly series: number;
  readonly rises: readonly Rise[];
  readonly all: Rise;
  readonly falseTickets: number;
  readonly falseTicketsOfWorst: number;
}

const BANDS: readonly (readonly [rise: string, low: number, high: number])[] = [
  ['30 to 50 %', 1.3, 1.5],
  ['50 to 100 %', 1.5, 2],
  ['100 to 300 %', 2, 4.01],
];

const QUARTERS = 4;

export function reportOf(
  scores: readonly AccountScore[],
  at: Pick<DailyCostReport, 'machine' | 'firstSeed'>,
): DailyCostReport {
  const steps = scores.flatMap((score) => score.steps);
  const riseOf = (rise: string, low: number, high: number): Rise => {
    const mine = steps.filter(({ factor }) => factor >= low && factor < high);
    const within = (days: number) =>
      mine.filter(({ daysToTicket }) => daysToTicket !== null && daysToTicket <= days).length;
    return {
      rise,
      steps: mine.length,
      firstDay: within(0),
      twoDaysMore: within(2),
      ever: within(Number.POSITIVE_INFINITY),
    };
  };
  return {
    ...at,
    accounts: scores.length,
    series: scores.reduce((sum, { series }) => sum + series, 0),
    rises: BANDS.map(([rise, low, high]) => riseOf(rise, low, high)),
    all: riseOf('all', 0, Number.POSITIVE_INFINITY),
    falseTickets: scores.reduce((sum, { falseTickets }) => sum + falseTickets, 0),
    falseTicketsOfWorst: Math.max(...scores.map(({ falseTickets }) => falseTickets)),
  };
}

export function goalsOf({ accounts, all, falseTickets }: DailyCostReport): readonly Goal[] {
  const perQuarter = falseTickets / (accounts * QUARTERS);
  return [
    {
      what: 'rises of the daily bill of 30 % and more, told on their first complete day',
      wanted: 'at least 95 %',
      measured: `${percentText(all.firstDay / all.steps)} (${all.firstDay} of ${all.steps})`,
      isMet: all.firstDay / all.steps >= 0.95,
    },
    {
      what: 'false tickets about the bill, an account and quarter',
      wanted: 'at most 1',
      measured: short(perQuarter, 2),
      isMet: perQuarter <= 1,
    },
  ];
}

export function section(report: DailyCostReport): string {
  const { machine, firstSeed, accounts, series, rises, all, falseTickets, falseTicketsOfWorst } = report;
  const quarters = accounts * QUARTERS;
  const { low, high } = poissonInterval(falseTickets);
  return [
    machineLine(machine),
    `Seeds ${firstSeed} to ${firstSeed + accounts - 1}: ${accounts} accounts, ${series} series, a year each.`,
    '',
    markdownTable(
      ['rise', 'steps', 'told on the first complete day', 'within two days more', 'ever'],
      [...rises, all].map(({ rise, steps, firstDay, twoDaysMore, ever }) => [
        rise,
        steps,
        ...[firstDay, twoDaysMore, ever].map((told) => percentText(told / steps)),
      ]),
    ),
    '',
    `False tickets: ${falseTickets} in ${quarters} account-quarters, ${short(falseTickets / quarters, 2)} each`,
    `(95 % interval ${short(low / quarters, 2)} to ${short(high / quarters, 2)}); the worst account had ${falseTicketsOfWorst} in its year.`,
  ].join('\n');
}
