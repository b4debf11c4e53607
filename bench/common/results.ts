import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { type Goal, goalsTable, summaryTable } from './goal.ts';

// npm runs scripts at the root of the package.
const ROOT = process.cwd();
const FOLDER = join(ROOT, 'bench', 'results');
const PAGES = join('docs', 'benchmark');

/** In the order in which somebody who chooses a tool asks. */
export const BENCHMARKS = [
  'detection',
  'false-alarms',
  'delay',
  'patience',
  'daily-cost',
  'score-series',
  'reading',
  'scale',
] as const;
export type Benchmark = (typeof BENCHMARKS)[number];

/** Where and on what a benchmark ran. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly node: string;
  readonly commit: string;
  readonly ranAt: string;
}

export function machine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGB: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    commit: commit(),
    ranAt: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
}

/** The commit that is measured; a `+` where files differ from it. */
export function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
    const changed = git('status', '--porcelain', '--', 'src', 'detectors', 'bench/*.ts', 'bench/**/*.ts');
    return git('rev-parse', '--short', 'HEAD') + (changed === '' ? '' : '+');
  } catch {
    return process.env['BENCH_COMMIT'] ?? 'unknown';
  }
}

/**
 * Keeps a result in `bench/results/<name>.json`, and writes what people read of it: `docs/benchmark/<name>.md`, and the table of
 * all goals.
 */
export function publish(
  name: Benchmark,
  {
    result,
    goals,
    section,
  }: { readonly result: object; readonly goals: readonly Goal[]; readonly section: string },
): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(fileOf(name), `${elementPerLine({ ...result, goals })}\n`);
  const parts = goals.length === 0 ? [section] : [goalsTable(goals), '', section];
  writeSection(name, parts.join('\n'), join(PAGES, `${name}.md`));
  writeSection('goals', goalsOfAll(), join(PAGES, 'README.md'));
}

/** The table of all goals, by the newest result of each benchmark. */
export function goalsOfAll(): string {
  return summaryTable(BENCHMARKS.map((name) => ({ name, goals: readResult<object>(name).goals })));
}

export function readResult<T>(name: Benchmark): T & { readonly goals: readonly Goal[] } {
  return JSON.parse(readFileSync(fileOf(name), 'utf8'));
}

function fileOf(name: Benchmark): string {
  return join(FOLDER, `${name}.json`);
}

/** JSON with each element of a list on a line of its own, so that a difference shows what differs. */
function elementPerLine(value: unknown, indent = ''): string {
  const inner = `${indent} `;
  const block = (open: string, lines: readonly string[], close: string) =>
    lines.length === 0
      ? open + close
      : `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`;
  if (Array.isArray(value)) {
    return block(
      '[',
      value.map((element) => JSON.stringify(element)),
      ']',
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const lines = Object.entries(value).map(
    ([key, of]) => `${JSON.stringify(key)}: ${elementPerLine(of, inner)}`,
  );
  return block('{', lines, '}');
}

/** Replaces what stands between the markers of a section of a document. */
export function writeSection(name: string, markdown: string, document: string): void {
  const path = join(ROOT, document);
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new RangeError(`${document} has no section ${name}`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n${markdown.trim()}\n${text.slice(to)}`);
}

export function machineLine(at: Machine): string {
  return `Measured at commit ${at.commit} on ${at.ranAt} UTC: ${at.cpu}, ${at.cores} cores, ${at.memoryGB} GB, Node ${at.node}.`;
}
