import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { activeDaysOf } from '../common/active-days.ts';
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

serveTasks(async (task: FalseAlarmTask): Promise<FalseAlarmResult> => {
  const from = cpuMs();
  const family = families[task.kind];
  if (family === undefined) throw new RangeError(`no family ${task.kind}`);
  const trace = parseTrace(simulate(family.scenario(task.seed, { background: task.background })).trace);
  const { incidents } = await backtest(trace, { config: DEFAULT_CONFIG });
  return {
    ...task,
    activeDays: activeDaysOf(trace),
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
