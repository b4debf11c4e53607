import { RefusedError, UnavailableError } from '../../model/errors.ts';
import type { KillRecord, KillStep } from '../../model/kill.ts';
import { withAdvice } from './advice.ts';
import { converge, readKnown } from './converge.ts';
import { ATTEMPTS_MAX, isSameRevision, type KillDeps } from './deps.ts';
import { checkPlace, isReadBack } from './record.ts';
import {
  inRestoreOrder,
  isChange,
  killedValue,
  priorValue,
  type SettingReading,
  settingName,
  stops,
  valueText,
} from './settings.ts';

/** What restoring means for one setting. */
type RestoreVerdict =
  /** It is what the kill made of it: put back. */
  | 'put-back'
  /** It is what it was before the kill. */
  | 'already-back'
  /** Somebody changed it since: it is neither. */
  | 'drifted'
  /** The kill never changed it, so it is not ours to touch. */
  | 'not-ours'
  /** The mapping or function does not exist any more. */
  | 'gone';

export interface RestoreStep {
  readonly step: KillStep;
  readonly reading: SettingReading;
  readonly verdict: RestoreVerdict;
}

export interface RestorePlan {
  readonly record: KillRecord;
  /** In the order in which they are put back. */
  readonly steps: readonly RestoreStep[];
}

/** What becomes of a setting that somebody changed since the kill. */
export type OnDrift = 'refuse' | 'overwrite' | 'keep';

export interface RestoreRequest {
  readonly functionName: string;
  readonly account: string;
  readonly region: string;
  readonly onDrift: OnDrift;
}

export interface RestoreOutcome {
  /** `not-killed`: there is no open kill; `record` is the last one, if there ever was one. */
  readonly kind: 'restored' | 'not-killed';
  readonly record: KillRecord | null;
  readonly steps: readonly RestoreStep[];
}

/** What a restore would do now; `null`: the function has no open kill. Changes nothing. */
export async function planRestore(
  where: Omit<RestoreRequest, 'onDrift'>,
  deps: KillDeps,
): Promise<RestorePlan | null> {
  const record = await deps.store.openKill(where.functionName);
  if (record === null) return null;
  checkPlace(record, where);
  const steps: RestoreStep[] = [];
  for (const step of inRestoreOrder(record.steps)) {
    const reading = await readKnown(step, where.functionName, deps);
    steps.push({ step, reading, verdict: verdictOf(step, reading) });
  }
  return { record, steps };
}

/**
 * Puts every setting back to what it was before the kill, and is done when AWS gives those values back. Where it is cut off,
 * the same command goes on; where nothing is left to do, it does nothing.
 *
 * @throws RefusedError when a setting was changed since the kill (and `onDrift` is `refuse`), or somebody kills meanwhile.
 * @throws UnavailableError when AWS or the store fail, or a reservation cannot be had any more; says what to run next.
 */
export async function executeRestore(request: RestoreRequest, deps: KillDeps): Promise<RestoreOutcome> {
  const { functionName } = request;
  let first: RestorePlan | null = null;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const plan = await planRestore(request, deps);
    first ??= plan;
    // Another restore finished what this one began; a kill that came after that is not ours to undo.
    if (plan === null || plan.record.id !== first?.record.id) return finished(request, first, deps);
    refuseDrift(plan, request.onDrift);
    const record = await markRestoring(plan.record, deps);
    if (record === null) continue;
    const restored = await withAdvice(
      `${functionName} may be half restored: run firebreak restore ${functionName} again to finish`,
      () => putBack({ ...plan, record }, request, deps),
    );
    if (restored !== null) return { kind: 'restored', record: restored, steps: first.steps };
  }
  throw new UnavailableError(
    `others keep changing ${functionName} or its kill record: see firebreak status, then try again`,
  );
}

async function finished(
  { functionName }: RestoreRequest,
  begun: RestorePlan | null,
  deps: KillDeps,
): Promise<RestoreOutcome> {
  const ofFunction = (await deps.store.kills()).filter((kill) => kill.functionName === functionName);
  if (begun === null) return { kind: 'not-killed', record: ofFunction.at(-1) ?? null, steps: [] };
  const record = ofFunction.find(({ id }) => id === begun.record.id) ?? begun.record;
  return { kind: 'restored', record, steps: begun.steps };
}

