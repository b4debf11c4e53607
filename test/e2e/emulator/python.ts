import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const cache = join(import.meta.dirname, '../../../node_modules/.cache/firebreak-emulator');
const INSTALL_TIMEOUT_MS = 240_000;

/** The Python that can run the emulator: FIREBREAK_EMULATOR_PYTHON, or one that is made for its requirements. */
export function emulatorPython(): string {
  const given = process.env['FIREBREAK_EMULATOR_PYTHON'];
  return given ? given : pythonWith(join(import.meta.dirname, 'requirements.txt'));
}

/**
 * A virtual environment with these packages, made once for each version of the file. Throws an Error with one clear line when
 * there is no Python 3.10, or the packages cannot be had.
 */
export function pythonWith(requirements: string): string {
  const key = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const home = join(cache, key);
  const python = join(home, 'bin/python');
  // Made under another name first: a half-made environment must not be taken for a whole one. The name inside its
  // scripts is then wrong, and unused: only the interpreter is called.
  if (!existsSync(python)) {
    const building = `${home}.building-${process.pid}`;
    mkdirSync(cache, { recursive: true });
    try {
      attempt(
        'python3',
        ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'],
        'needs Python 3.10 or newer',
      );
      attempt(
        'python3',
        ['-m', 'venv', building],
        'cannot make a Python virtual environment (package python3-venv)',
      );
      const pip = [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--no-deps',
        '--disable-pip-version-check',
        '-r',
        requirements,
      ];
      attempt(join(building, 'bin/python'), pip, 'cannot install its Python packages');
      // Another run may have been faster; its environment is as good.
      if (!existsSync(python)) renameSync(building, home);
    } finally {
      rmSync(building, { recursive: true, force: true });
    }
  }
  return python;
}

function attempt(command: string, args: readonly string[], problem: string): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: INSTALL_TIMEOUT_MS });
  } catch (error) {
    const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr ?? '') : '';
    const said = stderr.trim().split('\n').at(-1) ?? '';
    throw new Error(`${problem}${said ? `: ${said}` : ''}`, { cause: error });
  }
}
