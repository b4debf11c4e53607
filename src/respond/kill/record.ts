import { RefusedError, UnavailableError } from '../../model/errors.ts';
import type { KillPlan, KillRecord, KillStep } from '../../model/kill.ts';
import type { EpochMs } from '../../model/time.ts';
import { isSameRevision, type KillDeps } from './deps.ts';
import { keyOf, killedValue, type SettingReading, withPrior } from './settings.ts';

/** Who asks for a kill, and why. */
export interface KillCause {
  readonly requestedBy: string;
  readonly reason: string;
  readonly incidentId: string | null;
}

const REASON_LENGTH_MAX = 500;

/**
 * The settings to stop, each with the value to put back. A setting that an earlier kill recorded keeps what was recorded
 * then, as long as it still is what that kill made of it; where somebody changed it since, what they set is the new prior.
 */
export function mergeSteps(
  recorded: readonly KillStep[],
  planned: readonly KillStep[],
  readings: ReadonlyMap<string, SettingReading>,
): readonly KillStep[] {
  const known = new Set(recorded.map(keyOf));
  const added = planned.filter((step) => !known.has(keyOf(step)));
  return [
    ...recorded.map((step) => {
      const reading = readings.get(keyOf(step));
      if (reading?.kind !== 'value' || reading.value === killedValue(step)) return step;
      return withPrior(step, reading.value);
    }),
    ...added.flatMap((step) => {
      const reading = readings.get(keyOf(step));
      return reading?.kind === 'value' ? [withPrior(step, reading.value)] : [];
    }),
  ];
}

export function newRecord(
  plan: KillPlan,
  steps: readonly KillStep[],
  cause: KillCause,
  now: EpochMs,
): KillRecord {
  return {
    id: `kill-${plan.functionName}-${compactUtc(now)}`,
    revision: 1,
    functionName: plan.functionName,
    account: plan.account,
    region: plan.region,
    state: 'recorded',
    lever: leverOf(steps),
    steps,
    incidentId: cause.incidentId,
    requestedBy: cause.requestedBy,
    reason: cause.reason.slice(0, REASON_LENGTH_MAX),
    recordedAt: now,
    killedAt: null,
    restoredAt: null,
  };
}

/**
 * The record of a function that is stopped again, or harder: what it was before the first kill stays in it. A restore that
 * was being tried out has failed.
 */
export function extendedRecord(open: KillRecord, steps: readonly KillStep[], cause: KillCause): KillRecord {
  const again = `${open.reason}; ${cause.requestedBy}: ${cause.reason}`;
  const isTold = open.reason.includes(cause.reason);
  const wasTriedOut = open.state === 'canary' || open.state === 'canary-starting';
  return {
    ...open,
    revision: open.revision + 1,
    state: 'recorded',
    lever: leverOf(steps),
    steps,
    incidentId: open.incidentId ?? cause.incidentId,
    reason: isTold ? open.reason : again.slice(0, REASON_LENGTH_MAX),
    ...(open.canary === undefined
      ? {}
      : {
          canary: {
            startedAt: null,
            watchUntilAt: null,
            failures: open.canary.failures + Number(wasTriedOut),
          },
        }),
  };
}

/** `false`: somebody else changed the record in between; nothing may be done on ours. */
export async function isReadBack(record: KillRecord, deps: KillDeps): Promise<boolean> {
  const stored = await deps.store.openKill(record.functionName);
  if (!isSameRevision(stored, record)) return false;
  if (JSON.stringify(stored.steps) !== JSON.stringify(record.steps)) {
    throw new UnavailableError(
      `the store gives back another kill record of ${record.functionName} than was written: nothing was changed`,
    );
  }
  return true;
}

/** @throws RefusedError for a record of another account or region, which a shared store may hold. */
export function checkPlace(
  record: KillRecord,
  { account, region }: { readonly account: string; readonly region: string },
): void {
  if (record.account === account && record.region === region) return;
  throw new RefusedError(
    `${record.functionName} was stopped in account ${record.account}, ${record.region}, not in ${account}, ${region}: ` +
      'choose it with --profile and --region',
  );
}

function leverOf(steps: readonly KillStep[]): KillRecord['lever'] {
  if (steps.some(({ kind }) => kind === 'reserved-concurrency-zero')) return 'reserved-concurrency-zero';
  return steps.length === 0 ? 'none' : 'disable-event-source';
}

/** `20261101T041200123Z`: in file names and keys, unique for a function. */
function compactUtc(at: EpochMs): string {
  return new Date(at).toISOString().replace(/[-:.]/g, '');
}
