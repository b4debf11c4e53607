import type { Decision } from '../model/alert.ts';
import { formatUsd } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import type { LambdaFunction } from '../model/inventory.ts';
import type { KillRequest } from '../model/kill.ts';
import type { TickInput } from './contract.ts';

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
  if (config.kill.mode === 'off') return { requests: [], decisions: [] };
  const requests: KillRequest[] = [];
  const decisions: Decision[] = [];
  for (const incident of incidents) {
    if (incident.state !== 'critical' || incident.recommendation.lever === 'none') continue;
    const fn = window.inventory.functions.find(({ name }) => name === incident.functionName);
    if (fn === undefined || isStopped(fn) || !isEligible(fn, incident, input)) continue;
    const request: KillRequest = {
      incidentId: incident.id,
      functionName: fn.name,
      lever: incident.recommendation.lever,
      reason: `${incident.detector}, ${formatUsd(incident.burn.wastedUsdPerHour)}/h wasted`,
    };
    if (config.kill.mode === 'auto') {
      requests.push(request);
      decisions.push({
        incidentId: incident.id,
        outcome: 'kill',
        reason: 'money-at-stake',
        detail: request.reason,
      });
    } else {
      const detail = `kill.mode is ${config.kill.mode}: would have run ${incident.recommendation.command}`;
      decisions.push({ incidentId: incident.id, outcome: 'refuse', reason: 'not-automatic', detail });
    }
  }
  return { requests, decisions };
}

function isEligible(fn: LambdaFunction, incident: Incident, { config: { kill } }: TickInput): boolean {
  return (
    !kill.freeze &&
    !kill.protect.includes(fn.name) &&
    fn.tags[kill.optInTag] === kill.optInValue &&
    incident.burn.wastedUsd >= kill.minimumWastedUsd
  );
}

/** Nothing starts it any more: every mapping is disabled, or its concurrency is 0. */
function isStopped(fn: LambdaFunction): boolean {
  if (fn.reservedConcurrency === 0) return true;
  return fn.eventSources.length > 0 && fn.eventSources.every(({ enabled }) => !enabled);
}
