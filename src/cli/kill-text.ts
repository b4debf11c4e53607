import type { KillPlan, KillRecord, KillStep } from '../model/kill.ts';
import { type EpochMs, utcText } from '../model/time.ts';
import { clean } from '../respond/alert/clean.ts';
import type { CanaryPlan } from '../respond/kill/canary.ts';
import type { RestorePlan, RestoreStep } from '../respond/kill/restore.ts';
import { driftText } from '../respond/kill/restore.ts';
import {
  isChange,
  killedValue,
  priorValue,
  settingName,
  stops,
  valueText,
} from '../respond/kill/settings.ts';
import type { Io } from './io.ts';
import { point } from './prose.ts';
import { when } from './when.ts';

/** What a kill is about to do, and what it means. */
export function planText(plan: KillPlan, io: Pick<Io, 'isTty' | 'columns'>): string {
  const changes = plan.steps.filter(isChange);
  return lines([
    `${plan.functionName} (${plan.account}, ${plan.region}): what stopping it changes`,
    ...(changes.length === 0 ? ['  nothing: it is stopped already'] : changes.map(changeLine)),
    'What that means',
    ...plan.consequences.map((text) => point(clean(text), { first: '  - ', rest: '    ' }, io)),
  ]);
}

/** What a restore is about to do. */
export function restorePlanText({ record, steps }: RestorePlan, now: EpochMs): string {
  return lines([
    stoppedLine(record, now),
    'What restoring it changes',
    ...steps.map((one) => `  - ${isUndone(record, one) ? undoneLine(one) : restoreLine(one)}`),
  ]);
}

/** Somebody, or a deployment, put it back since the kill. */
function isUndone({ state }: KillRecord, { step, verdict }: RestoreStep): boolean {
  return state === 'killed' && verdict === 'already-back' && isChange(step) && stops(step);
}

function undoneLine({ step }: RestoreStep): string {
  return `${settingName(step)}: ${valueText(priorValue(step))} already: somebody put it back since the kill, a deployment perhaps`;
}

/** What a restore that is tried out is about to do first. */
export function canaryPlanText({ record, steps, left }: CanaryPlan, now: EpochMs): string {
  const isRunning = record.state === 'canary';
  return lines([
    stoppedLine(record, now),
    isRunning
      ? `Its restore is being tried out already${watchedUntil(record)}`
      : 'What trying its restore out changes first',
    ...(isRunning ? [] : steps.map((one) => `  - ${canaryLine(one)}`)),
    ...left.map((step) => `  - ${settingName(step)}: stays disabled until everything comes back`),
    'Then it is watched: put back whole where the loop is gone, stopped again where it is not.',
  ]);
}

function canaryLine(one: RestoreStep): string {
  const { step, reading, verdict } = one;
  if (verdict === 'drifted') return driftText(one);
  if (stops(step)) return restoreLine(one);
  const now = reading.kind === 'value' ? valueText(reading.value) : reading.kind;
  return `${settingName(step)}: ${now} -> ${valueText(killedValue(step))}`;
}

function stoppedLine(record: KillRecord, now: EpochMs): string {
  const { functionName, account, region } = record;
  return `${functionName} (${account}, ${region}): stopped ${when(record.killedAt ?? record.recordedAt, now)} by ${clean(record.requestedBy)}: ${clean(record.reason)}`;
}

/** One stopped function, for `status`. */
export function stoppedText(record: KillRecord, now: EpochMs, restoreCommand: string): string {
  const since = `${when(record.killedAt ?? record.recordedAt, now)} by ${clean(record.requestedBy)}: ${clean(record.reason)}`;
  const halfDone = {
    recorded: `  HALF DONE: stopping began and did not finish. Finish: ${restoreCommand.replace('firebreak restore', 'firebreak kill')}; undo: ${restoreCommand}`,
    restoring: `  HALF DONE: restoring began and did not finish. Finish: ${restoreCommand}`,
    killed: `  put it back: ${restoreCommand}`,
    'canary-starting': `  HALF DONE: trying the restore out began and did not finish. Go on: ${restoreCommand} --canary; put all back: ${restoreCommand}`,
    canary: `  being tried out${watchedUntil(record)}: put all back: ${restoreCommand}; stop it again: ${restoreCommand.replace('firebreak restore', 'firebreak kill')}`,
    restored: '',
  }[record.state];
  return lines([
    `${record.functionName}  ${since}`,
    ...record.steps
      .filter(isChange)
      .filter((step) => stops(step) || record.state !== 'killed')
      .map((step) => `  ${settingName(step)}: was ${valueText(priorValue(step))}`),
    halfDone,
  ]);
}

function watchedUntil({ canary }: KillRecord): string {
  return canary?.watchUntilAt == null ? '' : ` until ${utcText(canary.watchUntilAt)}`;
}

/** What a kill has changed. */
export function killedText(steps: readonly KillStep[]): string {
  return lines(steps.filter(stops).filter(isChange).map(changeLine));
}

/** What a restore has put back, and what it has left. */
export function restoredText(steps: readonly RestoreStep[], isForced: boolean): string {
  const told = steps.filter(({ verdict }) => verdict !== 'already-back');
  return lines(
    told.map((one) => {
      const { step, reading, verdict } = one;
      if (verdict !== 'drifted') return `  - ${restoreLine(one)}`;
      const now = reading.kind === 'value' ? valueText(reading.value) : reading.kind;
      const name = settingName(step);
      return isForced
        ? `  - ${name}: ${now} -> ${valueText(priorValue(step))}`
        : `  - ${name}: kept at ${now}, as somebody set it since the kill`;
    }),
  );
}

function changeLine(step: KillStep): string {
  return `  - ${settingName(step)}: ${valueText(priorValue(step))} -> ${valueText(killedValue(step))}`;
}

function restoreLine(one: RestoreStep): string {
  const { step, verdict } = one;
  const name = settingName(step);
  const prior = valueText(priorValue(step));
  switch (verdict) {
    case 'put-back':
      return `${name}: ${valueText(killedValue(step))} -> ${prior}`;
    case 'already-back':
      return `${name}: stays ${prior}`;
    case 'not-ours':
      return `${name}: left alone; the kill had not changed it, somebody did since`;
    case 'gone':
      return `${name}: does not exist any more, so there is nothing to put back`;
    case 'drifted':
      return driftText(one);
  }
}

function lines(texts: readonly string[]): string {
  return texts
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('');
}
