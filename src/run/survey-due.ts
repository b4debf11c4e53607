import type { Baselines } from '../model/baseline.ts';
import { type EpochMs, HOUR_MS } from '../model/time.ts';
import { surveyHours as hoursOf } from '../price/monitor-plan.ts';

/** Hours between two surveys of the fleet that these are about: one for a small fleet, a day for thousands of functions. */
export function surveyHours(baselines: Pick<Baselines, 'functions' | 'queues'>): number {
  return hoursOf({ functions: baselines.functions.size, queues: baselines.queues.size });
}

/** Whether to build the baselines again now. Schedules are up to a minute late, which must not cost an hour. */
export function isSurveyDue(baselines: Baselines | null, now: EpochMs): boolean {
  if (baselines === null) return true;
  return now >= baselines.builtAt + (surveyHours(baselines) - 0.5) * HOUR_MS;
}
