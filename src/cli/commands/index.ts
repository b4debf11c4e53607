import type { Register } from '../register.ts';
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
