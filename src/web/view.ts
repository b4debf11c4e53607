import { exposuresOf } from '../audit/exposure.ts';
import { auditSubjectOfInventory } from '../audit/from-inventory.ts';
import { withPulledLever } from '../decide/kill-watch.ts';
import type { Alert } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import type { Incident } from '../model/incident.ts';
import { incidentJson } from '../model/incident-json.ts';
import type { KillPlan, KillRecord } from '../model/kill.ts';
import { type EpochMs, toIso } from '../model/time.ts';
import type { ReadGap } from '../model/window.ts';
import { pricesFor } from '../price/region-prices.ts';
import { type Story, story } from '../respond/alert/words.ts';
import { planKill } from '../respond/kill/plan.ts';
import { type FunctionBurn, fleetBurn } from '../run/fleet-burn.ts';
import type { RunTickReport } from '../run/run-tick.ts';

/** A function as a tile of the fleet. */
export interface Tile extends FunctionBurn {
  /** What it can cost at the worst, dollars an hour; `null`: settings do not say. */
  readonly exposureUsdPerHour: number | null;
  readonly incident: Incident | null;
  readonly isStopped: boolean;
}

export interface IncidentView {
  readonly incident: Incident;
  readonly story: Story;
  /** What a kill would do; `null` where no lever helps, it is stopped, or it is over. */
  readonly plan: KillPlan | null;
  readonly kill: KillRecord | null;
}

/** Everything the live page shows of one look. */
export interface LiveView {
  readonly at: EpochMs;
  readonly account: string;
  readonly region: string;
  /** Why time runs as it does; empty for a real account. */
  readonly note: string;
  readonly usdPerHour: number;
  readonly queues: number;
  readonly tiles: readonly Tile[];
  /** Open ones first, the dearest first. */
  readonly incidents: readonly IncidentView[];
  readonly gaps: readonly ReadGap[];
  /** What reading has cost; `null`: nothing is billed. */
  readonly readUsd: number | null;
}

export interface LiveInput {
  readonly report: RunTickReport;
  readonly config: Config;
  readonly kills: readonly KillRecord[];
  readonly note: string;
  readonly readUsd: number | null;
}

/** One look, worked out for the page. Pure. */
export function liveView(input: LiveInput): LiveView {
  const { report, config, kills } = input;
  const { inventory } = report.window;
  const told = report.result.incidents.filter(({ openedAt }) => openedAt !== null);
  const open = kills.filter(({ state }) => state !== 'restored');
  const tiles = tilesOf(input, told, open);
  return {
    at: report.at,
    account: inventory.account,
    region: inventory.region,
    note: input.note,
    usdPerHour: tiles.reduce((usd, tile) => usd + tile.usdPerHour, 0),
    queues: inventory.queues.length,
    tiles,
    incidents: [...told]
      .sort((a, b) => rank(a) - rank(b) || b.burn.wastedUsdPerHour - a.burn.wastedUsdPerHour)
      .map((incident) => incidentView(incident, report, config, open)),
    gaps: report.gaps,
    readUsd: input.readUsd,
  };
}

function tilesOf(
  { report }: LiveInput,
  told: readonly Incident[],
  open: readonly KillRecord[],
): readonly Tile[] {
  const { inventory } = report.window;
  const exposures = exposuresOf({
    subject: auditSubjectOfInventory(inventory, report.at),
    prices: pricesFor(inventory.region),
    pricing: report.pricing,
  });
  const exposureOf = new Map(exposures.map(({ functionName, usdPerHour }) => [functionName, usdPerHour]));
  const active = told.filter(({ state }) => state !== 'resolved');
  return fleetBurn(report).map((burn) => ({
    ...burn,
    exposureUsdPerHour: exposureOf.get(burn.name) ?? null,
    incident: active.find(({ functions }) => functions.includes(burn.name)) ?? null,
    isStopped: open.some(({ functionName, state }) => functionName === burn.name && state === 'killed'),
  }));
}

function incidentView(
  incident: Incident,
  { at, window }: RunTickReport,
  config: Config,
  open: readonly KillRecord[],
): IncidentView {
  const kill = open.find(({ functionName }) => functionName === incident.functionName) ?? null;
  const { account, region } = window.inventory;
  const isActive = incident.state !== 'resolved' && kill === null;
  const plan =
    isActive && incident.functionName !== null && incident.recommendation.lever !== 'none'
      ? planKill({
          functionName: incident.functionName,
          hard: incident.recommendation.lever === 'reserved-concurrency-zero',
          inventory: window.inventory,
          config,
          now: at,
          depths: window.depths,
        })
      : null;
  const told = {
    key: `${incident.id}#live`,
    at,
    incident: kill === null ? incident : withPulledLever(incident, kill),
    account,
    region,
    ...momentOf(incident, kill),
  };
  return { incident, story: story(told), plan, kill };
}

function momentOf(incident: Incident, kill: KillRecord | null): Pick<Alert, 'transition' | 'reason'> {
  if (kill !== null) {
    const transition = kill.state === 'canary' ? 'canary' : 'killed';
    return { transition, reason: 'kill-switch-used' };
  }
  if (incident.state === 'resolved') return { transition: 'resolved', reason: 'quiet-again' };
  return incident.state === 'critical'
    ? { transition: 'critical', reason: 'money-at-stake' }
    : { transition: 'opened', reason: 'first-evidence-is-enough' };
}

function rank({ state }: Incident): number {
  return state === 'critical' ? 0 : state === 'open' ? 1 : 2;
}

/** The same for machines. */
export function liveJson(view: LiveView): object {
  return {
    format: 'firebreak-live/1',
    at: toIso(view.at),
    account: view.account,
    region: view.region,
    usdPerHour: view.usdPerHour,
    functions: view.tiles.map(({ name, usdPerHour, exposureUsdPerHour, incident, isStopped }) => ({
      name,
      usdPerHour,
      exposureUsdPerHour,
      incident: incident?.id ?? null,
      isStopped,
    })),
    incidents: view.incidents.map(({ incident }) => incidentJson(incident)),
    gaps: view.gaps,
  };
}
