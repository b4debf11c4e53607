import type { TickResult } from '../decide/contract.ts';
import { REOPEN_WITHIN_MS } from '../decide/lifecycle.ts';
import { tick } from '../decide/tick.ts';
import type { Config } from '../model/config.ts';
import type { EpochMs } from '../model/time.ts';
import type { ReadGap, Window } from '../model/window.ts';
import type { Source } from '../observe/source.ts';
import { type DeliveryReport, deliver } from '../respond/alert/deliver.ts';
import type { Channel } from '../respond/channel.ts';
import type { Store } from '../store/store.ts';

export interface RunTickDeps {
  readonly source: Source;
  readonly store: Store;
  readonly channels: readonly Channel[];
  readonly config: Config;
  readonly now: () => EpochMs;
}

export interface RunTickReport {
  readonly at: EpochMs;
  readonly window: Window;
  readonly result: TickResult;
  readonly delivery: DeliveryReport;
  /** What could not be read this time. */
  readonly gaps: readonly ReadGap[];
}

/**
 * One tick with everything around it: remember, look, decide, tell, remember. The handler and `watch` both call it.
 * Alerts are sent before incidents are saved: a crash in between decides them again, and the outbox knows what was sent.
 */
export async function runTick(deps: RunTickDeps): Promise<RunTickReport> {
  const { source, store, config } = deps;
  const at = deps.now();
  const openIncidents = await store.incidents({ resolvedSince: at - REOPEN_WITHIN_MS });
  const baselines = (await store.baselines()) ?? (await source.baselines(at, openIncidents));
  const window = await source.window(at);
  const result = tick({ now: at, window, baselines, openIncidents, config });
  const delivery = await deliver(result.alerts, { store, channels: deps.channels, now: deps.now });
  const unrecorded = new Set(
    delivery.outcomes.filter(({ isRecorded }) => !isRecorded).map(({ alert }) => alert.incident.id),
  );
  for (const incident of result.incidents) {
    if (!unrecorded.has(incident.id)) await store.putIncident(incident);
  }
  await store.putTick({
    at,
    functions: window.inventory.functions.length,
    queues: window.inventory.queues.length,
    gaps: window.gaps,
  });
  return { at, window, result, delivery, gaps: window.gaps };
}
