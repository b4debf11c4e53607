import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('node_modules', '.cache', 'firebreak-bench');

/** Results of an earlier run that was interrupted, and where to add to them. The name says what must be the same. */
export interface Kept<T> {
  readonly results: readonly T[];
  add(result: T): void;
}

export function keptResults<T>(name: string): Kept<T> {
  mkdirSync(FOLDER, { recursive: true });
  const file = join(FOLDER, `${name}.jsonl`);
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  return {
    results: lines.filter((line) => line !== '').map((line) => JSON.parse(line) as T),
    add: (result) => appendFileSync(file, `${JSON.stringify(result)}\n`),
  };
}
