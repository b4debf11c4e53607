import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { registerAudit } from './audit.ts';
import { registerBacktest } from './backtest.ts';
import { registerConfig } from './config.ts';
import { registerCostOfMonitoring } from './cost-of-monitoring.ts';
import { registerPrices } from './prices.ts';
import { registerRecord } from './record.ts';
import { registerTestAlert } from './test-alert.ts';

/** A command adds itself to the program; its action throws a FirebreakError for anything but success. */
export type Register = (program: Command, io: Io) => void;

/** In the order of the help text. */
export const commands: readonly Register[] = [
  registerAudit,
  registerBacktest,
  registerConfig,
  registerCostOfMonitoring,
  registerPrices,
  registerRecord,
  registerTestAlert,
];
