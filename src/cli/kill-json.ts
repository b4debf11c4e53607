import type { KillPlan, KillRecord, KillStep } from '../model/kill.ts';
import { SECOND_MS, toIso, toIsoOrNull } from '../model/time.ts';
import type { RestoreStep } from '../respond/kill/restore.ts';
import { priorValue, settingName } from '../respond/kill/settings.ts';

/** A setting in JSON. `prior`: `true`/`false` for a mapping; a number, or `null` for none, for concurrency. */
function stepJson(step: KillStep) {
  return step.kind === 'reserved-concurrency-zero'
    ? { kind: step.kind, prior: step.priorReservedConcurrency }
    : { kind: step.kind, eventSourceId: step.eventSourceId, source: step.source, prior: priorValue(step) };
}

export function recordJson(record: KillRecord) {
  return {
    id: record.id,
    function: record.functionName,
    account: record.account,
    region: record.region,
    state: record.state,
    lever: record.lever,
    steps: record.steps.map(stepJson),
    incident: record.incidentId,
    requestedBy: record.requestedBy,
    reason: record.reason,
    recordedAt: toIso(record.recordedAt),
    killedAt: toIsoOrNull(record.killedAt),
    restoredAt: toIsoOrNull(record.restoredAt),
    canary:
      record.canary === undefined
        ? null
        : {
            startedAt: toIsoOrNull(record.canary.startedAt),
            watchUntilAt: toIsoOrNull(record.canary.watchUntilAt),
            failures: record.canary.failures,
          },
  };
}

export function planJson(plan: KillPlan) {
  return {
    function: plan.functionName,
    account: plan.account,
    region: plan.region,
    lever: plan.lever,
    steps: plan.steps.map(stepJson),
    consequences: plan.consequences,
    forecasts: plan.forecasts.map(({ withinMs, ...forecast }) => ({
      ...forecast,
      withinSeconds: withinMs === null ? null : withinMs / SECOND_MS,
    })),
    refusals: plan.refusals,
  };
}

export function restoreStepJson({ step, reading, verdict }: RestoreStep) {
  const now = reading.kind === 'value' ? reading.value : undefined;
  return { ...stepJson(step), setting: settingName(step), now, verdict };
}
