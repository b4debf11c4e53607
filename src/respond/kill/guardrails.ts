import type { Config } from '../../model/config.ts';
import { formatDuration, formatUsd } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import type { LambdaFunction } from '../../model/inventory.ts';
import type { KillRecord } from '../../model/kill.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../model/time.ts';

/** `requestedBy` of what firebreak does by itself. */
export const AUTOMATIC = 'firebreak, automatically';

/** Why the automatic kill switch does not act. */
type GuardrailReason =
  | 'not-automatic'
  | 'frozen'
  | 'not-opted-in'
  | 'no-open-incident'
  | 'too-little-wasted'
  | 'already-killed'
  | 'restored-lately'
  | 'too-many-this-hour'
  | 'too-many-at-once';

export interface Guardrail {
  readonly reason: GuardrailReason;
  readonly detail: string;
}

export interface GuardrailQuery {
  readonly fn: LambdaFunction;
  /** The incident for which it is to be stopped, as it is stored now; `null`: there is none. */
  readonly incident: Incident | null;
  readonly kills: readonly KillRecord[];
  /** Functions in the account and region. */
  readonly fleetSize: number;
  readonly config: Config;
  readonly now: EpochMs;
}

/**
 * What keeps the automatic kill switch from acting, all of it; empty: it may. These come on top of what `planKill` refuses to
 * anybody. A person who runs `firebreak kill` has decided, and is not held up by them.
 */
export function guardrailsOf(query: GuardrailQuery): readonly Guardrail[] {
  return [...settingsRails(query), ...incidentRails(query), ...historyRails(query)];
}

function settingsRails({ fn, config: { kill } }: GuardrailQuery): readonly Guardrail[] {
  const rails: Guardrail[] = [];
  if (kill.mode !== 'auto') {
    rails.push({
      reason: 'not-automatic',
      detail: `kill.mode is ${kill.mode}: a person has to run the command`,
    });
  }
  if (kill.freeze)
    rails.push({ reason: 'frozen', detail: 'kill.freeze is on: nothing is stopped automatically' });
  if (fn.tags[kill.optInTag] !== kill.optInValue) {
    rails.push({
      reason: 'not-opted-in',
      detail: `${fn.name} does not carry the tag ${kill.optInTag}=${kill.optInValue}`,
    });
  }
  return rails;
}

function incidentRails({ fn, incident, config: { kill } }: GuardrailQuery): readonly Guardrail[] {
  if (incident === null || incident.state === 'resolved' || !incident.functions.includes(fn.name)) {
    return [{ reason: 'no-open-incident', detail: `no open incident is about ${fn.name}` }];
  }
  if (incident.burn.wastedUsd >= kill.minimumWastedUsd) return [];
  const wasted = `${formatUsd(incident.burn.wastedUsd)} wasted so far`;
  return [
    {
      reason: 'too-little-wasted',
      detail: `${wasted}, less than kill.minimumWastedUsd (${formatUsd(kill.minimumWastedUsd)})`,
    },
  ];
}

function historyRails({ fn, kills, fleetSize, config: { kill }, now }: GuardrailQuery): readonly Guardrail[] {
  const rails: Guardrail[] = [];
  const ofFunction = kills.filter(({ functionName }) => functionName === fn.name);
  if (ofFunction.some(({ state }) => state === 'killed')) {
    rails.push({ reason: 'already-killed', detail: `${fn.name} is stopped already` });
  }
  const restoredAt = Math.max(...ofFunction.map((record) => record.restoredAt ?? Number.NEGATIVE_INFINITY));
  if (now - restoredAt < kill.cooldownMinutes * MINUTE_MS) {
    const ago = formatDuration(now - restoredAt);
    rails.push({
      reason: 'restored-lately',
      detail: `${fn.name} was restored ${ago} ago, less than kill.cooldownMinutes (${kill.cooldownMinutes}): a person looks first`,
    });
  }
  // Its own kill, if that is half done, is to be finished: it stands in nobody's way.
  const others = kills.filter((record) => record.functionName !== fn.name || record.state === 'restored');
  const lately = others.filter(
    (record) => record.requestedBy === AUTOMATIC && now - record.recordedAt < HOUR_MS,
  );
  if (lately.length >= kill.maximumPerHour) {
    rails.push({
      reason: 'too-many-this-hour',
      detail: `${lately.length} functions were stopped within the last hour: kill.maximumPerHour is ${kill.maximumPerHour}`,
    });
  }
  // At least one may be stopped, however small the fleet.
  const allowed = Math.max(1, Math.floor(fleetSize * kill.maximumFleetShare));
  const stopped = others.filter(({ state }) => state !== 'restored');
  if (stopped.length >= allowed) {
    rails.push({
      reason: 'too-many-at-once',
      detail: `${stopped.length} of ${fleetSize} functions are stopped: kill.maximumFleetShare allows ${allowed}`,
    });
  }
  return rails;
}
