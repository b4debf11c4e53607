import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import { WINDOW_MINUTES } from '../../model/window.ts';
import type { Span } from './metric-request.ts';

/**
 * CloudWatch shows a minute's datapoint about this long after the minute ends. Assumption: AWS publishes no figure, and
 * a minute or two is what is seen. What arrives later still is in the next window, which reads every minute again.
 */
export const PUBLISH_DELAY_MS = MINUTE_MS;

/** The window of series at `now`: it ends with the newest minute that is readable. */
export function windowSpan(now: EpochMs): Span {
  const endAt = Math.floor((now - PUBLISH_DELAY_MS) / MINUTE_MS) * MINUTE_MS;
  return { startAt: endAt - WINDOW_MINUTES * MINUTE_MS, points: WINDOW_MINUTES, periodMs: MINUTE_MS };
}

/** Start of the newest readable minute at `now`: the minute that a tick at `now` is about. */
export function newestMinuteAt(now: EpochMs): EpochMs {
  return (Math.floor((now - PUBLISH_DELAY_MS) / MINUTE_MS) - 1) * MINUTE_MS;
}
