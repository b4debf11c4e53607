import { type CommandDescription, flatten } from '../describe.ts';
import { bashScript } from './bash.ts';
import type { CompletedOption, Completion } from './completion.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

/** Shells that a script is generated for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Names of values and arguments that are paths. */
const FILES = ['file', 'folder', 'trace', 'place', 'path'];

const HELP: CompletedOption = {
  word: '--help',
  short: '-h',
  description: 'display help for command',
  value: 'none',
  choices: [],
};

/** A script that completes what this program takes. It knows all of it and starts nothing. */
export function completionScript(shell: Shell, program: CommandDescription): string {
  const completions = flatten(program).map(completionOf);
  switch (shell) {
    case 'bash':
      return bashScript(completions);
    case 'zsh':
      return zshScript(completions);
    case 'fish':
      return fishScript(completions);
  }
}

function completionOf(command: CommandDescription): Completion {
  const subcommands = command.commands.map(({ path, description }) => ({
    word: path.split(' ').at(-1) ?? path,
    description,
  }));
  const [first] = command.arguments;
  const choices = first?.choices.map((word) => ({ word, description: first.description })) ?? [];
  const options = command.options.map(
    ({ long, short, description, value, choices }): CompletedOption => ({
      word: long,
      short,
      description,
      value: valueKindOf(value, choices),
      choices,
    }),
  );
  return {
    path: command.path,
    words: [...subcommands, ...choices],
    options: [...options, HELP],
    takesFile: first !== undefined && FILES.includes(first.name),
  };
}

function valueKindOf(value: string | null, choices: readonly string[]): CompletedOption['value'] {
  if (value === null) return 'none';
  if (choices.length > 0) return 'choice';
  return FILES.includes(value) ? 'file' : 'free';
}
