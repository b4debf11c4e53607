import { LIMITING_VALUES, modeOf } from '../../decide/kill-mode.ts';
import type { Config } from '../../model/config.ts';
import { formatDuration, formatUsd } from '../../model/format.ts';
import type { Incident, Lever } from '../../model/incident.ts';
import type { LambdaFunction } from '../../model/inventory.ts';
import { AUTOMATIC, type KillRecord } from '../../model/kill.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../model/time.ts';
import { isChange, settingName, valueText } from './settings.ts';

/** Why the automatic kill switch does not act. */
type GuardrailReason =
  | 'not-automatic'
  | 'frozen'
  | 'not-opted-in'
  | 'mapping-not-opted-in'
  | 'would-lose-events'
  | 'no-open-incident'
  | 'thin-evidence'
  | 'too-little-wasted'
  | 'already-killed'
  | 'undone-by-others'
  | 'being-tried-out'
  | 'being-restored'
  | 'restored-lately'
  | 'flapping'
  | 'too-many-this-hour'
  | 'too-many-at-once';

export interface Guardrail {
  readonly reason: GuardrailReason;
  readonly detail: string;
}

export interface GuardrailQuery {
  readonly fn: LambdaFunction;
  readonly lever: Lever;
  /** Tags of its event source mappings by id; a text in their place says why they could not be read. */
  readonly mappingTags: ReadonlyMap<string, Readonly<Record<string, string>> | string>;
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

function settingsRails({
  fn,
  lever,
  mappingTags,
  kills,
  config: { kill },
}: GuardrailQuery): readonly Guardrail[] {
  const rails: Guardrail[] = [];
  const tag = fn.tags[kill.optInTag];
  const isOptedIn = tag === kill.optInValue || LIMITING_VALUES.some((mode) => mode === tag);
  const mode = isOptedIn ? modeOf(fn.tags, kill) : kill.mode;
  if (mode !== 'auto') {
    const said = kill.mode === 'auto' ? `the tag ${kill.optInTag} is ${mode}` : `kill.mode is ${kill.mode}`;
    rails.push({ reason: 'not-automatic', detail: `${said}: a person has to run the command` });
  }
  if (kill.freeze)
    rails.push({ reason: 'frozen', detail: 'kill.freeze is on: nothing is stopped automatically' });
  if (!isOptedIn) {
    rails.push({
      reason: 'not-opted-in',
      detail: `${fn.name} does not carry the tag ${kill.optInTag}=${kill.optInValue}`,
    });
  }
  const burning = fn.eventSources.filter(({ enabled }) => enabled);
  // With concurrency 0 asynchronous events are not retried but given up (Lambda developer guide, asynchronous invocation, 2026).
  // Half stopped by its mappings it is to be finished by them: a kill function that died once it had disabled them is no reason.
  const isStopped = kills.some(
    ({ functionName, state, lever: recorded }) =>
      functionName === fn.name &&
      (state === 'killed' || (state === 'recorded' && recorded === 'disable-event-source')),
  );
  const stopsAll = lever === 'reserved-concurrency-zero' || (burning.length === 0 && !isStopped);
  if (stopsAll && !kill.mayLoseEvents && fn.asyncInvoke?.onFailure == null) {
    rails.push({
      reason: 'would-lose-events',
      detail: `only concurrency 0 stops ${fn.name}, and it has no on-failure destination: asynchronous events would be dropped (kill.mayLoseEvents)`,
    });
  }
  return [
    ...rails,
    ...burning.flatMap(({ id, source }) => mappingRail({ id, source }, mappingTags.get(id), kill)),
  ];
}

/** Its role may switch only mappings that carry the tag: better none of them than half of them. */
function mappingRail(
  mapping: { readonly id: string; readonly source: string },
  tags: Readonly<Record<string, string>> | string | undefined,
  kill: Config['kill'],
): readonly Guardrail[] {
  if (typeof tags === 'object' && modeOf(tags, { ...kill, mode: 'auto' }) === 'auto') return [];
  const why =
    typeof tags === 'object'
      ? `does not carry the tag ${kill.optInTag}=${kill.optInValue}`
      : `has tags that cannot be read (${tags ?? 'not asked'})`;
  return [
    {
      reason: 'mapping-not-opted-in',
      detail: `the event source mapping of ${mapping.source} (${mapping.id}) ${why}`,
    },
  ];
}

/** Metrics of a run that times out come its whole timeout late, and some minutes more (CloudWatch, Lambda metrics; 2026). */
const EVIDENCE_DELAY_MS = 15 * MINUTE_MS;

function incidentRails({ fn, incident, config: { kill }, now }: GuardrailQuery): readonly Guardrail[] {
  if (incident === null || incident.state === 'resolved' || !incident.functions.includes(fn.name)) {
    return [{ reason: 'no-open-incident', detail: `no open incident is about ${fn.name}` }];
  }
  const rails: Guardrail[] = [];
  if (incident.state !== 'critical') {
    rails.push({ reason: 'thin-evidence', detail: `the incident is ${incident.state}, and not critical` });
  }
  const agedMs = now - incident.lastEvidenceAt;
  if (agedMs > EVIDENCE_DELAY_MS + fn.timeoutSeconds * SECOND_MS) {
    rails.push({ reason: 'thin-evidence', detail: `its newest evidence is ${formatDuration(agedMs)} old` });
  }
  if (incident.burn.wastedUsd < kill.minimumWastedUsd) {
    const wasted = `${formatUsd(incident.burn.wastedUsd)} wasted so far`;
    rails.push({
      reason: 'too-little-wasted',
      detail: `${wasted}, less than kill.minimumWastedUsd (${formatUsd(kill.minimumWastedUsd)})`,
    });
  }
  return rails;
}

function historyRails({ fn, kills, fleetSize, config: { kill }, now }: GuardrailQuery): readonly Guardrail[] {
  const rails: Guardrail[] = [];
  const ofFunction = kills.filter(({ functionName }) => functionName === fn.name);
  const open = ofFunction.find(({ state }) => state !== 'restored');
  if (open !== undefined) rails.push(...openRails(fn, open));
  rails.push(...flapRails(fn, ofFunction, kill.cooldownMinutes, now));
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

/** It is stopped under a record. One that is half stopped is no obstacle: it is to be finished. */
function openRails(fn: LambdaFunction, open: KillRecord): readonly Guardrail[] {
  switch (open.state) {
    case 'killed': {
      const undone = undoneBy(fn, open);
      if (undone === null) return [{ reason: 'already-killed', detail: `${fn.name} is stopped already` }];
      return [
        {
          reason: 'undone-by-others',
          detail: `${undone} though ${fn.name} was stopped: somebody put it back, a deployment perhaps. A person decides: firebreak kill ${fn.name}, or firebreak restore ${fn.name}`,
        },
      ];
    }
    case 'canary-starting':
    case 'canary':
      return [
        {
          reason: 'being-tried-out',
          detail: `a restore of ${fn.name} is being tried out, and watched for that`,
        },
      ];
    case 'restoring':
      return [
        { reason: 'being-restored', detail: `a restore of ${fn.name} has begun: it is not stopped under it` },
      ];
    case 'recorded':
    case 'restored':
      return [];
  }
}

/** What runs again of that which the kill stopped; `null`: nothing does. */
function undoneBy(fn: LambdaFunction, { steps }: KillRecord): string | null {
  for (const step of steps) {
    if (step.kind === 'disable-event-source' && isChange(step)) {
      const source = fn.eventSources.find(({ id }) => id === step.eventSourceId);
      if (source?.enabled === true) return `${settingName(step)} is enabled`;
    }
    if (step.kind === 'reserved-concurrency-zero' && fn.reservedConcurrency !== 0) {
      return `reserved concurrency is ${valueText(fn.reservedConcurrency)}`;
    }
  }
  return null;
}

/** Automatic kills of one function within a day, after which it is for a person to break the circle. */
const KILLS_A_DAY_MAX = 3;

/** Each automatic kill of the day doubles the time for which the function is left alone after a restore. */
function flapRails(
  fn: LambdaFunction,
  ofFunction: readonly KillRecord[],
  cooldownMinutes: number,
  now: EpochMs,
): readonly Guardrail[] {
  const rails: Guardrail[] = [];
  const restoredAt = Math.max(...ofFunction.map((record) => record.restoredAt ?? Number.NEGATIVE_INFINITY));
  const ofToday = ofFunction.filter(
    ({ requestedBy, state, recordedAt }) =>
      requestedBy === AUTOMATIC && state === 'restored' && now - recordedAt < DAY_MS,
  );
  const cooldownMs = cooldownMinutes * MINUTE_MS * 2 ** Math.max(0, ofToday.length - 1);
  if (now - restoredAt < cooldownMs) {
    const ago = formatDuration(now - restoredAt);
    const doubled =
      ofToday.length > 1 ? `, doubled by each of the ${ofToday.length} automatic kills of the day` : '';
    rails.push({
      reason: 'restored-lately',
      detail: `${fn.name} was restored ${ago} ago, less than ${formatDuration(cooldownMs)} (kill.cooldownMinutes${doubled}): a person looks first`,
    });
  }
  if (ofToday.length >= KILLS_A_DAY_MAX) {
    rails.push({
      reason: 'flapping',
      detail: `${fn.name} was stopped automatically ${ofToday.length} times within a day, and restored each time: a person looks first`,
    });
  }
  return rails;
}
