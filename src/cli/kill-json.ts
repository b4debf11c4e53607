import type { KillPlan, KillRecord, KillStep } from '../model/kill.ts';
import { toIso, toIsoOrNull } from '../model/time.ts';
import type { RestoreStep } from '../respond/kill/restore.ts';
import { settingName } from '../respond/kill/settings.ts';

/** A setting in JSON. `prior`: `true`/`false` for a mapping; a number, or `null` for no reservation, for concurrency. */
function stepJson(step: KillStep) {
  return step.kind === 'disable-event-source'
    ? { kind: step.kind, eventSourceId: step.eventSourceId, source: step.source, prior: step.priorEnabled }
    : { kind: step.kind, prior: step.priorReservedConcurrency };
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
    refusals: plan.refusals,
  };
}

export function restoreStepJson({ step, reading, verdict }: RestoreStep) {
  const now = reading.kind === 'value' ? reading.value : undefined;
  return { ...stepJson(step), setting: settingName(step), now, verdict };
}
