import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

// npm runs scripts at the root of the package.
const ROOT = process.cwd();
const FOLDER = join(ROOT, 'bench', 'results');
const DOCUMENT = 'docs/benchmark.md';

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

/** Keeps a result for the document: `bench/results/<name>.json`. */
export function saveResult(name: string, result: object): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

export function readResult<T>(name: string): T | null {
  const path = join(FOLDER, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null;
}

/** Replaces what stands between the markers of a section of a document. */
export function writeSection(name: string, markdown: string, document = DOCUMENT): void {
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
