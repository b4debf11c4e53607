import { DETECTORS } from '../../detectors/registry.ts';
import type { Tick } from '../../src/decide/contract.ts';
import { decide } from '../../src/decide/tick.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { activeDaysOf } from '../common/active-days.ts';
import { serveTasks } from '../common/pool.ts';
import { alertsOf } from '../detection/page.ts';
import { incidentsOf, scorePages } from '../detection/score.ts';

export interface PatienceTask {
  readonly family: string;
  readonly seed: number;
  /** Parts of the wait of each detector that are tried. */
  readonly parts: readonly number[];
}

export interface PatienceResult extends PatienceTask {
  readonly activeDays: number;
  /** What each true incident wasted in all. */
  readonly wastedUsd: readonly number[];
  /** For each part of `parts`. */
  readonly outcomes: readonly {
    /** Minutes from the onset of each incident to its page; `null`: none. */
    readonly pageMinutes: readonly (number | null)[];
    /** Wasted until then, or in all. */
    readonly usd: readonly number[];
    readonly falsePages: number;
  }[];
}

/** The tick of production, of which only the waits are another. */
function patient(part: number): Tick {
  return (input) => {
    const findings = DETECTORS.flatMap((detector) => detector.evaluate(input.window, input.baselines));
    return decide(
      input,
      findings.map((finding) => ({ ...finding, blipMinutes: finding.blipMinutes * part })),
    );
  };
}

serveTasks(async (task: PatienceTask): Promise<PatienceResult> => {
  const family = families[task.family];
  if (family === undefined) throw new RangeError(`no family ${task.family}`);
  const { trace: document, truth } = simulate(family.scenario(task.seed, { background: 0 }));
  const trace = parseTrace(document);
  const outcomes = [];
  for (const part of task.parts) {
    const result = await backtest(trace, { config: DEFAULT_CONFIG, tick: patient(part) });
    const pages = alertsOf(result).filter(({ isPage }) => isPage);
    const { pageMinutes, usd, falsePages } = scorePages(truth, pages, trace.publishDelayMs);
    outcomes.push({ pageMinutes, usd, falsePages: falsePages.length });
  }
  return {
    ...task,
    activeDays: activeDaysOf(trace),
    wastedUsd: incidentsOf(truth, trace).map(({ wastedUsd }) => wastedUsd),
    outcomes,
  };
});
