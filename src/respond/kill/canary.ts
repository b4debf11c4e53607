import { RefusedError, UnavailableError } from '../../model/errors.ts';
import { CANARY_CONCURRENCY, type KillRecord, type KillStep } from '../../model/kill.ts';
import { withAdvice } from './advice.ts';
import { converge, readKnown } from './converge.ts';
import { ATTEMPTS_MAX, isSameRevision, type KillDeps } from './deps.ts';
import { checkPlace, isReadBack } from './record.ts';
import { type OnDrift, type RestoreStep, refuseDrift, verdictOf } from './restore.ts';
import {
  inRestoreOrder,
  isChange,
  keyOf,
  killedValue,
  priorValue,
  type SettingReading,
  type SettingValue,
  settingName,
  stops,
  withPrior,
} from './settings.ts';

export interface CanaryPlan {
  readonly record: KillRecord;
  /** What is put back or limited, in this order. */
  readonly steps: readonly RestoreStep[];
  /** What stays stopped until everything comes back: it cannot be limited. */
  readonly left: readonly KillStep[];
  /** Why a restore cannot be tried out; `null`: it can. */
  readonly refusal: string | null;
}

export interface CanaryRequest {
  readonly functionName: string;
  readonly account: string;
  readonly region: string;
  readonly onDrift: OnDrift;
  /** How long it is to be watched before everything is put back. */
  readonly watchMs: number;
}

export interface CanaryOutcome {
  /** `running`: it was begun before. `not-killed`: there is no open kill. */
  readonly kind: 'started' | 'running' | 'not-killed';
  readonly record: KillRecord | null;
}

/**
 * How a restore would be tried out now; `null`: the function has no open kill. Every queue mapping that the kill disabled
 * comes back limited to two copies; what knows no such limit (streams, provisioned pollers) stays stopped. Changes nothing.
 */
export async function planCanary(
  where: Pick<CanaryRequest, 'functionName' | 'account' | 'region'>,
  deps: KillDeps,
): Promise<CanaryPlan | null> {
  const { functionName } = where;
  const record = await deps.store.openKill(functionName);
  if (record === null) return null;
  checkPlace(record, where);
  const { steps, left } = await stepsOf(record, deps);
  const readings: RestoreStep[] = [];
  for (const step of inRestoreOrder(steps)) {
    const reading = await readKnown(step, functionName, deps);
    readings.push({ step, reading, verdict: verdictOf(step, reading) });
  }
  return { record, steps: readings, left, refusal: refusalOf(record, readings, left) };
}

async function stepsOf(
  { functionName, steps }: KillRecord,
  deps: KillDeps,
): Promise<{ readonly steps: readonly KillStep[]; readonly left: readonly KillStep[] }> {
  const recorded = new Map(steps.map((step) => [keyOf(step), step]));
  const chosen: KillStep[] = steps.filter(({ kind }) => kind === 'reserved-concurrency-zero');
  const left: KillStep[] = [];
  for (const step of steps) {
    if (step.kind !== 'disable-event-source' || !isChange(step)) continue;
    const { eventSourceId, source } = step;
    const limit: KillStep = {
      kind: 'limit-event-source',
      eventSourceId,
      source,
      priorMaximumConcurrency: null,
    };
    const reading = await readKnown(limit, functionName, deps);
    if (reading.kind === 'gone') continue;
    if (reading.canBeLimited)
      chosen.push(recorded.get(keyOf(limit)) ?? withPrior(limit, reading.value), step);
    else left.push(step);
  }
  return { steps: chosen, left };
}

function refusalOf(
  { functionName, state }: KillRecord,
  readings: readonly RestoreStep[],
  left: readonly KillStep[],
): string | null {
  const steps = readings.map(({ step }) => step);
  const mappings = readings.filter(({ step }) => step.kind === 'disable-event-source');
  if (state === 'recorded') {
    return `stopping ${functionName} is half done: run firebreak kill ${functionName} to finish it first`;
  }
  if (state === 'restoring') {
    return `restoring ${functionName} has begun: run firebreak restore ${functionName} to finish it`;
  }
  if (!steps.some(({ kind }) => kind === 'limit-event-source')) {
    const why =
      left.length === 0
        ? 'no event source mapping was disabled'
        : `${left.map(settingName).join(', ')} cannot be limited (a stream, or provisioned pollers)`;
    return `a restore of ${functionName} cannot be tried out with ${CANARY_CONCURRENCY} copies: ${why}. Restore it without --canary`;
  }
  if (state === 'killed' && mappings.every(({ verdict }) => verdict === 'already-back')) {
    return `${functionName} runs again already: somebody put it back, a deployment perhaps. firebreak restore ${functionName} puts the rest back`;
  }
  if (steps.some((step) => step.kind === 'reserved-concurrency-zero' && priorValue(step) === 0)) {
    return `${functionName} had a reserved concurrency of 0 before the kill: nothing would run`;
  }
  return null;
}

