import type { Baselines } from '../model/baseline.ts';
import { type EpochMs, HOUR_MS } from '../model/time.ts';

/** Calls that building the baselines makes: five metrics a function, four a queue (`observe/aws/baselines.ts`). */
const CALLS_PER_FUNCTION = 5;
const CALLS_PER_QUEUE = 4;
/** Half of the million CloudWatch requests that are free each month: the account has other uses for the rest. */
const CALLS_PER_MONTH = 500_000;
const HOURS_PER_MONTH = 720;
/** What is normal at this hour of the day changes slowly; a day old is old enough. */
const HOURS_MAX = 24;

/** Hours between two surveys of a fleet of this size: one for a small fleet, a day for thousands of functions. */
export function surveyHours(baselines: Pick<Baselines, 'functions' | 'queues'>): number {
  const calls = baselines.functions.size * CALLS_PER_FUNCTION + baselines.queues.size * CALLS_PER_QUEUE;
  return Math.min(HOURS_MAX, Math.max(1, Math.ceil((calls * HOURS_PER_MONTH) / CALLS_PER_MONTH)));
}

/** Whether to build the baselines again now. Schedules are up to a minute late, which must not cost an hour. */
export function isSurveyDue(baselines: Baselines | null, now: EpochMs): boolean {
  if (baselines === null) return true;
  return now >= baselines.builtAt + (surveyHours(baselines) - 0.5) * HOUR_MS;
}
