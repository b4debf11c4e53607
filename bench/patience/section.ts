import type { Goal } from '../common/goal.ts';
import { type Machine, machineLine } from '../common/results.ts';
import { markdownTable, rank, short } from '../common/table.ts';
import type { PatienceResult } from './worker.ts';

export interface PatienceReport {
  readonly machine: Machine;
  readonly firstSeed: number;
  /** Cases of each family of trouble. */
  readonly seeds: number;
  /** Traces of failing deploys, and the function-days in them. */
  readonly harmlessTraces: number;
  readonly harmlessDays: number;
  readonly rows: readonly PatienceRow[];
}

/** What one wait means. */
export interface PatienceRow {
  /** Minutes that failures of a queue's messages must last; the other detectors wait for the same part of theirs. */
  readonly waitMinutes: number;
  /** Incidents that waste {@link COSTLY_USD}, those paged, and minutes to the page; `null`: never. */
  readonly costly: number;
  readonly paged: number;
  readonly medianMinutes: number | null;
  readonly ninetiethMinutes: number | null;
  /** Wasted before the page by all incidents. */
  readonly usdBeforePage: number;
  readonly falsePages: number;
  readonly falsePagesPerThousandDays: number;
}

const COSTLY_USD = 1;
/** What the longest wait of a queue is. */
const WAIT_MINUTES = 6;

/** A study of a choice: nothing is wanted of it. */
export function goalsOf(): readonly Goal[] {
  return [];
}

export function section({ machine, rows, ...report }: PatienceReport): string {
  const table = markdownTable(
    [
      'failures must last, min',
      `paged, of those that waste $${COSTLY_USD}`,
      'min to the page, median / 90th percentile',
      'dollars before the page, all incidents',
      'false pages on failing deploys',
      'per 1,000 function-days with one',
    ],
    rows.map((row) => [
      short(row.waitMinutes, 0) + (row.waitMinutes === WAIT_MINUTES ? ' (as it is)' : ''),
      `${row.paged} of ${row.costly}`,
      `${minutesText(row.medianMinutes)} / ${minutesText(row.ninetiethMinutes)}`,
      `$${row.usdBeforePage.toFixed(2)}`,
      row.falsePages,
      short(row.falsePagesPerThousandDays, 0),
    ]),
  );
  return [
    machineLine(machine),
    `Seeds from ${report.firstSeed} on, ${report.seeds} cases of each family of trouble; ${report.harmlessTraces} traces of deploys that fail for one to six minutes, ${Math.round(report.harmlessDays)} function-days.`,
    '',
    table,
  ].join('\n');
}

/** What the waits of `parts` mean, in this order. */
export function rowsOf(results: readonly PatienceResult[], parts: readonly number[]): PatienceRow[] {
  return parts.map((part, index) => rowOf(results, part, index));
}

function rowOf(results: readonly PatienceResult[], part: number, index: number): PatienceRow {
  const minutes: number[] = [];
  let usdBeforePage = 0;
  let falsePages = 0;
  let harmlessDays = 0;
  for (const { wastedUsd, outcomes, activeDays } of results) {
    const outcome = outcomes[index];
    if (outcome === undefined) continue;
    if (wastedUsd.length === 0) {
      falsePages += outcome.falsePages;
      harmlessDays += activeDays;
    }
    usdBeforePage += outcome.usd.reduce((sum, usd) => sum + usd, 0);
    for (const [i, usd] of wastedUsd.entries()) {
      if (usd >= COSTLY_USD) minutes.push(outcome.pageMinutes[i] ?? Number.POSITIVE_INFINITY);
    }
  }
  return {
    waitMinutes: Math.round(part * WAIT_MINUTES),
    costly: minutes.length,
    paged: minutes.filter(Number.isFinite).length,
    medianMinutes: finite(rank(minutes, 0.5)),
    ninetiethMinutes: finite(rank(minutes, 0.9)),
    usdBeforePage,
    falsePages,
    falsePagesPerThousandDays: (1_000 * falsePages) / Math.max(1, harmlessDays),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function minutesText(value: number | null): string {
  return value === null ? 'never' : value.toFixed(1);
}
