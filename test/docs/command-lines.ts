import { type Command, CommanderError } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import { fakeIo } from '../cli/fake-io.ts';

/** Command lines of firebreak in a line of a code block, each without `firebreak` and without what the shell takes. */
export function commandLinesIn(line: string): string[] {
  return [
    ...line.matchAll(
      /(?:^\s*|[$;&|"`:] ?\s*)(?:npx )?firebreak (?=[a-z-])((?:(?<= )"[^"\n]*"|<[\w-]+>|[^#&|;<>"`\n])*)/g,
    ),
  ].map(([, rest = '']) => rest.replace(/\s{2,}\(.*\)$/, '').trim());
}

/** Splits as a shell does, as far as the pages need it. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
}

/** Every command, with its path: `config check`. */
export function commandsOf(
  parent: Command,
  path = '',
): { readonly path: string; readonly command: Command }[] {
  return parent.commands.flatMap((command) => {
    const name = `${path} ${command.name()}`.trim();
    return [{ path: name, command }, ...commandsOf(command, name)];
  });
}

/**
 * What is wrong with a command line; `null`: it parses. Actions are taken away before, so that nothing is run.
 * The bare name of a command is a mention of it, whatever arguments it needs.
 */
export async function problemOf(line: string): Promise<string | null> {
  const io = fakeIo();
  const program = await buildProgram(io);
  const commands = commandsOf(program);
  const mention = line.replace(/,.*$/, '');
  if (commands.some(({ path }) => path === mention)) return null;
  for (const { command } of commands) if (command.commands.length === 0) command.action(() => {});
  try {
    await program.parseAsync(words(line), { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return null;
    return io.err().split('\n')[0] || String(error);
  }
}
