import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { registerAudit } from './audit.ts';
import { registerBacktest } from './backtest.ts';
import { registerConfig } from './config.ts';
import { registerCostOfMonitoring } from './cost-of-monitoring.ts';
import { registerDemo } from './demo.ts';
import { registerIncidents } from './incidents.ts';
import { registerKill } from './kill.ts';
import { registerPrices } from './prices.ts';
import { registerRecord } from './record.ts';
import { registerRestore } from './restore.ts';
import { registerScoreSeries } from './score-series.ts';
import { registerStatus } from './status.ts';
import { registerTestAlert } from './test-alert.ts';
import { registerWatch } from './watch.ts';

/** A command adds itself to the program; its action throws a FirebreakError for anything but success. */
export type Register = (program: Command, io: Io) => void;

/** In the order of the help text. */
export const commands: readonly Register[] = [
  registerDemo,
  registerWatch,
  registerStatus,
  registerIncidents,
  registerKill,
  registerRestore,
  registerAudit,
  registerRecord,
  registerBacktest,
  registerCostOfMonitoring,
  registerScoreSeries,
  registerPrices,
  registerConfig,
  registerTestAlert,
];
