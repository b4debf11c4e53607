import { type IncidentJson, incidentJson } from '../model/incident-json.ts';
import { MINUTE_MS, toIso } from '../model/time.ts';
import type { Trace } from '../observe/trace/format.ts';
import { monitorCost } from '../price/monitor-cost.ts';
import type { BacktestResult } from './backtest.ts';
import type { TraceCost } from './cost.ts';

/** What `firebreak backtest --json` prints: `firebreak-backtest/1`. */
export interface BacktestDocument {
  readonly format: 'firebreak-backtest/1';
  readonly trace: {
    readonly account: string;
    readonly region: string;
    readonly start: string;
    readonly end: string;
    readonly ticks: number;
  };
  readonly incidents: readonly IncidentJson[];
  readonly cost: TraceCost;
  readonly monitorCost: {
    readonly usd: number;
    readonly metricRequests: number;
    readonly apiRequests: number;
  };
}

export function backtestDocument(trace: Trace, result: BacktestResult, cost: TraceCost): BacktestDocument {
  return {
    format: 'firebreak-backtest/1',
    trace: {
      account: trace.inventory.account,
      region: trace.inventory.region,
      start: toIso(trace.startAt),
      end: toIso(trace.startAt + trace.periods * MINUTE_MS),
      ticks: result.ticks,
    },
    incidents: result.incidents.map(incidentJson),
    cost,
    monitorCost: { usd: monitorCost(result.reads), ...result.reads },
  };
}
