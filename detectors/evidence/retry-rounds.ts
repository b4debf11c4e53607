import { MINUTE_MS, SECOND_MS } from '../../src/model/time.ts';
import { sum } from '../../src/stats/series.ts';
import type { Attempts } from './attempts.ts';
import type { Consumer } from './consumer.ts';
import type { Episode } from './failure-episode.ts';

/** Fewer attempts a minute are rare: whether one falls into the newest few minutes is chance. */
const RARE_PER_MINUTE = 1;

/**
 * Attempts come in bursts where the busiest few minutes of a cycle have more than so many times its mean: what failed at once comes
 * back at once. A loop that grows by what arrives in each cycle stays below that: its second has twice as many as its first.
 */
const BURST_RATIO = 2;
const BURST_MINUTES = 5;
/** Of a shorter cycle a few minutes are half, and say as much. */
const CYCLE_MINUTES_MIN = BURST_RATIO * BURST_MINUTES;

/**
 * How far apart its rounds are, where few messages or many that failed at once are tried again each time the visibility timeout is
 * over, with a pause between them. `null`: it goes on without a pause, is stopped or over, or no whole cycle was seen.
 */
export function retryRoundMinutes(
  { queue, source }: Consumer,
  { attempts }: Attempts,
  episode: Episode,
): number | null {
  const cycle = Math.ceil((queue.visibilityTimeoutSeconds * SECOND_MS) / MINUTE_MS);
  const lasted = attempts.length - episode.onsetMinute;
  if (!source.enabled || !episode.isOngoing) return null;
  if (cycle < CYCLE_MINUTES_MIN || cycle > lasted) return null;
  const ofCycle = attempts.subarray(-cycle);
  return sum(ofCycle) < RARE_PER_MINUTE * cycle || isInBursts(ofCycle) ? cycle : null;
}

function isInBursts(attempts: Float64Array): boolean {
  const mean = sum(attempts) / attempts.length;
  let lately = 0;
  return attempts.some((count, i) => {
    lately += count - (attempts[i - BURST_MINUTES] ?? 0);
    return lately > BURST_RATIO * BURST_MINUTES * mean;
  });
}
