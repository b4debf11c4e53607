import type { Command } from 'commander';
import type { Io } from './io.ts';

/** A command adds itself to the program; its action throws a FirebreakError for anything but success. */
export type Register = (program: Command, io: Io) => void;