/**
 * Lets the function run again with two copies of it for each queue, and says in the record until when it is to be watched.
 * The limit is set before anything is polled. Cut off at any point, the same command goes on, `executeRestore` puts
 * everything back and `executeKill` stops it again.
 *
 * @throws RefusedError when it cannot be tried out, when a setting was changed since the kill, or somebody kills or restores.
 * @throws UnavailableError when AWS or the store fail; says what to run next.
 */
export async function startCanary(request: CanaryRequest, deps: KillDeps): Promise<CanaryOutcome> {
  const { functionName } = request;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const plan = await planCanary(request, deps);
    if (plan === null) return { kind: 'not-killed', record: null };
    if (plan.record.state === 'canary') return { kind: 'running', record: plan.record };
    if (plan.refusal !== null) throw new RefusedError(plan.refusal);
    refuseDrift(plan, request.onDrift);
    const record = await markStarting(plan, deps);
    if (record === null) continue;
    const started = await withAdvice(
      `${functionName} may be half restored: run firebreak restore ${functionName} --canary again to go on, or firebreak kill ${functionName} to stop it`,
      () => run({ ...plan, record }, request, deps),
    );
    if (started !== null) return { kind: 'started', record: started };
  }
  throw new UnavailableError(
    `others keep changing ${functionName} or its kill record: see firebreak status, then try again`,
  );
}

/** `null`: somebody else changed the record; look again. */
async function markStarting({ record, steps }: CanaryPlan, deps: KillDeps): Promise<KillRecord | null> {
  const known = new Set(record.steps.map(keyOf));
  const added = steps.map(({ step }) => step).filter((step) => !known.has(keyOf(step)));
  if (record.state === 'canary-starting' && added.length === 0) return record;
  const starting: KillRecord = {
    ...record,
    revision: record.revision + 1,
    state: 'canary-starting',
    steps: [...record.steps, ...added],
    canary: { startedAt: null, watchUntilAt: null, failures: record.canary?.failures ?? 0 },
  };
  if (!(await deps.store.updateKill(starting))) return null;
  return (await isReadBack(starting, deps)) ? starting : null;
}

/** What a setting becomes while the restore is tried out. */
function canaryValue(step: KillStep): SettingValue {
  return stops(step) ? priorValue(step) : killedValue(step);
}

/** `null`: another canary took the record over; look again. */
async function run(
  { record, steps }: CanaryPlan,
  { onDrift, watchMs }: CanaryRequest,
  deps: KillDeps,
): Promise<KillRecord | null> {
  const { functionName } = record;
  const isOurs = async () => isSameRevision(await deps.store.openKill(functionName), record);
  const wanted = steps.filter(
    ({ verdict }) => verdict !== 'gone' && (verdict !== 'drifted' || onDrift === 'overwrite'),
  );
  for (const { step } of wanted) {
    const goal = { functionName, step, want: canaryValue(step), isOurs };
    if ((await converge(goal, deps)) === 'not-ours') return yieldTo(record, wanted, deps);
  }
  const now = deps.now();
  const running: KillRecord = {
    ...record,
    revision: record.revision + 1,
    state: 'canary',
    canary: {
      startedAt: now,
      watchUntilAt: now + watchMs,
      failures: record.canary?.failures ?? 0,
    },
  };
  return (await deps.store.updateKill(running)) ? running : yieldTo(record, wanted, deps);
}

/** Somebody else changed the record while we worked on it. The later command wins, and is helped to its end. */
async function yieldTo(record: KillRecord, touched: readonly RestoreStep[], deps: KillDeps): Promise<null> {
  const { functionName } = record;
  const stored = await deps.store.openKill(functionName);
  if (stored?.state === 'canary-starting' || stored?.state === 'canary') return null;
  const isRestored = stored === null || stored.state === 'restoring';
  for (const { step } of touched) {
    const reading = await readKnown(step, functionName, deps);
    if (!isChange(step) || !isSetByUs(step, reading)) continue;
    if (isRestored && !stops(step)) await converge({ functionName, step, want: priorValue(step) }, deps);
    if (!isRestored && stops(step)) await converge({ functionName, step, want: killedValue(step) }, deps);
  }
  throw new RefusedError(
    isRestored
      ? `somebody restored ${functionName} meanwhile: there is nothing left to try out`
      : `somebody stopped ${functionName} while its restore was being tried out: it stays stopped; see firebreak status`,
  );
}

function isSetByUs(step: KillStep, reading: SettingReading): boolean {
  return reading.kind === 'value' && reading.value === canaryValue(step);
}
