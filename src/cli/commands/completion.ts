import { Argument } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion/script.ts';
import { describe } from '../describe.ts';
import type { Register } from '../register.ts';

const FOOTER = `
The script knows every command and option and starts nothing. Generate it anew after an update.

Examples:
  firebreak completion bash > ~/.local/share/bash-completion/completions/firebreak
  firebreak completion zsh > ~/.zfunc/_firebreak   (with ~/.zfunc in fpath, before compinit)
  firebreak completion fish > ~/.config/fish/completions/firebreak.fish`;

/** `firebreak completion`: commands, options and their choices at the press of a key. */
export const registerCompletion: Register = (program, io, line) => {
  program
    .command('completion')
    .description('Prints a completion script for a shell')
    .addArgument(new Argument('<shell>', 'the shell it is for').choices(SHELLS))
    .addHelpText('after', FOOTER)
    .action(async (shell: Shell) => {
      io.stdout(completionScript(shell, describe(await line.build(io))));
    });
};
