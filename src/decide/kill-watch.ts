import type { Alert, Decision } from '../model/alert.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Config } from '../model/config.ts';
import { formatDuration } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import { AUTOMATIC, type CanaryStep, type KillRecord } from '../model/kill.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import { last } from '../stats/series.ts';
import { isStopped } from './actions.ts';
import { judgeCanary } from './canary.ts';

export interface KillWatchInput {
  readonly now: EpochMs;
  readonly window: Window;
  readonly baselines: Baselines;
  /** Kills that are not restored. */
  readonly kills: readonly KillRecord[];
  /** Incidents that those belong to, by id. */
  readonly incidents: ReadonlyMap<string, Incident>;
  readonly config: Config;
}

export interface KillWatch {
  readonly steps: readonly CanaryStep[];
  readonly alerts: readonly Alert[];
  readonly decisions: readonly Decision[];
}

/** What is to be done about functions that are stopped, and told. Pure, as the tick is: a repeat decides the same. */
export function watchKills(input: KillWatchInput): KillWatch {
  const judged = input.kills.flatMap((record) => {
    const step = canaryOf(record, input);
    return step === null ? [] : [step];
  });
  return {
    steps: judged.flatMap(({ step }) => step ?? []),
    alerts: input.kills.flatMap((record) => expiring(record, input)),
    decisions: judged.map(({ decision }) => decision),
  };
}

/** Says of what is quiet because its function is stopped that this is why: nobody should take it for repaired. */
export function namingStopped(alerts: readonly Alert[], kills: readonly KillRecord[]): readonly Alert[] {
  return alerts.map((alert) => {
    const { incident } = alert;
    const kill = kills.find(
      ({ state, functionName }) => state === 'killed' && functionName === incident.functionName,
    );
    return alert.transition === 'resolved' && kill !== undefined
      ? { ...alert, reason: 'quiet-while-stopped', incident: withPulledLever(incident, kill) }
      : alert;
  });
}

/** The incident with the lever that was pulled in place of the advised one, which changes once there is nothing left to pull. */
export function withPulledLever(incident: Incident, { lever }: Pick<KillRecord, 'lever'>): Incident {
  return { ...incident, recommendation: { ...incident.recommendation, lever } };
}

interface Judged {
  readonly step: CanaryStep | null;
  readonly decision: Decision;
}

function canaryOf(record: KillRecord, input: KillWatchInput): Judged | null {
  if (record.state === 'canary') return watched(record, input);
  if (isUnfinished(record, input)) {
    return judged(
      record,
      'stop',
      'kill-cut-off',
      'stopping it was cut off before that was on record: it is finished',
    );
  }
  if (isCutOff(record)) {
    return judged(record, 'finish', 'canary-passed', 'putting it back whole was cut off: it is finished');
  }
  const dueAt = canaryDueAt(record, input.config);
  if (dueAt === null || input.now < dueAt) return null;
  const stoppedMs = input.now - (record.killedAt ?? record.recordedAt);
  const detail = `stopped for ${formatDuration(stoppedMs)}: its restore is tried out`;
  return judged(record, 'start', 'canary-due', detail);
}

/**
 * Whoever stopped it died between the action and its record: nothing runs any more that would have the tick ask for the kill
 * again, and nobody was told.
 */
function isUnfinished({ state, requestedBy, functionName }: KillRecord, { window }: KillWatchInput): boolean {
  const fn = window.inventory.functions.find(({ name }) => name === functionName);
  return state === 'recorded' && requestedBy === AUTOMATIC && fn !== undefined && isStopped(fn);
}

/** A canary of its own had passed, and whoever put everything back died amid that. */
function isCutOff({ state, requestedBy, canary }: KillRecord): boolean {
  return state === 'restoring' && requestedBy === AUTOMATIC && canary?.startedAt != null;
}

/**
 * When firebreak tries the restore of an automatic kill out by itself; `null`: never. Each try that failed doubles the wait,
 * and after some of them a person has to look.
 */
