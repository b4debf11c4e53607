import type { Goal } from '../common/goal.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, percentText, rank, short } from '../common/table.ts';
import { type Calibrated, classOf, type LoopClass } from './calibrate.ts';
import type { LoopCase } from './worker.ts';

type Rules = Readonly<Record<LoopClass, Calibrated | null>>;

/** A case with the delay of the oracle's chosen rule in place of all of them. */
export interface CaseRow extends Omit<LoopCase, 'oracleMinutes'> {
  readonly oracleMinutes: number | null;
  /** Of an oracle that raises no alarm at all on the benign seeds. */
  readonly strictMinutes: number | null;
}

export interface DelayReport {
  readonly machine: Machine;
  readonly firstSeed: number;
  readonly benignSeeds: number;
  readonly firebreakAlarms: number;
  readonly rules: Rules;
  /** Without any alarm on the benign seeds. */
  readonly strict: Rules;
  readonly cases: readonly CaseRow[];
}

export function rowsOf(loops: readonly LoopCase[], rules: Rules, strict: Rules): CaseRow[] {
  const minutesBy = (one: LoopCase, chosen: Rules) => {
    const index = chosen[classOf(one)]?.index;
    return index === undefined ? null : (one.oracleMinutes[index] ?? null);
  };
  return loops.map((one) => ({
    ...one,
    oracleMinutes: minutesBy(one, rules),
    strictMinutes: minutesBy(one, strict),
  }));
}

/** Ticks by which firebreak was later than the oracle; negative: it was sooner. */
function excessOf(one: CaseRow): number | null {
  return one.openedMinutes === null || one.oracleMinutes === null
    ? null
    : one.openedMinutes - one.oracleMinutes;
}

function strictExcessOf({ openedMinutes, strictMinutes }: CaseRow): number | null {
  return openedMinutes === null || strictMinutes === null ? null : openedMinutes - strictMinutes;
}

const known = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

function delayRow(name: string, cases: readonly CaseRow[]): (string | number)[] {
  const opened = known(cases.map(({ openedMinutes }) => openedMinutes));
  const pages = known(cases.map(({ criticalMinutes }) => criticalMinutes));
  const oracle = known(cases.map(({ oracleMinutes }) => oracleMinutes));
  const readable = known(cases.map(({ readableMinutes }) => readableMinutes));
  const excess = known(cases.map(excessOf));
  const cycles = known(
    cases.map(({ openedMinutes, visibilityMinutes }) =>
      openedMinutes === null ? null : openedMinutes / visibilityMinutes,
    ),
  );
  const pair = (values: readonly number[], digits = 1) =>
    `${short(rank(values, 0.5), digits)} / ${short(rank(values, 0.95), digits)}`;
  return [
    name,
    `${opened.length} of ${cases.length}`,
    pair(opened),
    pair(pages),
    pair(oracle),
    oracle.length,
    pair(excess),
    pair(known(cases.map(strictExcessOf))),
    pair(readable),
    pair(cases.map(({ visibilityMinutes }) => visibilityMinutes)),
    pair(cycles, 2),
  ];
}

/** Shares of the truth by which dollars may be wrong. */
const BURN_ERROR_MAX = 0.15;
const WASTE_ERROR_MAX = 0.2;

function moneyRow(name: string, cases: readonly CaseRow[]): (string | number)[] {
  const column = (values: readonly (number | null)[], within: number) => {
    const errors = known(values);
    const inside = errors.filter((error) => Math.abs(error) <= within).length;
    const sizes = errors.map(Math.abs);
    return [
      errors.length,
      `${percentText(rank(sizes, 0.5))} / ${percentText(rank(sizes, 0.9))}`,
      percentText(inside / errors.length),
    ];
  };
  return [
    name,
    ...column(
      cases.map(({ burnAtPage }) => burnAtPage),
      BURN_ERROR_MAX,
    ),
    ...column(
      cases.map(({ burnAtEnd }) => burnAtEnd),
      BURN_ERROR_MAX,
    ),
    ...column(
      cases.map(({ wasted }) => wasted),
      WASTE_ERROR_MAX,
    ),
  ];
}

