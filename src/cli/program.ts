import { Command, CommanderError } from 'commander';
import { EXIT, EXIT_MEANINGS, type ExitCode, FirebreakError } from '../model/errors.ts';
import { COMMAND_GROUPS, commands } from './commands/index.ts';
import type { Io } from './io.ts';
import { reflowed } from './prose.ts';
import type { CommandLine } from './register.ts';
import { version } from './version.ts';

/** Runs one command line. Never throws and never exits: the caller gets the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const program = await buildProgram(io, wantedBy(argv[0]));
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    return report(error, io);
  }
}

const LINE: CommandLine = { run, build: buildProgram };

/** The commands that have to be loaded for it: most bring AWS clients along, which takes a second. */
function wantedBy(first: string | undefined): readonly string[] {
  if (first === '-V' || first === '--version') return [];
  return first !== undefined && Object.hasOwn(commands, first) ? [first] : Object.keys(commands);
}

/** The command line with these commands; all of them for help, and for what is none of them. */
export async function buildProgram(
  io: Io,
  names: readonly string[] = Object.keys(commands),
): Promise<Command> {
  const program = new Command('firebreak')
    .description(
      'Sees a runaway Lambda/SQS retry loop, says what it burns, stops it, and puts everything back.',
    )
    .version(version, '-V, --version')
    .exitOverride()
    .addHelpCommand(helpCommand())
    .configureOutput({
      writeOut: (text) => io.stdout(reflowed(text, io.columns)),
      writeErr: (text) => io.stderr(text),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
      outputError: (text, write) => write(`firebreak: ${text.replace(/^error: /, '')}`),
    })
    .showHelpAfterError('(run with --help for usage)')
    .addHelpText('after', HELP_FOOTER);
  for (const name of names) (await commands[name]?.())?.(program, io, LINE);
  for (const command of program.commands) {
    command.exitOverride().copyInheritedSettings(program).helpGroup(groupOf(command.name()));
  }
  return program;
}

function groupOf(name: string): string {
  return Object.entries(COMMAND_GROUPS).find(([, names]) => names.includes(name))?.[0] ?? 'Commands:';
}

/** As commander's own, below a heading of ours. */
function helpCommand(): Command {
  return new Command('help')
    .argument('[command]', 'the command')
    .description('Shows the help of a command')
    .helpOption(false)
    .helpGroup(groupOf('config'));
}

const EXIT_CODES = Object.entries(EXIT)
  .map(([name, code]) => `${code} ${EXIT_MEANINGS[name as keyof typeof EXIT]}`)
  .join(' · ');

const HELP_FOOTER = `
Exit codes: ${EXIT_CODES}

Start here: firebreak demo   (no AWS account needed), then firebreak init`;

function report(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? EXIT.done : EXIT.usage;
  }
  if (error instanceof FirebreakError) {
    io.stderr(`firebreak: ${error.message}\n`);
    return error.exitCode;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  io.stderr(`firebreak: this is a bug, please report it\n${trace}\n`);
  return EXIT.bug;
}
