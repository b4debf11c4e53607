import type { Tick } from '../decide/contract.ts';
import { isKept } from '../decide/lifecycle.ts';
import { tick as productionTick } from '../decide/tick.ts';
import type { Alert } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Config } from '../model/config.ts';
import type { Incident } from '../model/incident.ts';
import { HOUR_MS, MINUTE_MS } from '../model/time.ts';
import type { Trace } from '../observe/trace/format.ts';
import { tickAt, traceSource } from '../observe/trace/trace-source.ts';
import { type ReadCount, readsOf } from './reads.ts';

export interface BacktestResult {
  /** Every incident somebody was told of, by onset. */
  readonly incidents: readonly Incident[];
  readonly alerts: readonly Alert[];
  /** By incident: what it had wasted {@link REACTION_MS} after its page; absent where it, or the trace, ended before. */
  readonly wastedAtReactionUsd: ReadonlyMap<string, number>;
  readonly ticks: number;
  /** What reading the data of every tick would have taken. */
  readonly reads: ReadCount;
}

export interface BacktestOptions {
  readonly config: Config;
  /** What is replayed, for studies of what another rule would have done. Default: the tick of production. */
  readonly tick?: Tick;
  /** Called now and then with the share that is done, 0..1. */
  readonly onProgress?: (share: number) => void;
}

/** From the page to the command that stops it: an assumption. A person wakes, reads and runs it. */
export const REACTION_MS = 10 * MINUTE_MS;

/** Replays a trace through the very tick that runs in production: one tick a period, each with what was readable then. */
export async function backtest(trace: Trace, options: BacktestOptions): Promise<BacktestResult> {
  const tick = options.tick ?? productionTick;
  const source = traceSource(trace);
  const all = new Map<string, Incident>();
  const alerts: Alert[] = [];
  const wastedAtReactionUsd = new Map<string, number>();
  let known: readonly Incident[] = [];
  let baselines: Baselines | null = null;
  for (let period = 0; period < trace.periods; period++) {
    const now = tickAt(trace, period);
    if (baselines === null || Math.floor(now / HOUR_MS) !== Math.floor((now - MINUTE_MS) / HOUR_MS)) {
      baselines = await source.baselines(now, [...all.values()], { config: options.config, bill: null });
      options.onProgress?.(period / trace.periods);
    }
    const window = await source.window(now);
    const result = tick({ now, window, baselines, openIncidents: known, config: options.config });
    alerts.push(...result.alerts);
    for (const { id } of result.forgotten) all.delete(id);
    for (const incident of result.incidents) {
      all.set(incident.id, incident);
      const { id, state, criticalAt, burn } = incident;
      const isLate = criticalAt !== null && now >= criticalAt + REACTION_MS;
      if (isLate && state !== 'resolved' && !wastedAtReactionUsd.has(id))
        wastedAtReactionUsd.set(id, burn.wastedUsd);
    }
    known = result.incidents.filter((incident) => isKept(incident, now));
  }
  const incidents = [...all.values()].filter(({ openedAt }) => openedAt !== null);
  return {
    incidents: incidents.sort((a, b) => a.onsetAt - b.onsetAt),
    alerts,
    wastedAtReactionUsd,
    ticks: trace.periods,
    reads: readsOf(trace),
  };
}
