import { MINUTE_MS } from '../model/time.ts';

/** A tick comes every minute. One that is this old means that nobody is looking. */
export const TICK_AGE_MAX_MS = 5 * MINUTE_MS;
