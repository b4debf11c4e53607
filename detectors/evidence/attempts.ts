import type { LambdaFunction } from '../../src/model/inventory.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/model/time.ts';
import type { FunctionSeries } from '../../src/model/window.ts';
import { last, sum } from '../../src/stats/series.ts';
import type { Consumer } from './consumer.ts';
import { hasTimedOut } from './timed-out.ts';

/**
 * Delivery attempts and failed ones, a value each minute. `failed` may be negative: deletes of messages that an earlier
 * minute counted as not yet deleted. 0 attempts where nothing is readable.
 */
export interface Attempts {
  readonly attempts: Float64Array;
  readonly failed: Float64Array;
  /** `receives`: of messages, from AWS/SQS; `invocations`: from AWS/Lambda alone, where SQS cannot be read. */
  readonly unit: 'receives' | 'invocations';
  /** Attempts that share one fate, at least 1: the messages of an invocation fail together. */
  readonly together: number;
}

/** Extra minutes after the timeout before Errors and Duration of a start minute are taken for complete. */
const SETTLE_MINUTES = 2;

/**
 * Minutes from the newest in which invocations may still be running, so that Errors and Duration are not complete
 * (they are stamped with the start, and published at the end; AWS Lambda developer guide, "Viewing metrics", 2026).
 * A function whose longest run is far below its timeout settles sooner.
 */
export function settleMinutes(fn: LambdaFunction): number {
  return Math.ceil(fn.timeoutSeconds / 60) + SETTLE_MINUTES;
}

/**
 * How often a delivery of a message fails, seen from both sides:
 * Errors say it exactly once the minute is complete; Received minus Deleted says it at once, also where Errors stays 0
 * (partial batch responses, throttles), but only up to the time a healthy message takes.
 */
export function attemptsOf(consumer: Consumer, minutes: number): Attempts {
  const { sqs, lambda } = consumer;
  const { received, deleted } = sqs;
  const { invocations, errors } = lambda;
  if (received === undefined || deleted === undefined) return invocationAttempts(lambda, minutes);
  const attempts = new Float64Array(minutes);
  const failed = new Float64Array(minutes);
  const lagMinutes = healthyDurationMs(consumer, minutes) / MINUTE_MS;
  const whole = Math.floor(lagMinutes) | 0;
  const part = lagMinutes - whole;
  const completeUntil = minutes - settleMinutes(consumer.fn);
  const errorsTell =
    !consumer.source.partialBatchResponses && errors !== undefined && invocations !== undefined;
  const throttles = lambda.throttles ?? NOTHING;
  const wrong = errors ?? NOTHING;
  const begun = errorsTell ? invocations : NOTHING;
  for (let i = 0; i < minutes; i++) {
    const count = received[i] as number;
    const gone = deleted[i] as number;
    if (Number.isNaN(count) || Number.isNaN(gone)) continue;
    const invoked = i < begun.length ? (begun[i] as number) : 0;
    const byErrors = invoked > 0 ? orZero(wrong, i) * (count / invoked) : 0;
    // Errors has the last word on a complete minute, also on one in which nothing was received.
    if (i < completeUntil && orZero(throttles, i) === 0 && (invoked > 0 || (errorsTell && count === 0))) {
      attempts[i] = count;
      failed[i] = byErrors;
      continue;
    }
    // What was received before the window is not known: it is taken to be what is deleted now.
    const near = i >= whole ? orZero(received, i - whole) : gone;
    const far = i > whole ? orZero(received, i - whole - 1) : near;
    const due = (1 - part) * near + part * far;
    attempts[i] = Math.max(count, due);
    // Deletes that catch up may make it negative: they take back what an earlier minute held for failed.
    failed[i] = byErrors > 0 ? Math.max(byErrors, due - gone) : due - gone;
  }
  const from = errorsTell ? Math.max(0, completeUntil) : 0;
  const spread = spreadMinutes(consumer, lagMinutes);
  const reach = whole + NET_MINUTES + Math.ceil(spread);
  netOut(failed, from, reach);
  forgive(failed, { from, reach, perMinute: sum(attempts, from) / Math.max(1, minutes - from), spread });
  return { attempts, failed, unit: 'receives', together: errorsTell ? perInvocation(received, begun) : 1 };
}

/** Messages in an invocation, on average. */
function perInvocation(received: Float64Array, invocations: Float64Array): number {
  const invoked = sum(invocations);
  return invoked > 0 ? Math.max(1, sum(received) / invoked) : 1;
}

/** How much longer than usual a healthy invocation may take, in minutes. */
function spreadMinutes({ fn, functionBaseline, lambda }: Consumer, lagMinutes: number): number {
  const known = functionBaseline?.durationMaximumP95Ms ?? Number.NaN;
  const longestMs = Number.isNaN(known) ? longestHealthyMs(fn, lambda) : known;
  return Math.max(0, longestMs / MINUTE_MS - lagMinutes);
}

