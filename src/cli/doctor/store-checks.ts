import type { Alert } from '../../model/alert.ts';
import type { Baselines } from '../../model/baseline.ts';
import { UnavailableError } from '../../model/errors.ts';
import { formatCountOf, formatDuration } from '../../model/format.ts';
import type { KillRecord } from '../../model/kill.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../model/time.ts';
import { surveyHours } from '../../run/survey-due.ts';
import type { Store, TickNote } from '../../store/store.ts';
import { TICK_AGE_MAX_MS } from '../tick-age.ts';
import { when } from '../when.ts';
import { type Check, failure, notChecked, ok, warning } from './check.ts';

/** A survey that is an hour late has failed. */
const SURVEY_LATE_MS = HOUR_MS;

interface Looked {
  readonly store: Store;
  readonly place: string;
  /** Whether a deployed stack writes there; a folder is `firebreak watch`'s own. */
  readonly isDeployed: boolean;
  /** Functions that exist now; `null`: they could not be listed. */
  readonly functionCount: number | null;
  readonly now: EpochMs;
}

/** Whether somebody is looking, at what, and with which history. */
export async function storeChecks(looked: Looked): Promise<readonly Check[]> {
  const { store, place, now, isDeployed } = looked;
  try {
    const [tick, baselines] = [await store.lastTick(), await store.baselines()];
    const beat = tickCheck(tick, looked);
    const halfDone = halfDoneChecks(await store.kills(), now);
    if (beat.state !== 'ok' || tick === null) return [beat, ...halfDone];
    return [
      beat,
      ...gapChecks(tick),
      ...inventoryChecks(tick, looked),
      baselineCheck(baselines, { now, isDeployed }),
      ...outboxChecks(await store.outbox(), now),
      ...halfDone,
    ];
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const fix = `check the name, the region, and that these credentials may read ${place}`;
    return [failure('store', error.message, fix)];
  }
}

function tickCheck(tick: TickNote | null, { now, isDeployed, place }: Looked): Check {
  const id = 'tick';
  if (!isDeployed) {
    const fix = 'for a deployed stack: --store dynamodb:TABLE, its output TableName';
    if (tick !== null && now - tick.at <= TICK_AGE_MAX_MS) {
      return ok(id, `tick: firebreak watch looked ${when(tick.at, now)}`);
    }
    const last = tick === null ? '' : `; firebreak watch last looked ${when(tick.at, now)}`;
    return notChecked(id, `tick: no deployed stack was named${last}`, fix);
  }
  const fix =
    'look at the log of the tick function and at the dead-man alarm (docs/operations.md, docs/deployment.md)';
  if (tick === null) {
    return failure(
      id,
      `tick: none is recorded in ${place}: the deployed monitor has not looked once yet`,
      fix,
    );
  }
  if (now - tick.at > TICK_AGE_MAX_MS) {
    return failure(id, `tick: the last was ${when(tick.at, now)}: nobody is looking`, fix);
  }
  return ok(id, `tick: the last was ${when(tick.at, now)}`);
}

function gapChecks({ gaps }: TickNote): readonly Check[] {
  if (gaps.length === 0) return [ok('gaps', 'the last tick could read everything')];
  return gaps.map(({ resource, operation, reason }) =>
    warning(
      'gaps',
      `the last tick could not read ${resource}: ${operation}: ${reason}`,
      'docs/permissions.md says what each call is for',
    ),
  );
}

/** Lists are read every five minutes: a difference that stays means that they are not. */
function inventoryChecks(tick: TickNote, { functionCount }: Looked): readonly Check[] {
  if (functionCount === null) return [];
  if (tick.functions === functionCount) {
    return [
      ok('inventory', `inventory: ${formatCountOf(functionCount, 'function')}, as the last tick has it`),
    ];
  }
  const found = `inventory: the last tick knew ${formatCountOf(tick.functions, 'function')}, there are ${functionCount}`;
  const fix = 'lists are read every five minutes: look again then; if it stays, lambda:ListFunctions fails';
  return [warning('inventory', found, fix)];
}

function baselineCheck(
  baselines: Baselines | null,
  { now, isDeployed }: { readonly now: EpochMs; readonly isDeployed: boolean },
): Check {
  const id = 'baselines';
  const fix = isDeployed
    ? 'look at the log of the survey function: it learns what is normal'
    : 'firebreak watch learns anew at its next look';
  if (baselines === null) return warning(id, 'baselines: none; detectors go by the last three hours', fix);
  const { functions, queues, builtAt } = baselines;
  const found = `baselines: of ${formatCountOf(functions.size, 'function')} and ${formatCountOf(queues.size, 'queue')}, learnt ${when(builtAt, now)}`;
  const ageMaxMs = surveyHours(baselines) * HOUR_MS + SURVEY_LATE_MS;
  if (now - builtAt <= ageMaxMs) return ok(id, found);
  return warning(id, `${found}: due every ${formatDuration(ageMaxMs - SURVEY_LATE_MS)}`, fix);
}

/** An alert is sent by the tick that decides it, or by the next. */
const WAITING_MAX_MS = 5 * MINUTE_MS;

function outboxChecks(outbox: readonly Alert[], now: EpochMs): readonly Check[] {
  const waiting = outbox.filter(({ at }) => now - at > WAITING_MAX_MS);
  const oldestAt = Math.min(...waiting.map(({ at }) => at));
  if (waiting.length === 0) return [ok('outbox', 'alerts: none waits to be delivered')];
  const found = `alerts: ${formatCountOf(waiting.length, 'alert')} not delivered everywhere, the oldest of ${when(oldestAt, now)}`;
  return [failure('outbox', found, 'a channel fails: firebreak test-alert says which, and why')];
}

/** Stopping and restoring take a minute; what takes longer was cut short. */
const ACT_MAX_MS = 10 * MINUTE_MS;

function halfDoneChecks(kills: readonly KillRecord[], now: EpochMs): readonly Check[] {
  return kills.flatMap(({ functionName, state, recordedAt }) => {
    const command = state === 'recorded' ? 'kill' : state === 'restoring' ? 'restore' : null;
    if (command === null || now - recordedAt <= ACT_MAX_MS) return [];
    const found = `kill switch: ${functionName} is half done since ${when(recordedAt, now)}`;
    return [warning('half-done', found, `finish it: firebreak ${command} ${functionName}`)];
  });
}
