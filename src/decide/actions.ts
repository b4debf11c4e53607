import type { Decision } from '../model/alert.ts';
import type { Config } from '../model/config.ts';
import { formatUsd } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import type { LambdaFunction } from '../model/inventory.ts';
import type { KillRequest } from '../model/kill.ts';
import type { TickInput } from './contract.ts';
import { type KillMode, modeOf } from './kill-mode.ts';

export interface Actions {
  readonly requests: readonly KillRequest[];
  readonly decisions: readonly Decision[];
}

/**
 * What the automatic kill switch should do: ask for each function of a critical incident that has opted in, until it is
 * stopped. In the modes short of `auto` it says what it would have done. The kill itself checks every guardrail again.
 */
export function actionsFor(incidents: readonly Incident[], input: TickInput): Actions {
  const { config, window } = input;
  const requests: KillRequest[] = [];
  const decisions: Decision[] = [];
  for (const incident of incidents) {
    const { lever } = incident.recommendation;
    if (incident.state !== 'critical' || lever === 'none') continue;
    const fn = window.inventory.functions.find(({ name }) => name === incident.functionName);
    const mode = fn === undefined ? 'off' : modeOf(fn.tags, config.kill);
    if (fn === undefined || mode === 'off' || isStopped(fn)) continue;
    const held = heldBy(fn, incident, config);
    const reason = `${incident.detector}, ${formatUsd(incident.burn.wastedUsdPerHour)}/h wasted`;
    if (held !== null || mode !== 'auto') {
      const detail = held ?? waitsFor(mode, incident, config);
      decisions.push({ incidentId: incident.id, outcome: 'refuse', reason: 'not-automatic', detail });
      continue;
    }
    requests.push({ incidentId: incident.id, functionName: fn.name, lever, reason });
    decisions.push({ incidentId: incident.id, outcome: 'kill', reason: 'money-at-stake', detail: reason });
  }
  return { requests, decisions };
}

/** `kill.mode is approve: waits for a person to run firebreak kill orders-worker`. */
function waitsFor(mode: KillMode, incident: Incident, { kill }: Config): string {
  const said = mode === kill.mode ? `kill.mode is ${mode}` : `the tag ${kill.optInTag} is ${mode}`;
  const { command } = incident.recommendation;
  return mode === 'approve'
    ? `${said}: waits for a person to run ${command}`
    : `${said}: would have run ${command}`;
}

/** What holds the switch back from a function that has opted in; `null`: nothing does. */
function heldBy(fn: LambdaFunction, incident: Incident, { kill }: Config): string | null {
  if (kill.freeze) return 'kill.freeze is on';
  if (kill.protect.includes(fn.name)) return `${fn.name} is in kill.protect`;
  if (incident.burn.wastedUsd >= kill.minimumWastedUsd) return null;
  return `${formatUsd(incident.burn.wastedUsd)} wasted, less than kill.minimumWastedUsd (${formatUsd(kill.minimumWastedUsd)})`;
}

/** Nothing starts it any more: every mapping is disabled, or its concurrency is 0. */
export function isStopped(fn: LambdaFunction): boolean {
  if (fn.reservedConcurrency === 0) return true;
  return fn.eventSources.length > 0 && fn.eventSources.every(({ enabled }) => !enabled);
}
