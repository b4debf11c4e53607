import { describe, expect, it } from 'vitest';
import { COMMAND_GROUPS, commands as commandsByName } from '../../src/cli/commands/index.ts';
import { buildProgram, run } from '../../src/cli/program.ts';
import { commandLinesIn, commandsOf, problemOf } from '../docs/command-lines.ts';
import { fakeIo } from './fake-io.ts';

const commands = commandsOf(await buildProgram(fakeIo()));
const leaves = commands.filter(({ command }) => command.commands.length === 0);

/** What these print is for a program in any case: a JSON document, or a script. */
const FOR_PROGRAMS = ['config show', 'config schema', 'completion'];

async function helpOf(path: string): Promise<string> {
  const io = fakeIo();
  expect(await run([...path.split(' '), '--help'], io)).toBe(0);
  expect(io.err()).toBe('');
  return io.out();
}

describe.each(commands)('firebreak $path --help', ({ path, command }) => {
  it('says what it does, in one line that begins with a capital', () => {
    expect(command.description()).toMatch(/^[A-Z][^\n]{19,}$/);
    expect(command.description()).not.toMatch(/\.$/);
  });

  it('says of every option and argument what it is', () => {
    for (const { long, description } of command.options) expect(description, String(long)).not.toBe('');
    for (const argument of command.registeredArguments) {
      expect(argument.description, argument.name()).not.toBe('');
    }
  });

  it('has an example of itself that parses', async () => {
    const after = (await helpOf(path)).split(/^Examples?:$/m)[1] ?? '';
    const lines = after.split('\n').flatMap(commandLinesIn);
    expect(lines.some((line) => `${line} `.startsWith(`${path} `))).toBe(true);
    for (const line of lines) expect(await problemOf(line), `firebreak ${line}`).toBeNull();
  });
});

it.each(leaves)('firebreak $path prints JSON when asked', ({ path, command }) => {
  const hasOption = command.options.some(({ long }) => long === '--json');
  expect(hasOption).toBe(!FOR_PROGRAMS.includes(path));
});

it('whatever calls AWS takes profile, region and endpoint, and all three', () => {
  for (const { path, command } of leaves) {
    const given = ['--profile', '--region', '--endpoint-url'].filter((name) =>
      command.options.some(({ long }) => long === name),
    );
    expect([0, 3], path).toContain(given.length);
  }
});

it('every command stands below one heading of the help text', () => {
  const grouped = Object.values(COMMAND_GROUPS).flat();
  expect(grouped.toSorted()).toEqual(Object.keys(commandsByName).toSorted());
});
