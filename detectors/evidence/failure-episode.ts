import type { Series } from '../../src/model/window.ts';
import {
  minuteNats,
  NATS_MAX,
  NATS_PER_MINUTE,
  type RateTest,
  type RateTests,
} from '../../src/stats/sequential.ts';
import { lastIndex } from '../../src/stats/series.ts';
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
  /** Whether the newest attempts go on failing; `false`: so many in a row have succeeded that it may be over. */
  readonly isOngoing: boolean;
}

/** Evidence below this is not even emerging. */
const EMERGING_NATS = 3;

/** A minute that says less than this marks neither an onset nor that it goes on. */
const CLEAR_NATS = 0.5;

/** Evidence, in nats, that failures have stopped at which an episode is over. */
const RECOVERED_NATS = 5;

export interface Reading {
  readonly tests: RateTests;
  /** How long it must be quiet before healthy attempts may end an episode: a retry cycle, where there is one. */
  readonly quietMinutes: number;
  /** Whether minutes without any attempt, between attempts that fail, are minutes of failing. */
  readonly isSilenceFailing: boolean;
  /**
   * Runs at once, where a healthy one is over within a fraction of a minute: those of a minute without an attempt began
   * earlier, and hang. Absent: not known.
   */
  readonly running?: Series | undefined;
}

/**
 * Runs the sequential tests over the window, and gives the episode with the stronger evidence; `null` where none is under
 * way at its end.
 */
export function failureEpisode(data: Attempts, reading: Reading): Episode | null {
  const { tests } = reading;
  const raised = run(data, tests.raised, reading);
  // What nearly always fails also fails more often than is normal.
  const mostly = raised === null ? null : run(data, tests.mostly, reading);
  const stronger = mostly !== null && mostly.nats > (raised?.nats ?? 0) ? mostly : raised;
  return stronger === null ? null : describe(stronger, reading);
}

function run(data: Attempts, test: RateTest, { quietMinutes, running }: Reading): Raw | null {
  const minutes = data.attempts.length;
  let nats = 0;
  // What one minute alone may not say, and later ones do in which its attempts hang.
  let unsaid = 0;
  let firstMinute = 0;
  let lastFailing = -1;
  let failed = 0;
  let attempts = 0;
  let healthySince = 0;
  for (let i = 0; i < minutes; i++) {
    const tried = data.attempts[i] as number;
    const lost = data.failed[i] as number;
    if (tried <= 0 && lost === 0) {
      if ((running?.[i] || 0) > 0) {
        const said = Math.min(unsaid, NATS_PER_MINUTE);
        nats = Math.min(NATS_MAX, nats + said);
        unsaid -= said;
      }
      continue;
    }
    const change = minuteNats(test, tried, lost) / data.together;
    unsaid = change < 0 ? 0 : unsaid + Math.max(0, change - NATS_PER_MINUTE);
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
      if (i - lastFailing > quietMinutes && isRecovered(failed, attempts, healthySince, data.together))
        nats = 0;
    }
  }
  return nats < EMERGING_NATS ? null : { data, test, firstMinute, lastFailing, nats, healthySince };
}

/** Whether so many healthy attempts in a row are too many for the failed share seen before them. */
function isRecovered(failed: number, attempts: number, healthySince: number, together: number): boolean {
  const before = Math.max(1, attempts - healthySince);
  const share = Math.min(0.95, Math.max(0.02, failed / before));
  return (-healthySince / together) * Math.log(1 - share) > RECOVERED_NATS;
}

interface Raw {
  readonly data: Attempts;
  readonly test: RateTest;
  /** First minute at which the statistic left zero. */
  readonly firstMinute: number;
  readonly lastFailing: number;
  readonly nats: number;
  /** Attempts since the last failing minute. */
  readonly healthySince: number;
}

/** Less is the part of an attempt of the minute before that is accounted here. */
const ATTEMPTS_MIN = 0.5;

function describe(raw: Raw, { isSilenceFailing, running }: Reading): Episode {
  const { data, lastFailing } = raw;
  const onset = likeliestOnset(raw);
  const { failed, attempts } = countOf(data, onset, data.attempts.length);
  const failing = countOf(data, onset, lastFailing + 1);
  const share = shareOf(failing);
  let persistenceMinutes = 0;
  let firstWeight = 1;
  let before = 0;
  let silent = 0;
  for (let i = onset; i <= lastFailing; i++) {
    const tried = data.attempts[i] as number;
    if (tried < ATTEMPTS_MIN) {
      silent++;
      continue;
    }
    const weight = share > 0 ? Math.min(1, Math.max(0, data.failed[i] as number) / tried / share) : 0;
    if (i === onset) firstWeight = weight;
    persistenceMinutes += weight;
    // As bad as the better of the attempts around it.
    if (isSilenceFailing) persistenceMinutes += silent * Math.min(before, weight);
    before = weight;
    silent = 0;
  }
  // What has not ended, and nothing succeeded since: it goes on.
  const newest = lastIndex(running);
  if (raw.healthySince < ATTEMPTS_MIN && (running?.[newest] || 0) > 0)
    persistenceMinutes += before * Math.max(0, newest - lastFailing);
  return {
    onsetMinute: onset + (1 - firstWeight),
    lastFailingMinute: lastFailing,
    nats: raw.nats,
    persistenceMinutes,
    failedShare: shareOf({ failed, attempts }),
    failed: Math.max(0, failed),
    attempts,
    isOngoing:
      (-succeedingSince(data, share) / data.together) * Math.log(1 - Math.min(0.95, share)) < SILENT_NATS,
  };
}

/** A minute that fails by less than this part of what the episode does is a sign of its end, whatever is normal. */
const STILL_FAILING = 0.5;
/** Attempts are counted in the minute after by parts. */
const JITTER_ATTEMPTS = 0.1;

/** Attempts since the newest minute that was about as bad as the episode is. */
function succeedingSince(data: Attempts, share: number): number {
  let attempts = 0;
  for (let i = data.attempts.length - 1; i >= 0; i--) {
    const tried = data.attempts[i] as number;
    const lost = (data.failed[i] as number) + JITTER_ATTEMPTS;
    if (tried >= ATTEMPTS_MIN && lost >= STILL_FAILING * share * tried) break;
    attempts += tried;
  }
  return attempts;
}

/** Healthy attempts in a row that have this probability (e^-1.5, about a fifth) while it goes on are no sign of its end. */
const SILENT_NATS = 1.5;

interface Count {
  readonly failed: number;
  readonly attempts: number;
}

function countOf(data: Attempts, from: number, to: number): Count {
  let failed = 0;
  let attempts = 0;
  for (let i = from; i < to; i++) {
    failed += data.failed[i] as number;
    attempts += data.attempts[i] as number;
  }
  return { failed, attempts };
}

function shareOf({ failed, attempts }: Count): number {
  return attempts > 0 ? Math.min(1, Math.max(0, failed / attempts)) : 0;
}

/** The start from which the evidence adds up to the most: the maximum-likelihood estimate of the change. */
function likeliestOnset({ test, data, firstMinute }: Raw): number {
  let best = firstMinute;
  let most = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let i = data.attempts.length - 1; i >= firstMinute; i--) {
    const change = minuteNats(test, data.attempts[i] as number, data.failed[i] as number) / data.together;
    total += Math.min(change, NATS_PER_MINUTE);
    if (change > CLEAR_NATS && total > most) {
      most = total;
      best = i;
    }
  }
  return best;
}