export function canaryDueAt(record: KillRecord, { kill }: Config): EpochMs | null {
  const failures = record.canary?.failures ?? 0;
  // Begun and cut off, it is due at once.
  const isDue = record.state === 'killed' || record.state === 'canary-starting';
  if (!isDue || record.killedAt === null || record.requestedBy !== AUTOMATIC) return null;
  if (kill.mode !== 'auto' || kill.freeze || !kill.canary || failures >= kill.maximumCanaries) return null;
  return record.killedAt + kill.cooldownMinutes * MINUTE_MS * 2 ** failures;
}

function watched(record: KillRecord, input: KillWatchInput): Judged {
  const { kind, detail } = judgeCanary(record, input);
  switch (kind) {
    case 'failed':
      return judged(record, 'stop', 'canary-failed', detail);
    case 'passed':
      return judged(record, 'finish', 'canary-passed', detail);
    case 'watching':
    case 'unseen':
      return { step: null, decision: decisionOf(record, 'hold', 'canary-watched', detail) };
  }
}

const OUTCOMES = { start: 'restore', finish: 'restore', stop: 'kill' } as const;

function judged(
  record: KillRecord,
  act: CanaryStep['act'],
  reason: Decision['reason'],
  detail: string,
): Judged {
  const { functionName, id: killId } = record;
  return {
    step: { functionName, killId, act, reason: detail },
    decision: decisionOf(record, OUTCOMES[act], reason, `${functionName}: ${detail}`),
  };
}

function decisionOf(
  record: KillRecord,
  outcome: Decision['outcome'],
  reason: Decision['reason'],
  detail: string,
): Decision {
  return { incidentId: record.incidentId ?? record.id, outcome, reason, detail };
}

/** Messages of a stopped function are told of twice before they expire: a day ahead, and once more some hours ahead. */
const WARNINGS = [
  { name: 'day', aheadMs: 24 * HOUR_MS, shareOfRetention: 1 / 2 },
  { name: 'hours', aheadMs: 4 * HOUR_MS, shareOfRetention: 1 / 8 },
] as const;

/** An alert for each warning that is due. It has the same key at every tick, so it is sent once. */
function expiring(record: KillRecord, { now, window, incidents }: KillWatchInput): readonly Alert[] {
  const incident = record.incidentId === null ? undefined : incidents.get(record.incidentId);
  if (incident === undefined || record.state === 'canary' || record.killedAt === null) return [];
  const first = firstExpiry(record, window, now);
  if (first === null) return [];
  const due = WARNINGS.findLast(
    ({ aheadMs, shareOfRetention }) =>
      first.expiresAt - now <= Math.min(aheadMs, first.retentionMs * shareOfRetention),
  );
  if (due === undefined) return [];
  const loss = { lost: 0, lostPerHour: 0, ...incident.loss, expiresAt: first.expiresAt };
  return [
    {
      key: `${incident.id}#expiring#${due.name}#${Math.floor(record.killedAt / SECOND_MS)}`,
      transition: 'expiring',
      reason: 'messages-will-expire',
      at: now,
      incident: { ...incident, loss },
      account: record.account,
      region: record.region,
    },
  ];
}

/**
 * When the oldest message that waits behind a stopped mapping expires; `null`: none waits, or nothing is known of the queue.
 * Where its age is not readable it is taken to have come when the function was stopped.
 */
function firstExpiry(
  record: KillRecord,
  window: Window,
  now: EpochMs,
): { readonly expiresAt: EpochMs; readonly retentionMs: number } | null {
  const waiting = record.steps.flatMap((step) => {
    if (step.kind !== 'disable-event-source' || !step.priorEnabled) return [];
    const queue = window.inventory.queues.find(({ name }) => name === step.source);
    const depth = window.depths.get(step.source);
    if (queue === undefined || depth === undefined || depth.visible + depth.notVisible === 0) return [];
    const ageMs = last(window.queues.get(step.source)?.ageOfOldestSeconds) * SECOND_MS;
    const since = now - (record.killedAt ?? now);
    const oldestMs = Number.isNaN(ageMs) ? since : Math.max(ageMs, since);
    const retentionMs = queue.messageRetentionSeconds * SECOND_MS;
    return [{ expiresAt: now - oldestMs + retentionMs, retentionMs }];
  });
  return waiting.sort((a, b) => a.expiresAt - b.expiresAt)[0] ?? null;
}
