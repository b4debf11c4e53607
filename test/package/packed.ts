import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../temporary-folder.ts';

const run = promisify(execFile);
export const ROOT = join(import.meta.dirname, '../..');
/** The repository's own compiler. */
export const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

interface PackedFile {
  readonly path: string;
  readonly size: number;
}

/** The package as it would be published, installed into an empty folder. */
export interface Installed {
  readonly folder: string;
  readonly files: readonly PackedFile[];
  readonly tarballBytes: number;
}

export async function packAndInstall(): Promise<Installed> {
  const folder = temporaryFolder('installed');
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as readonly {
    readonly filename: string;
    readonly size: number;
    readonly files: readonly PackedFile[];
  }[];
  if (packed === undefined) throw new Error('npm packed nothing');
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true }));
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts'];
  await run('npm', ['install', ...flags, join(folder, packed.filename)], { cwd: folder });
  return { folder, files: packed.files, tarballBytes: packed.size };
}

/** Gives the folder the CDK, as a consumer would install it; this is the repository's own. */
export async function linkCdk(folder: string): Promise<void> {
  for (const name of ['aws-cdk-lib', 'constructs']) {
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

export interface Finished {
  readonly ok: boolean;
  readonly output: string;
}

/** Runs a program in a folder; never throws for what the program says. */
export async function tryRun(cwd: string, program: string, args: readonly string[]): Promise<Finished> {
  try {
    const { stdout, stderr } = await run(program, [...args], { cwd, maxBuffer: 16 * 1024 * 1024 });
    return { ok: true, output: stdout + stderr };
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    return { ok: false, output: stdout + stderr };
  }
}
