import { markdownTable } from './table.ts';

/** What was wanted beforehand, and what was measured. */
export interface Goal {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** The goals of one benchmark, for the top of its page. */
export function goalsTable(goals: readonly Goal[]): string {
  return markdownTable(TITLES, goals.map(cells));
}

/** The goals of all benchmarks, each with the page that has its details. */
export function summaryTable(
  benchmarks: readonly { readonly name: string; readonly goals: readonly Goal[] }[],
): string {
  const all = benchmarks.flatMap(({ goals }) => goals);
  const table = markdownTable(
    [...TITLES, 'details'],
    benchmarks.flatMap(({ name, goals }) => goals.map((goal) => [...cells(goal), `[${name}](${name}.md)`])),
  );
  return `**${all.filter(({ isMet }) => isMet).length} of ${all.length} goals are met.**\n\n${table}`;
}

const TITLES = ['', 'goal', 'measured', ''];

function cells({ what, wanted, measured, isMet }: Goal): readonly string[] {
  return [what, wanted, measured, isMet ? 'met' : '**not met**'];
}
