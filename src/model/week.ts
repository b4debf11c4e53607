import { DAY_MS, type EpochMs, HOUR_MS } from './time.ts';

/** 1970-01-05 was a Monday. */
const A_MONDAY_AT = 4 * DAY_MS;
const WEEK_HOURS = 168;

const SATURDAY = 5 * 24;
const SUNDAY = 6 * 24;

/** Where Monday begins first, in UTC+14, it does so on Sunday at 10:00 UTC. */
const FIRST_MONDAY = SUNDAY + 10;

/** Hours since Monday 00:00 UTC. */
function hourOfWeek(at: EpochMs): number {
  return ((at - A_MONDAY_AT) / HOUR_MS) % WEEK_HOURS;
}

/** Saturday or Sunday, UTC. */
export function isWeekend(at: EpochMs): boolean {
  return hourOfWeek(at) >= SATURDAY;
}

/** Whether it is no weekend, or no longer one everywhere. */
export function mayBeWorkday(at: EpochMs): boolean {
  const hour = hourOfWeek(at);
  return hour < SATURDAY || hour >= FIRST_MONDAY;
}
