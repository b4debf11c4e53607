import { minuteNats, NATS_MAX, NATS_PER_MINUTE, type RateTest } from '../src/stats/sequential.ts';
import type { Attempts } from './attempts.ts';

/** A stretch of minutes in which attempts fail more than is normal, up to the end of the window. */
export interface Episode {
  /** Minute of the window in which it began; fractional where only a part of that minute failed. */
  readonly onsetMinute: number;
  readonly lastFailingMinute: number;
  readonly nats: number;
  /** Minutes' worth of failing, see Finding.persistenceMinutes. */
  readonly persistenceMinutes: number;
  /** Failed share of attempts since onset, 0..1. */
  readonly failedShare: number;
  /** Failed attempts and all attempts since onset. */
  readonly failed: number;
  readonly attempts: number;
}

/** Evidence below this is not even emerging: two bad minutes. */
const EMERGING_NATS = 2 * NATS_PER_MINUTE;

/** A minute that says less than this marks neither an onset nor that it goes on. */
const CLEAR_NATS = 0.5;

/** Evidence, in nats, that failures have stopped at which an episode is over. */
const RECOVERED_NATS = 5;

/**
 * Runs the sequential test over the window; `null` where no episode is under way at its end.
 * `quietMinutes`: how long it must be quiet before healthy attempts may end an episode (a retry cycle, where there is one).
 */
export function failureEpisode(data: Attempts, test: RateTest, quietMinutes: number): Episode | null {
  const minutes = data.attempts.length;
  let nats = 0;
  let firstMinute = 0;
  let lastFailing = -1;
  let failed = 0;
  let attempts = 0;
  let healthySince = 0;
  for (let i = 0; i < minutes; i++) {
    const tried = data.attempts[i] as number;
    const lost = data.failed[i] as number;
    if (tried <= 0 && lost === 0) continue;
    const change = minuteNats(test, tried, lost);
    if (nats === 0) {
      if (change <= 0) continue;
      firstMinute = i;
      failed = 0;
      attempts = 0;
    }
    nats = Math.min(NATS_MAX, Math.max(0, nats + Math.min(change, NATS_PER_MINUTE)));
    failed += lost;
    attempts += tried;
    if (change > CLEAR_NATS) {
      lastFailing = i;
      healthySince = 0;
    } else {
      healthySince += tried;
      if (i - lastFailing > quietMinutes && isRecovered(failed, attempts, healthySince)) nats = 0;
    }
  }
  return nats < EMERGING_NATS ? null : describe({ data, test, firstMinute, lastFailing, nats });
}

/** Whether so many healthy attempts in a row are too many for the failed share seen before them. */
function isRecovered(failed: number, attempts: number, healthySince: number): boolean {
  const before = Math.max(1, attempts - healthySince);
  const share = Math.min(0.95, Math.max(0.02, failed / before));
  return -healthySince * Math.log(1 - share) > RECOVERED_NATS;
}

interface Raw {
  readonly data: Attempts;
  readonly test: RateTest;
  /** First minute at which the statistic left zero. */
  readonly firstMinute: number;
  readonly lastFailing: number;
  readonly nats: number;
}

function describe(raw: Raw): Episode {
  const { data } = raw;
  const minutes = data.attempts.length;
  const onset = likeliestOnset(raw);
  let failed = 0;
  let attempts = 0;
  for (let i = onset; i < minutes; i++) {
    failed += data.failed[i] as number;
    attempts += data.attempts[i] as number;
  }
  const failedShare = attempts > 0 ? Math.min(1, Math.max(0, failed / attempts)) : 0;
  let persistenceMinutes = 0;
  let firstWeight = 1;
  for (let i = onset; i < minutes; i++) {
    const tried = data.attempts[i] as number;
    if (tried <= 0) continue;
    const share = Math.max(0, data.failed[i] as number) / tried;
    const weight = failedShare > 0 ? Math.min(1, share / failedShare) : 0;
    if (i === onset) firstWeight = weight;
    persistenceMinutes += weight;
  }
  return {
    onsetMinute: onset + (1 - firstWeight),
    lastFailingMinute: raw.lastFailing,
    nats: raw.nats,
    persistenceMinutes,
    failedShare,
    failed: Math.max(0, failed),
    attempts,
  };
}

/** The start from which the evidence adds up to the most: the maximum-likelihood estimate of the change. */
function likeliestOnset({ test, data, firstMinute }: Raw): number {
  let best = firstMinute;
  let most = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let i = data.attempts.length - 1; i >= firstMinute; i--) {
    const change = minuteNats(test, data.attempts[i] as number, data.failed[i] as number);
    total += Math.min(change, NATS_PER_MINUTE);
    if (change > CLEAR_NATS && total > most) {
      most = total;
      best = i;
    }
  }
  return best;
}
