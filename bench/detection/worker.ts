import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { toIso } from '../../src/model/time.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { monitorCost } from '../../src/price/monitor-cost.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { activeDaysOf } from '../common/active-days.ts';
import { cpuMs } from '../common/cpu.ts';
import { serveTasks } from '../common/pool.ts';
import { alertsOf, type Page } from './page.ts';
import { PEERS, type PeerId } from './peers/registry.ts';
import { incidentsOf, type ScoredIncident, scorePages } from './score.ts';

export interface DetectionTask {
  readonly family: string;
  readonly seed: number;
  readonly background: number;
}

/** Of firebreak pages alone, or every alert, warnings included. */
export type ToolId = 'firebreak' | 'firebreak-alerts' | PeerId;

/** What a tool did about one trace. */
export interface ToolResult {
  /** Minutes from the onset of each incident to its page; `null`: there was none while it lasted. */
  readonly pageMinutes: readonly (number | null)[];
  /** Wasted until then, or in all. */
  readonly usd: readonly number[];
  readonly falsePages: number;
  /** Pages, right and wrong, that within half an hour of another joined. */
  readonly interruptions: number;
  readonly alarmMetrics: number;
}

export interface DetectionResult extends DetectionTask {
  readonly functions: number;
  readonly queues: number;
  readonly functionDays: number;
  readonly days: number;
  /** What reading this trace every minute would have cost. */
  readonly readUsd: number;
  readonly cpuMs: number;
  readonly incidents: readonly ScoredIncident[];
  readonly falsePagesOfFirebreak: readonly string[];
  readonly tools: Readonly<Record<ToolId, ToolResult>>;
}

serveTasks(async (task: DetectionTask): Promise<DetectionResult> => {
  const from = cpuMs();
  const family = families[task.family];
  if (family === undefined) throw new RangeError(`no family ${task.family}`);
  const { trace: document, truth } = simulate(family.scenario(task.seed, { background: task.background }));
  const trace = parseTrace(document);
  const result = await backtest(trace, { config: DEFAULT_CONFIG });
  const score = (pages: readonly Page[], alarmMetrics: number) => {
    const { falsePages, ...scored } = scorePages(truth, pages, trace.publishDelayMs);
    return { ...scored, falsePages: falsePages.length, alarmMetrics };
  };
  const alerts = alertsOf(result);
  const ownPages = alerts.filter(({ isPage }) => isPage);
  const tools: Partial<Record<ToolId, ToolResult>> = {
    firebreak: score(ownPages, 0),
    'firebreak-alerts': score(alerts, 0),
  };
  for (const peer of PEERS) {
    const run = peer.run({ trace, truth, seed: task.seed });
    tools[peer.id] = score(run.pages, run.alarmMetrics);
  }
  return {
    ...task,
    functions: trace.inventory.functions.length,
    queues: trace.inventory.queues.length,
    days: trace.periods / DAY_MINUTES,
    functionDays: activeDaysOf(trace),
    readUsd: monitorCost(result.reads),
    cpuMs: cpuMs() - from,
    incidents: incidentsOf(truth, trace),
    falsePagesOfFirebreak: scorePages(truth, ownPages, trace.publishDelayMs).falsePages.map(
      ({ at, resources, what }) => `${toIso(at).slice(0, 16)} ${resources[0] ?? ''}: ${what}`,
    ),
    tools: tools as Record<ToolId, ToolResult>,
  };
});

const DAY_MINUTES = 1_440;
