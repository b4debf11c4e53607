import type { Alert, Decision } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Config } from '../model/config.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRequest } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import type { Window } from '../model/window.ts';

export interface TickInput {
  readonly now: EpochMs;
  readonly window: Window;
  readonly baselines: Baselines;
  /** Incidents that are not resolved, and those resolved lately (they may re-open). */
  readonly openIncidents: readonly Incident[];
  readonly config: Config;
}

export interface TickResult {
  /** Every incident that was in the input or is new, as it is now; the same object where nothing of it changed. */
  readonly incidents: readonly Incident[];
  /** Suspicions that came to nothing, or were told under another name: nobody heard of them, and nobody needs them. */
  readonly forgotten: readonly Incident[];
  /** What to tell people: each alert's key makes sending it twice detectable. */
  readonly alerts: readonly Alert[];
  /** What the automatic kill switch should do; empty unless it is enabled. */
  readonly actions: readonly KillRequest[];
  /** Why each thing was, or was not, told or done. */
  readonly decisions: readonly Decision[];
}

/** The one pure function that the handler, `watch`, `backtest`, the demo, the tests and the benchmarks all call. */
export type Tick = (input: TickInput) => TickResult;
