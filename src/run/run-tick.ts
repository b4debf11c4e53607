import type { TickResult } from '../decide/contract.ts';
import { type KillWatch, namingStopped, watchKills } from '../decide/kill-watch.ts';
import { REOPEN_WITHIN_MS } from '../decide/lifecycle.ts';
import { tick } from '../decide/tick.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Config } from '../model/config.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import { DAY_MS, type EpochMs } from '../model/time.ts';
import type { ReadGap, Window } from '../model/window.ts';
import type { Source } from '../observe/source.ts';
import type { PricingOptions } from '../price/lambda-price.ts';
import { pricingOf } from '../price/month-so-far.ts';
import { type DeliveryReport, deliver } from '../respond/alert/deliver.ts';
import type { Channel } from '../respond/channel.ts';
import { killAlert } from '../respond/kill/announce.ts';
import type { Store } from '../store/store.ts';

export interface RunTickDeps {
  readonly source: Source;
  readonly store: Store;
  readonly channels: readonly Channel[];
  readonly config: Config;
  readonly now: () => EpochMs;
  /** Instant that the tick is about, where that was settled before it began. Default: now. */
  readonly at?: EpochMs | undefined;
}

export interface RunTickReport {
  readonly at: EpochMs;
  readonly window: Window;
  /** What its incidents are priced by: the contract, with the price tier that the month has reached. */
  readonly pricing: PricingOptions;
  readonly result: TickResult;
  /** Functions that are stopped. */
  readonly stopped: ReadonlySet<string>;
  /** What is due for functions that are stopped. */
  readonly killWatch: KillWatch;
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
  const at = deps.at ?? deps.now();
  const openIncidents = await store.incidents({ resolvedSince: at - REOPEN_WITHIN_MS });
  const baselines =
    (await store.baselines()) ?? (await source.baselines(at, openIncidents, { config, bill: null }));
  const kills = await store.kills();
  const stopped = new Set(kills.flatMap((kill) => (kill.state === 'restored' ? [] : [kill.functionName])));
  const pricing = pricingOf(config.pricing, baselines);
  const window = await source.window(at, openIncidents, stopped, pricing);
  const result = tick({ now: at, window, baselines, openIncidents, config });
  const killWatch = await watchOpenKills(deps, { at, window, baselines, kills, incidents: result.incidents });
  const alerts = [...namingStopped(result.alerts, kills), ...killWatch.alerts];
  const delivery = await deliver(alerts, { store, channels: deps.channels, now: deps.now });
  const unrecorded = new Set(
    delivery.outcomes.filter(({ isRecorded }) => !isRecorded).map(({ alert }) => alert.incident.id),
  );
  // What rests is read at each tick and need not be written at each.
  const unchanged = new Set(openIncidents);
  for (const incident of result.incidents) {
    if (!unrecorded.has(incident.id) && !unchanged.has(incident)) await store.putIncident(incident);
  }
  for (const incident of result.forgotten) await store.forgetIncident(incident);
  await store.putTick({
    at,
    functions: window.inventory.functions.length,
    queues: window.inventory.queues.length,
    gaps: window.gaps,
  });
  return { at, window, pricing, result, stopped, killWatch, delivery, gaps: window.gaps };
}

/** Functions that are stopped, or are being tried out: what is due, and what waits for them and expires. */
async function watchOpenKills(
  { store, config }: RunTickDeps,
  seen: {
    readonly at: EpochMs;
    readonly window: Window;
    readonly baselines: Baselines;
    readonly kills: readonly KillRecord[];
    readonly incidents: readonly Incident[];
  },
): Promise<KillWatch> {
  const { at: now, window, baselines, kills: all } = seen;
  const kills = all.filter(({ state }) => state !== 'restored');
  const lately = all.filter((record) => now - lastChangeAt(record) < ANNOUNCED_FOR_MS);
  const incidents = new Map(seen.incidents.map((incident) => [incident.id, incident]));
  for (const { incidentId } of [...kills, ...lately]) {
    if (incidentId === null || incidents.has(incidentId)) continue;
    const incident = await store.incident(incidentId);
    if (incident !== null) incidents.set(incidentId, incident);
  }
  const watch = watchKills({ now, window, baselines, kills, incidents, config });
  const announcements = lately.flatMap((record) => {
    const incident = incidents.get(record.incidentId ?? '');
    return incident === undefined ? [] : (killAlert(record, incident) ?? []);
  });
  return { ...watch, alerts: [...watch.alerts, ...announcements] };
}

/**
 * For so long each tick tells of a kill or a restore again, in case whoever did it died before it could tell anybody. Under the
 * same key, so that nobody hears it twice; older alerts are no news.
 */
const ANNOUNCED_FOR_MS = DAY_MS;

function lastChangeAt({ recordedAt, killedAt, canary, restoredAt }: KillRecord): EpochMs {
  return Math.max(recordedAt, killedAt ?? 0, canary?.startedAt ?? 0, restoredAt ?? 0);
}