/** Without history: the longest run of the window in minutes without errors. Errors may come later than Duration. */
function longestHealthyMs(fn: LambdaFunction, { durationMaximumMs, errors }: FunctionSeries): number {
  let longestMs = 0;
  for (let i = 0; durationMaximumMs !== undefined && i < durationMaximumMs.length; i++) {
    const tookMs = durationMaximumMs[i] as number;
    if (tookMs > longestMs && !hasTimedOut(fn, tookMs) && !((errors?.[i] || 0) > 0)) longestMs = tookMs;
  }
  return longestMs;
}

/** Standard deviations of the number of messages that happen to take longer. */
const LATE_DEVIATIONS = 3;
/** Minutes in which as many may be late again. */
const FORGIVE_MINUTES = 60;

/**
 * Where invocations take minutes, some messages are always later than usual: as many as the square root of those that are
 * received meanwhile. They are no failures; the oldest are forgiven, and as many again in each hour. Where they take seconds,
 * only the newest can be late, and are not where older ones still are.
 */
function forgive(
  failed: Float64Array,
  seen: {
    readonly from: number;
    readonly reach: number;
    readonly perMinute: number;
    readonly spread: number;
  },
): void {
  const most = LATE_DEVIATIONS * Math.sqrt(seen.perMinute * seen.spread);
  if (!(most > 0)) return;
  let left = most;
  const reached = Math.max(seen.from, failed.length - seen.reach);
  const isShort = seen.spread < 1;
  if (isShort && openUntil(failed, seen.from, reached) > OPEN_SHARE * most) return;
  for (let i = isShort ? reached : seen.from; i < failed.length; i++) {
    left = Math.min(most, left + most / FORGIVE_MINUTES);
    const open = failed[i] as number;
    if (open <= 0) continue;
    const forgiven = Math.min(open, left);
    failed[i] = open - forgiven;
    left -= forgiven;
  }
}

/** Part of those that can be late which, where they are older than that, are a sign of something else. */
const OPEN_SHARE = 0.5;

function openUntil(failed: Float64Array, from: number, to: number): number {
  let open = 0;
  for (let i = from; i < to; i++) open += Math.max(0, failed[i] as number);
  return open;
}

/** Minutes by which the delete of a healthy message may miss the minute in which it is expected. */
const NET_MINUTES = 2;

/**
 * Lets deletes that came early or late cancel the receives of neighbouring minutes, within `reach`: what is left are
 * messages that were received and not deleted, not the jitter of one-minute counts.
 */
function netOut(failed: Float64Array, from: number, reach: number): void {
  for (let i = Math.max(0, from); i < failed.length; i++) {
    if ((failed[i] as number) >= 0) continue;
    const until = Math.min(failed.length - 1, i + reach);
    for (let j = Math.max(0, from, i - reach); j <= until && (failed[i] as number) < 0; j++) {
      const open = failed[j] as number;
      if (open <= 0) continue;
      const cancelled = Math.min(open, -(failed[i] as number));
      failed[j] = open - cancelled;
      failed[i] = (failed[i] as number) + cancelled;
    }
  }
}

const NOTHING = new Float64Array(0);

function orZero(series: Float64Array, i: number): number {
  if (i >= series.length) return 0;
  const value = series[i] as number;
  return Number.isNaN(value) ? 0 : value;
}

/** Attempts and failures from AWS/Lambda alone: errors and throttles. */
export function invocationAttempts(lambda: FunctionSeries, minutes: number): Attempts {
  const attempts = new Float64Array(minutes);
  const failed = new Float64Array(minutes);
  const { invocations, errors, throttles } = lambda;
  for (let i = 0; i < minutes; i++) {
    const throttled = throttles?.[i] || 0;
    attempts[i] = (invocations?.[i] || 0) + throttled;
    failed[i] = (errors?.[i] || 0) + throttled;
  }
  return { attempts, failed, unit: 'invocations', together: 1 };
}

/**
 * How long a healthy invocation takes: its history; without one, the error-free minutes of the window; while more are
 * running than have ended, nothing says that any is late: its timeout. 0 where Duration cannot be read.
 */
export function healthyDurationMs({ fn, functionBaseline, lambda }: Consumer, minutes: number): number {
  const known = functionBaseline?.durationMs ?? Number.NaN;
  if (!Number.isNaN(known)) return known;
  const { invocations, errors, durationSumMs } = lambda;
  if (invocations === undefined || durationSumMs === undefined) return 0;
  let count = 0;
  let totalMs = 0;
  for (let i = 0; i < minutes; i++) {
    const invoked = invocations[i] as number;
    const spentMs = durationSumMs[i] as number;
    if (!(invoked > 0) || !(spentMs >= 0) || (errors?.[i] || 0) > 0) continue;
    count += invoked;
    totalMs += spentMs;
  }
  const running = last(lambda.concurrentExecutions) || 0;
  return count > running ? totalMs / count : fn.timeoutSeconds * SECOND_MS;
}
