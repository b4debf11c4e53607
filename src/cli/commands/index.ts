import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { registerPrices } from './prices.ts';

/** A command adds itself to the program; its action throws a FirebreakError for anything but success. */
export type Register = (program: Command, io: Io) => void;

/** In the order of the help text. */
export const commands: readonly Register[] = [registerPrices];
