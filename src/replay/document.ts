import type { Transition } from '../model/alert.ts';
import { type IncidentJson, incidentJson } from '../model/incident-json.ts';
import { MINUTE_MS, toIso } from '../model/time.ts';
import type { Trace } from '../observe/trace/format.ts';
import { monitorCost } from '../price/monitor-cost.ts';
import { type BacktestResult, REACTION_MS } from './backtest.ts';
import type { TraceCost } from './cost.ts';

/** What it would have meant to have had the monitor. */
export interface BacktestSummary {
  /** When somebody would have been woken. */
  readonly pagedAt: readonly string[];
  /** Incidents that nobody would have been woken for. */
  readonly warnings: number;
  /** Wasted within all incidents, as it was. */
  readonly wastedUsd: number;
  /** Of it, what was wasted later than `reactionMinutes` after the page of an incident. */
  readonly savedUsd: number;
  readonly reactionMinutes: number;
}

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
  readonly summary: BacktestSummary;
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
    summary: summaryOf(result),
    incidents: result.incidents.map(incidentJson),
    cost,
    monitorCost: { usd: monitorCost(result.reads), ...result.reads },
  };
}

/** Alerts that wake somebody: the first of an incident that is critical, and its return. */
const PAGING: readonly Transition[] = ['opened', 'critical', 'reopened'];

function summaryOf({ incidents, alerts, wastedAtReactionUsd }: BacktestResult): BacktestSummary {
  const pages = alerts.filter(
    ({ transition, incident }) => PAGING.includes(transition) && incident.severity === 'critical',
  );
  const savedUsd = incidents.map(({ id, burn }) =>
    Math.max(0, burn.wastedUsd - (wastedAtReactionUsd.get(id) ?? burn.wastedUsd)),
  );
  return {
    pagedAt: pages.map(({ at }) => toIso(at)),
    warnings: incidents.filter(({ criticalAt }) => criticalAt === null).length,
    wastedUsd: sumOf(incidents.map(({ burn }) => burn.wastedUsd)),
    savedUsd: sumOf(savedUsd),
    reactionMinutes: REACTION_MS / MINUTE_MS,
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
