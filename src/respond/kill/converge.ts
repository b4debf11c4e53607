import { UnavailableError } from '../../model/errors.ts';
import type { KillStep } from '../../model/kill.ts';
import { type KillDeps, patience } from './deps.ts';
import { TryAgain } from './port.ts';
import {
  readSetting,
  type SettingReading,
  type SettingValue,
  settingName,
  valueText,
  writeSetting,
} from './settings.ts';

/** A setting of a function, and what it should become. */
export interface Goal {
  readonly functionName: string;
  readonly step: KillStep;
  readonly want: SettingValue;
  /**
   * Asked before every change: whether the kill record is still ours. Absent: it does not matter. Two commands that
   * contradict each other would otherwise undo each other's changes until their patience ends.
   */
  readonly isOurs?: () => Promise<boolean>;
}

/** `gone`: the setting is there no more, so nothing is left to do. */
export type Driven = 'done' | 'gone' | 'not-ours';

/** Reads a setting, waiting while AWS is too busy to say. */
export async function readKnown(
  step: KillStep,
  functionName: string,
  deps: KillDeps,
): Promise<Exclude<SettingReading, { kind: 'unknown' }>> {
  const { wait } = patience(deps);
  for (;;) {
    const { reading, busy } = await tryRead(step, functionName, deps);
    if (reading !== null && reading.kind !== 'unknown') return reading;
    const state = reading?.kind === 'unknown' ? `it is ${reading.state}` : busy;
    deps.progress?.(`${settingName(step)}: waiting, ${state}`);
    if (!(await wait())) {
      throw new UnavailableError(`${settingName(step)} of ${functionName} cannot be read: ${state}`);
    }
  }
}

/** Asks AWS for the goal, unless the setting is there or on its way. Does not wait for it to arrive. */
export function request(goal: Goal, deps: KillDeps): Promise<Driven> {
  return drive(goal, deps, 'asked');
}

/** Asks AWS for the goal where that is needed, and waits until it can be read back. */
export function converge(goal: Goal, deps: KillDeps): Promise<Driven> {
  return drive(goal, deps, 'arrived');
}

async function drive(goal: Goal, deps: KillDeps, until: 'asked' | 'arrived'): Promise<Driven> {
  const { functionName, step, want } = goal;
  const { wait } = patience(deps);
  const told = new Set<string>();
  const tell = (line: string) => {
    if (!told.has(line)) deps.progress?.(`${settingName(step)}: ${line}`);
    told.add(line);
  };
  for (;;) {
    const { reading, busy } = await tryRead(step, functionName, deps);
    if (reading?.kind === 'gone') return 'gone';
    let obstacle = reading === null ? busy : '';
    if (reading?.kind === 'unknown') obstacle = `AWS says ${reading.state}`;
    if (reading?.kind === 'value' && reading.value === want) {
      if (until === 'asked' || reading.isSettled) return 'done';
      obstacle = `AWS says ${reading.state}`;
    } else if (reading?.kind === 'value') {
      if (goal.isOurs !== undefined && !(await goal.isOurs())) return 'not-ours';
      tell(`${valueText(reading.value)} -> ${valueText(want)}`);
      obstacle = await tryWrite(goal, deps);
      if (obstacle === '' && until === 'asked') return 'done';
    }
    if (obstacle !== '') tell(`waiting, ${obstacle}`);
    if (!(await wait())) {
      const why = obstacle === '' ? '' : ` (${obstacle})`;
      throw new UnavailableError(
        `${settingName(step)} of ${functionName} is still not ${valueText(want)}${why}`,
      );
    }
  }
}

/** Why AWS could not take it just now; empty: it took it. */
async function tryWrite({ functionName, step, want }: Goal, deps: KillDeps): Promise<string> {
  try {
    await writeSetting(step, functionName, deps.port, want);
    return '';
  } catch (error) {
    if (error instanceof TryAgain) return error.message;
    throw error;
  }
}

async function tryRead(
  step: KillStep,
  functionName: string,
  deps: KillDeps,
): Promise<{ readonly reading: SettingReading | null; readonly busy: string }> {
  try {
    return { reading: await readSetting(step, functionName, deps.port), busy: '' };
  } catch (error) {
    if (error instanceof TryAgain) return { reading: null, busy: error.message };
    throw error;
  }
}
