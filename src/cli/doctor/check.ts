import { EXIT, type ExitCode } from '../../model/errors.ts';

/** `not-checked`: it could not be looked at, or is not there to be looked at. */
export const CHECK_STATES = ['ok', 'warning', 'failure', 'not-checked'] as const;
export type CheckState = (typeof CHECK_STATES)[number];

/** One thing that must be so for firebreak to work, and whether it is. */
export interface Check {
  /** What is checked; stable, for scripts. */
  readonly id: string;
  readonly state: CheckState;
  /** What was found, in one line. */
  readonly found: string;
  /** What to do about it; `null`: nothing. */
  readonly fix: string | null;
}

export function ok(id: string, found: string): Check {
  return { id, state: 'ok', found, fix: null };
}

export function warning(id: string, found: string, fix: string): Check {
  return { id, state: 'warning', found, fix };
}

export function failure(id: string, found: string, fix: string): Check {
  return { id, state: 'failure', found, fix };
}

export function notChecked(id: string, found: string, fix: string | null = null): Check {
  return { id, state: 'not-checked', found, fix };
}

/** Failures that only a person's settings cause; all others mean that something cannot be reached or is denied. */
const SETTINGS = ['config', 'slack-settings'];

/** 0 without a failure; 2 where only settings are wrong; 4 otherwise. */
export function exitCodeOf(checks: readonly Check[]): ExitCode {
  const failures = checks.filter(({ state }) => state === 'failure');
  if (failures.length === 0) return EXIT.done;
  return failures.every(({ id }) => SETTINGS.includes(id)) ? EXIT.usage : EXIT.unavailable;
}
