import type { Series } from '../src/model/window.ts';
import { minuteNats, NATS_MAX, NATS_PER_MINUTE, type RateTest } from '../src/stats/sequential.ts';
import { type Attempts, attemptsOf, type Consumer, settleMinutes } from './consumer.ts';

/** A stretch of minutes in which deliveries fail more than is normal, up to the end of the window. */
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
  readonly unit: Attempts['unit'];
  readonly wastedShare: Series;
}

/** A minute that says less than this does not mark an onset. */
const CLEAR_NATS = 0.5;

/** Quiet minutes after which an episode is over, at least; a retry cycle of the queue where that is longer. */
const QUIET_MINUTES_MIN = 5;

/** Evidence below this is not even emerging: two bad minutes. */
const EMERGING_NATS = 2 * NATS_PER_MINUTE;

/** Evidence, in nats, that failures have stopped at which an episode is over. */
const RECOVERED_NATS = 5;

/** Runs the sequential test over the window; `null` where no episode is under way at its end. */
export function failureEpisode(consumer: Consumer, minutes: number, test: RateTest): Episode | null {
  const data = attemptsOf(consumer, minutes);
  const quietMinutes = Math.max(
    QUIET_MINUTES_MIN,
    Math.ceil((consumer.queue.visibilityTimeoutSeconds + consumer.fn.timeoutSeconds) / 60) + 1,
  );
  let nats = 0;
  let onset = 0;
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
      onset = i;
      failed = 0;
      attempts = 0;
    }
    nats = Math.min(NATS_MAX, Math.max(0, nats + Math.min(change, NATS_PER_MINUTE)));
    failed += lost;
    attempts += tried;
    if (change > 0) {
      lastFailing = i;
      healthySince = 0;
    } else {
      healthySince += tried;
      if (i - lastFailing > quietMinutes && isRecovered(failed, attempts, healthySince)) nats = 0;
    }
  }
  if (nats < EMERGING_NATS) return null;
  return describe({ consumer, test, data, minutes, firstMinute: onset, lastFailing, nats });
}

/** Whether so many healthy attempts in a row are too many for the failed share seen before them. */
function isRecovered(failed: number, attempts: number, healthySince: number): boolean {
  const before = Math.max(1, attempts - healthySince);
  const share = Math.min(0.95, Math.max(0.02, failed / before));
  return -healthySince * Math.log(1 - share) > RECOVERED_NATS;
}

interface Raw {
  readonly consumer: Consumer;
  readonly test: RateTest;
  readonly data: Attempts;
  readonly minutes: number;
  /** First minute at which the statistic left zero. */
  readonly firstMinute: number;
  readonly lastFailing: number;
  readonly nats: number;
}

function describe(raw: Raw): Episode {
  const { data, minutes } = raw;
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
    unit: data.unit,
    wastedShare: wastedShareOf(raw, onset, failedShare),
  };
}

/** The start from which the evidence adds up to the most: the maximum-likelihood estimate of the change. */
function likeliestOnset({ test, data, minutes, firstMinute }: Raw): number {
  let best = firstMinute;
  let most = Number.NEGATIVE_INFINITY;
  let total = 0;
  for (let i = minutes - 1; i >= firstMinute; i--) {
    const change = minuteNats(test, data.attempts[i] as number, data.failed[i] as number);
    total += Math.min(change, NATS_PER_MINUTE);
    if (change > CLEAR_NATS && total > most) {
      most = total;
      best = i;
    }
  }
  return best;
}

/**
 * Share of the function's spend that was for nothing, by minute of start. Where Errors is complete, failed invocations
 * are counted; what they took is what is left of Duration after the healthy ones took their usual time.
 */
function wastedShareOf({ consumer, data, minutes }: Raw, onset: number, failedShare: number): Series {
  const { invocations, errors, durationSumMs } = consumer.lambda;
  const healthyMs = consumer.functionBaseline?.durationMs ?? Number.NaN;
  const completeUntil = minutes - settleMinutes(consumer.fn);
  const shares = new Float64Array(minutes);
  for (let i = onset; i < minutes; i++) {
    const invoked = invocations?.[i] ?? Number.NaN;
    const wrong = errors?.[i] || 0;
    const tookMs = durationSumMs?.[i] ?? Number.NaN;
    const byCount = shareOf(data, i, failedShare);
    if (consumer.source.partialBatchResponses || i >= completeUntil || !(invoked > 0) || !(tookMs > 0)) {
      shares[i] = byCount;
    } else if (wrong > 0 && wrong >= invoked) {
      shares[i] = 1;
    } else if (wrong > 0 && Number.isFinite(healthyMs) && wrong / invoked > DISTINCT_SHARE) {
      shares[i] = Math.min(1, Math.max(0, 1 - ((invoked - wrong) * healthyMs) / tookMs));
    } else {
      shares[i] = wrong / invoked;
    }
  }
  return shares;
}

/** Above this share of failed invocations their own duration can be told from the healthy ones' natural spread. */
const DISTINCT_SHARE = 0.2;

function shareOf(data: Attempts, i: number, fallback: number): number {
  const tried = data.attempts[i] as number;
  if (tried <= 0) return fallback;
  return Math.min(1, Math.max(0, (data.failed[i] as number) / tried));
}
