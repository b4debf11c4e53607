import type { Command } from 'commander';
import type { ExitCode } from '../model/errors.ts';
import type { Io } from './io.ts';

/** The whole command line, for a command that runs or describes others. */
export interface CommandLine {
  readonly run: (argv: readonly string[], io: Io) => Promise<ExitCode>;
  /** With every command. */
  readonly build: (io: Io) => Promise<Command>;
}

/** A command adds itself to the program; its action throws a FirebreakError for anything but success. */
export type Register = (program: Command, io: Io, line: CommandLine) => void;
