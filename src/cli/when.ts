import { formatDuration } from '../model/format.ts';
import { type EpochMs, utcText } from '../model/time.ts';

/** `2026-11-01 04:12 UTC (3 h 5 min ago)`, `2026-11-05 04:12 UTC (in 3 d 4 h)`. */
export function when(at: EpochMs, now: EpochMs): string {
  const span = formatDuration(Math.abs(now - at));
  return `${utcText(at)} (${at <= now ? `${span} ago` : `in ${span}`})`;
}
