import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { TraceSeries } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { cpuMs } from '../common/cpu.ts';
import { serveTasks } from '../common/pool.ts';

export interface FalseAlarmTask {
  readonly kind: string;
  readonly seed: number;
  readonly background: number;
}

export interface FalseAlarmResult extends FalseAlarmTask {
  /** Function-days with invocations; a part day counts as its part. */
  readonly activeDays: number;
  readonly cpuMs: number;
  readonly incidents: readonly {
    readonly id: string;
    readonly detectors: readonly string[];
    readonly paged: boolean;
    readonly wastedUsd: number;
    readonly evidence: string;
  }[];
}

const DAY_MINUTES = 1_440;

function activeDaysOf(invocations: TraceSeries | undefined): number {
  if (invocations === undefined) return 0;
  const { final } = invocations;
  let days = 0;
  for (let from = 0; from < final.length; from += DAY_MINUTES) {
    const day = final.subarray(from, from + DAY_MINUTES);
    if (day.some((count) => count > 0)) days += day.length / DAY_MINUTES;
  }
  return days;
}

serveTasks(async (task: FalseAlarmTask): Promise<FalseAlarmResult> => {
  const from = cpuMs();
  const family = families[task.kind];
  if (family === undefined) throw new RangeError(`no family ${task.kind}`);
  const trace = parseTrace(simulate(family.scenario(task.seed, { background: task.background })).trace);
  const { incidents } = await backtest(trace, { config: DEFAULT_CONFIG });
  let activeDays = 0;
  for (const series of trace.functions.values()) activeDays += activeDaysOf(series.invocations);
  return {
    ...task,
    activeDays,
    cpuMs: cpuMs() - from,
    incidents: incidents.map((incident) => ({
      id: incident.id,
      detectors: incident.detectors,
      paged: incident.criticalAt !== null,
      wastedUsd: incident.burn.wastedUsd,
      evidence: incident.evidence[0]?.text ?? '',
    })),
  };
});
