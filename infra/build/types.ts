import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix } from 'node:path';
import { promisify } from 'node:util';
import { freshFolder, ROOT, writeText } from './files.ts';

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const RELATIVE_IMPORT = /(from ')(\.[^']+)\.ts(')/g;

/**
 * Declarations of `firebreak/cdk`, once for each kind of importer: the same text, in a folder that says what it is.
 * Only what the entry reaches is taken, so that nothing else becomes public by accident.
 */
export async function writeTypes(outFolder: string): Promise<void> {
  const emitted = await mkdtemp(join(tmpdir(), 'firebreak-types-'));
  try {
    await promisify(execFile)(process.execPath, [
      TSC,
      '-p',
      join(ROOT, 'tsconfig.cdk.json'),
      '--outDir',
      emitted,
    ]);
    const files = await reachable(join(emitted, 'infra'), 'index.d.ts');
    const cjsFolder = await freshFolder(join(outFolder, 'cjs'));
    await writeText(join(cjsFolder, 'package.json'), '{ "type": "commonjs" }');
    for (const [name, text] of files) {
      await writeText(join(outFolder, name), text);
      await writeText(join(cjsFolder, name), text);
    }
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

/** The entry and every declaration it imports by a relative path, with specifiers that every resolver understands. */
async function reachable(folder: string, entry: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const waiting = [entry];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (files.has(name)) continue;
    const text = await readFile(join(folder, name), 'utf8');
    for (const [, , path] of text.matchAll(RELATIVE_IMPORT)) {
      waiting.push(posix.join(posix.dirname(name), `${path}.d.ts`));
    }
    files.set(name, text.replaceAll(RELATIVE_IMPORT, '$1$2.js$3'));
  }
  const outside = [...files.keys()].find((name) => name.startsWith('..'));
  if (outside !== undefined) {
    throw new Error(`the types of firebreak/cdk reach ${outside}: they must stay within infra`);
  }
  return files;
}