export function verdictOf(step: KillStep, reading: SettingReading): RestoreVerdict {
  if (reading.kind !== 'value') return 'gone';
  if (!isChange(step)) return reading.value === priorValue(step) ? 'already-back' : 'not-ours';
  if (reading.value === priorValue(step)) return 'already-back';
  return reading.value === killedValue(step) ? 'put-back' : 'drifted';
}

/** @throws RefusedError that shows what was changed since the kill. */
export function refuseDrift({ record, steps }: RestorePlan, onDrift: OnDrift): void {
  const drifted = steps.filter(({ verdict }) => verdict === 'drifted');
  if (onDrift !== 'refuse' || drifted.length === 0) return;
  throw new RefusedError(
    `${drifted.map((one) => driftText(one)).join('; ')}. Nothing was changed. ` +
      `--force puts back what was before the kill; --keep-changed leaves what is there now and restores the rest of ${record.functionName}`,
  );
}

/** `reserved concurrency was none, the kill set 0, and now it is 5: somebody changed it since`. */
export function driftText({ step, reading }: RestoreStep): string {
  const now = reading.kind === 'value' ? valueText(reading.value) : reading.kind;
  return (
    `${settingName(step)} was ${valueText(priorValue(step))}, the kill made it ${valueText(killedValue(step))}, ` +
    `and now it is ${now}: somebody changed it since`
  );
}

/** `null`: somebody else changed the record; look again. */
async function markRestoring(record: KillRecord, deps: KillDeps): Promise<KillRecord | null> {
  if (record.state === 'restoring') return record;
  const restoring: KillRecord = { ...record, revision: record.revision + 1, state: 'restoring' };
  if (!(await deps.store.updateKill(restoring))) return null;
  return (await isReadBack(restoring, deps)) ? restoring : null;
}

/** `null`: a setting or the record changed under our hands; look again. */
async function putBack(
  { record, steps }: RestorePlan,
  { onDrift }: RestoreRequest,
  deps: KillDeps,
): Promise<KillRecord | null> {
  const { functionName } = record;
  const wanted = steps.filter(
    ({ verdict }) =>
      verdict === 'put-back' ||
      verdict === 'already-back' ||
      (verdict === 'drifted' && onDrift === 'overwrite'),
  );
  const isOurs = async () => isSameRevision(await deps.store.openKill(functionName), record);
  for (const { step } of wanted) {
    const goal = { functionName, step, want: priorValue(step), isOurs };
    if ((await converge(goal, deps)) === 'not-ours') return yieldTo(record, wanted, deps);
  }
  for (const { step } of wanted) {
    const reading = await readKnown(step, functionName, deps);
    if (reading.kind === 'value' && reading.value !== priorValue(step)) return null;
  }
  const restored: KillRecord = {
    ...record,
    revision: record.revision + 1,
    state: 'restored',
    restoredAt: deps.now(),
  };
  return (await deps.store.updateKill(restored)) ? restored : yieldTo(record, wanted, deps);
}

/** Somebody else changed the record while we worked on it. The later command wins: a kill is helped to its end. */
async function yieldTo(record: KillRecord, touched: readonly RestoreStep[], deps: KillDeps): Promise<null> {
  const { functionName } = record;
  const stored = await deps.store.openKill(functionName);
  if (stored === null || stored.state === 'restoring') return null;
  // A canary is not begun amid a restore: it was stopped again, and is tried out by now.
  const isTriedOut = stored.state === 'canary-starting' || stored.state === 'canary';
  for (const { step } of isTriedOut ? [] : [...touched].reverse()) {
    if (!stops(step)) continue;
    const reading = await readKnown(step, functionName, deps);
    if (!isChange(step) || reading.kind !== 'value' || reading.value !== priorValue(step)) continue;
    await converge({ functionName, step, want: killedValue(step) }, deps);
  }
  throw new RefusedError(
    `somebody stopped ${functionName} while it was being restored: it stays stopped; see firebreak status`,
  );
}
