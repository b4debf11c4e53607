import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHELLS } from '../../../src/cli/completion/script.ts';
import { describe as describeProgram, flatten } from '../../../src/cli/describe.ts';
import { buildProgram, run } from '../../../src/cli/program.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { fakeIo } from '../fake-io.ts';

const folder = temporaryFolder('completion');

async function script(shell: string): Promise<string> {
  const io = fakeIo();
  expect(await run(['completion', shell], io)).toBe(0);
  return io.out();
}

const commands = flatten(describeProgram(await buildProgram(fakeIo())));
writeFileSync(join(folder, 'firebreak.bash'), await script('bash'));
mkdirSync(join(folder, 'files'));
for (const name of ['trace.json', 'trace.json.gz', 'other.txt'])
  writeFileSync(join(folder, 'files', name), '');

/** What bash offers for each of these lines at its end, as it would on TAB. */
function offered(lines: readonly string[]): readonly (readonly string[])[] {
  const ask = lines.map((line) => {
    const words = line.split(' ').map((word) => `'${word}'`);
    return `COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _firebreak; echo "\${COMPREPLY[*]}"`;
  });
  const input = ['source ../firebreak.bash', ...ask].join('\n');
  const out = execFileSync('bash', ['--norc', '--noprofile'], { input, cwd: join(folder, 'files') });
  return String(out)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ').filter((word) => word !== ''));
}

describe('completion in bash', () => {
  it.each([
    ['a command by its beginning', 'firebreak re', ['report', 'restore', 'record']],
    ['a subcommand', 'firebreak config s', ['show', 'schema']],
    ['an option', 'firebreak kill --dr', ['--dry-run']],
    ['the choices of an option', 'firebreak audit --fail-on ', ['low', 'medium', 'high']],
    ['a shell', 'firebreak completion ', ['bash', 'zsh', 'fish', '--help']],
    ['a file as an argument', 'firebreak backtest trace', ['trace.json', 'trace.json.gz']],
    ['a file as the value of an option', 'firebreak audit --template o', ['other.txt']],
    ['a file by the short option', 'firebreak record -o o', ['other.txt']],
    ['an option where files are arguments', 'firebreak backtest --j', ['--json']],
    ['nothing where only the person knows', 'firebreak watch --interval ', []],
    ['options after other options', 'firebreak audit --json --html x.html --fa', ['--fail-on']],
    ['nothing for a command that there is not', 'firebreak kil x --h', ['--help']],
  ])('%s', (_, line, expected) => {
    const [words] = offered([line]);
    expect((words ?? []).toSorted()).toEqual(expected.toSorted());
  });

  it('every option of every command', () => {
    const lines = commands.map(({ path }) => `firebreak ${path === '' ? '' : `${path} `}--`);
    const found = offered(lines);
    for (const [index, { path, options }] of commands.entries()) {
      const expected = [...options.map(({ long }) => long), '--help'];
      expect(found[index]?.toSorted(), path).toEqual(expected.toSorted());
    }
  });
});

describe.each(SHELLS)('the script for %s', (shell) => {
  it('knows every command and option', async () => {
    const text = await script(shell);
    for (const { path, options } of commands) {
      for (const name of path.split(' ')) expect(text).toContain(name);
      for (const { long } of options) expect(text, path).toContain(shell === 'fish' ? long.slice(2) : long);
    }
  });

  const isInstalled = spawnSync(shell, ['-c', 'true']).status === 0;
  it.skipIf(!isInstalled)('is understood by it, where it is installed', async () => {
    const { stderr, status } = spawnSync(shell, ['-n'], { input: await script(shell) });
    expect(String(stderr)).toBe('');
    expect(status).toBe(0);
  });
});

it('a shell that it does not know: exit code 2', async () => {
  const io = fakeIo();
  expect(await run(['completion', 'tcsh'], io)).toBe(2);
  expect(io.err()).toContain('Allowed choices are bash, zsh, fish');
});
