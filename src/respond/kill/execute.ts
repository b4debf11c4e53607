import { RefusedError, UnavailableError } from '../../model/errors.ts';
import type { KillPlan, KillRecord, KillStep } from '../../model/kill.ts';
import { withAdvice } from './advice.ts';
import { converge, readKnown, request } from './converge.ts';
import { ATTEMPTS_MAX, isSameRevision, type KillDeps } from './deps.ts';
import { checkPlace, extendedRecord, isReadBack, type KillCause, mergeSteps, newRecord } from './record.ts';
import {
  inRestoreOrder,
  isChange,
  keyOf,
  killedValue,
  priorValue,
  type SettingReading,
  stops,
} from './settings.ts';

export interface KillOutcome {
  /** `already-killed`: everything was stopped before, and still is. */
  readonly kind: 'killed' | 'already-killed';
  readonly record: KillRecord;
}

/**
 * Carries out a plan: reads what every setting is, writes that into the store and reads it back, only then changes
 * anything, and is done when AWS gives the new values back. Whatever fails on the way leaves a record from which the same
 * command goes on, and `executeRestore` undoes.
 *
 * @throws RefusedError when the plan is refused, or somebody restores the function meanwhile.
 * @throws UnavailableError when AWS or the store fail; says what to run next.
 */
export async function executeKill(plan: KillPlan, cause: KillCause, deps: KillDeps): Promise<KillOutcome> {
  if (plan.refusals.length > 0) throw new RefusedError(plan.refusals.join('; '));
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const prepared = await prepare(plan, cause, deps);
    if (prepared === null) continue;
    if (prepared.kind === 'already-killed') return prepared;
    const killed = await withAdvice(
      `${plan.functionName} may be half stopped: run the same command again to finish, or firebreak restore ${plan.functionName} to undo`,
      () => stop(prepared.record, deps),
    );
    if (killed !== null) return { kind: 'killed', record: killed };
  }
  throw new UnavailableError(
    `others keep changing the kill record of ${plan.functionName}: see firebreak status, then try again`,
  );
}

/** Writes what must be known to undo it. `null`: somebody else was faster; look again. */
async function prepare(
  plan: KillPlan,
  cause: KillCause,
  deps: KillDeps,
): Promise<KillOutcome | { readonly kind: 'recorded'; readonly record: KillRecord } | null> {
  const { functionName } = plan;
  const open = await deps.store.openKill(functionName);
  if (open !== null) checkPlace(open, plan);
  const recorded = open?.steps ?? [];
  const readings = await readAll([...recorded, ...plan.steps], functionName, deps);
  const steps = mergeSteps(recorded, plan.steps, readings);
  if (steps.length === 0) {
    throw new RefusedError(`nothing is left to stop: ${functionName} or its event source mappings are gone`);
  }
  const isSameAsBefore = JSON.stringify(steps) === JSON.stringify(recorded);

  if (
    open?.state === 'killed' &&
    isSameAsBefore &&
    steps.filter(stops).every((step) => isStopped(step, readings))
  ) {
    return { kind: 'already-killed', record: open };
  }
  const record = await write(open, isSameAsBefore);
  if (record === null || !(await isReadBack(record, deps))) return null;
  return { kind: 'recorded', record };

  async function write(before: KillRecord | null, isUnchanged: boolean): Promise<KillRecord | null> {
    if (before === null) {
      const created = newRecord(plan, steps, cause, deps.now());
      return (await deps.store.createKill(created)) ? created : null;
    }
    if (before.state === 'recorded' && isUnchanged) return before;
    const extended = extendedRecord(before, steps, cause);
    return (await deps.store.updateKill(extended)) ? extended : null;
  }
}

/** Stops everything in the record. `null`: another kill took the record over; look again. */
async function stop(record: KillRecord, deps: KillDeps): Promise<KillRecord | null> {
  const { functionName, steps } = record;
  const isOurs = async () => isSameRevision(await deps.store.openKill(functionName), record);
  const goals = steps.filter(stops).map((step) => ({ functionName, step, want: killedValue(step), isOurs }));
  // First ask for everything, then wait: what is asked for first stops burning first.
  for (const drive of [request, converge]) {
    for (const goal of goals) {
      if ((await drive(goal, deps)) === 'not-ours') return yieldTo(record, deps);
    }
  }
  const killed: KillRecord = {
    ...record,
    revision: record.revision + 1,
    state: 'killed',
    killedAt: deps.now(),
  };
  return (await deps.store.updateKill(killed)) ? killed : yieldTo(record, deps);
}

/** Somebody else changed the record while we worked on it. The later command wins: a restore is helped to its end. */
async function yieldTo(record: KillRecord, deps: KillDeps): Promise<null> {
  const { functionName } = record;
  const stored = await deps.store.openKill(functionName);
  if (stored !== null && stored.state !== 'restoring') return null;
  for (const step of inRestoreOrder(record.steps)) {
    const reading = await readKnown(step, functionName, deps);
    if (!isChange(step) || reading.kind !== 'value' || reading.value !== killedValue(step)) continue;
    await converge({ functionName, step, want: priorValue(step) }, deps);
  }
  throw new RefusedError(
    `somebody restored ${functionName} while it was being stopped: what this command changed is put back`,
  );
}

async function readAll(
  steps: readonly KillStep[],
  functionName: string,
  deps: KillDeps,
): Promise<ReadonlyMap<string, SettingReading>> {
  const readings = new Map<string, SettingReading>();
  for (const step of steps) {
    if (!readings.has(keyOf(step))) readings.set(keyOf(step), await readKnown(step, functionName, deps));
  }
  return readings;
}

function isStopped(step: KillStep, readings: ReadonlyMap<string, SettingReading>): boolean {
  const reading = readings.get(keyOf(step));
  return (
    reading?.kind === 'gone' ||
    (reading?.kind === 'value' && reading.value === killedValue(step) && reading.isSettled)
  );
}