function ruleText(name: string, rule: Calibrated | null): string {
  if (rule === null) return `${name}: no rule of the grid raises as few alarms.`;
  const { nats, persistenceMinutes, counting } = rule.rule;
  const how = counting === 'span' ? 'from the first failing minute to the newest' : 'of failing minutes';
  return `${name}: ${nats} nats and ${persistenceMinutes} min ${how}; ${rule.alarms} alarms.`;
}

export function goalsOf({ cases }: DelayReport): readonly Goal[] {
  const excess = known(cases.map(excessOf));
  const behind = (what: string, q: number, most: number): Goal => ({
    what: `ticks behind an oracle that knows the loop, ${what}`,
    wanted: `at most ${most}`,
    measured: short(rank(excess, q)),
    isMet: rank(excess, q) <= most,
  });
  const error = (what: string, values: readonly (number | null)[], most: number): Goal => {
    const errors = known(values);
    const inside = errors.filter((one) => Math.abs(one) <= most).length;
    return {
      what,
      wanted: `within ${most * 100} % of the truth, each loop`,
      measured: `${percentText(inside / errors.length)} (${inside} of ${errors.length})`,
      isMet: inside === errors.length,
    };
  };
  return [
    behind('median', 0.5, 1),
    behind('95th percentile', 0.95, 3),
    error(
      'dollars an hour, at the page',
      cases.map(({ burnAtPage }) => burnAtPage),
      BURN_ERROR_MAX,
    ),
    error(
      'dollars an hour, at the last tick',
      cases.map(({ burnAtEnd }) => burnAtEnd),
      BURN_ERROR_MAX,
    ),
    error(
      'dollars wasted, at the end',
      cases.map(({ wasted }) => wasted),
      WASTE_ERROR_MAX,
    ),
  ];
}

export function section(report: DelayReport): string {
  const ids = [...new Set(report.cases.map(({ family }) => family))].sort();
  const byFamily = ids.map((id) => [id, report.cases.filter(({ family }) => family === id)] as const);
  const groups = [...byFamily, ['**all**', report.cases] as const];
  const misses = report.cases.filter(({ openedMinutes }) => openedMinutes === null);
  const late = report.cases.filter((one) => (excessOf(one) ?? 0) > 3);
  const line = (one: CaseRow) =>
    `- ${one.family}, seed ${one.seed}: firebreak ${minutes(one.openedMinutes)}, oracle ${minutes(one.oracleMinutes)}, first readable failure ${minutes(one.readableMinutes)}, $${one.excessUsd.toFixed(2)} wasted in all`;
  return [
    machineLine(report.machine),
    `Seeds from ${report.firstSeed} on: ${report.cases.length} loops, ${report.benignSeeds} harmless traces on which firebreak raised ${report.firebreakAlarms} alarms about queue workers (warnings included). The oracle's rules: ${ruleText('loops', report.rules.loop)} ${ruleText('Poisoned shares', report.rules.poison)}`,
    `The strict oracle raises no alarm at all there. ${ruleText('Loops', report.strict.loop)} ${ruleText('Poisoned shares', report.strict.poison)}`,
    'Minutes (a tick is a minute) from the true onset, median / 95th percentile, of the cases that were found.',
    '',
    markdownTable(
      [
        'family',
        'alerted',
        'first alert',
        'page',
        'oracle',
        'oracle found',
        'excess over the oracle, ticks',
        'excess over the strict oracle',
        'first failure readable',
        'first retry possible (visibility timeout)',
        'alert, in retry cycles',
      ],
      groups.map(([name, cases]) => delayRow(name, cases)),
    ),
    '',
    'Error of the dollars against the truth (median / 90th percentile of its size, and the share of cases within the goal:',
    '15 % for the burn an hour, 20 % for what was wasted):',
    '',
    markdownTable(
      [
        'family',
        'at the page',
        'burn error',
        'within 15 %',
        'at the last tick',
        'burn error',
        'within 15 %',
        'at the end',
        'waste error',
        'within 20 %',
      ],
      groups.map(([name, cases]) => moneyRow(name, cases)),
    ),
    '',
    `Never alerted: ${misses.length}.`,
    '',
    ...misses.map(line),
    '',
    `More than three ticks later than the oracle: ${late.length}.`,
    '',
    ...late.slice(0, 40).map(line),
  ].join('\n');
}

function minutes(value: number | null): string {
  return value === null ? 'never' : `+${value.toFixed(1)} min`;
}
