import { MINUTE_MS, SECOND_MS } from '../../src/model/time.ts';
import type { Series } from '../../src/model/window.ts';
import { sum } from '../../src/stats/series.ts';
import type { Consumer } from './consumer.ts';

/** When runs that succeed outlasted the visibility timeout of their queue. */
export interface SlowRuns {
  /** First minute of the window in which one started. */
  readonly first: number;
  /** End of the minutes in which their messages may come back. */
  readonly until: number;
}

/** Above this share of errors it is the failures that bring messages back. */
export const ERROR_SHARE_MAX = 0.3;

/** Durations are known only at the end of a run: some timeouts and minutes after the newest known one still count. */
const REACH_TIMEOUTS = 4;
const REACH_MINUTES = 4;

/**
 * Runs that took longer than the visibility timeout: by the longest run of a minute; or, since somebody may have shortened
 * the timeout after the inventory was read, by runs that hold no message any more. `null`: none, or not readable.
 */
export function slowRuns(consumer: Consumer, minutes: number): SlowRuns | null {
  const { lambda, queue } = consumer;
  const longest = lambda.durationMaximumMs ?? lambda.durationAverageMs;
  const visibilityMs = queue.visibilityTimeoutSeconds * SECOND_MS;
  const reach = REACH_TIMEOUTS * Math.ceil(queue.visibilityTimeoutSeconds / 60) + REACH_MINUTES;
  let first = minutes;
  let until = 0;
  for (let i = 0; longest !== undefined && i < minutes; i++) {
    if (!((longest[i] as number) > visibilityMs) || isFailing(consumer, i)) continue;
    first = Math.min(first, i);
    until = i + reach;
  }
  const held = unheldRuns(consumer, minutes);
  if (held !== null) {
    first = Math.min(first, held.first);
    until = Math.max(until, held.until);
  }
  return until === 0 ? null : { first, until: Math.min(minutes, until) };
}

function isFailing({ lambda: { errors, invocations } }: Consumer, i: number): boolean {
  return (errors?.[i] || 0) > ERROR_SHARE_MAX * (invocations?.[i] || 0);
}

/** Minutes over which runs are compared with messages in flight, and minutes of running there must have been in them. */
const HELD_SPANS_MINUTES = [5, 15] as const;
const RUNNING_MINUTES_MIN = 15;
const RUNS_PER_MESSAGE_MIN = 1.3;
/** In flight is one sample a minute, and an approximate one: fewer by so many standard errors is no chance. */
const HELD_ERRORS_BELOW = 3.5;
/** Standard error of the samples that one run is in (assumption; at random phase alone it would be a half). */
const SAMPLES_ERROR = 1;

/**
 * While a run is within the timeout its messages are in flight, and are counted in one sample for each of its minutes. Fewer
 * than that: it goes on after its messages are visible again.
 */
function unheldRuns({ fn, lambda, sqs }: Consumer, minutes: number): SlowRuns | null {
  const { durationSumMs, invocations, errors } = lambda;
  const { notVisible, received } = sqs;
  if (fn.eventSources.length !== 1 || durationSumMs === undefined || notVisible === undefined) return null;
  // Cheap first: most functions do not run for so long in three hours.
  if (invocations === undefined || sum(durationSumMs) <= RUNNING_MINUTES_MIN * MINUTE_MS) return null;
  const held = heldSamples(durationSumMs, invocations, notVisible);
  let first = -1;
  let until = 0;
  for (const span of HELD_SPANS_MINUTES) {
    let running = 0;
    let inFlight = 0;
    let runs = 0;
    let failed = 0;
    let messages = 0;
    for (let i = 0; i < minutes; i++) {
      running += moved(held, i, span);
      inFlight += moved(notVisible, i, span);
      runs += moved(invocations, i, span);
      failed += moved(errors, i, span);
      messages += moved(received, i, span);
      if (running <= RUNNING_MINUTES_MIN || running <= RUNS_PER_MESSAGE_MIN * inFlight) continue;
      if (failed > ERROR_SHARE_MAX * runs) continue;
      const perRun = Math.max(1, messages / Math.max(1, runs));
      const error = perRun * SAMPLES_ERROR * Math.sqrt(Math.max(1, runs));
      if (running * perRun - inFlight < HELD_ERRORS_BELOW * error) continue;
      const began = Math.max(0, i + 1 - HELD_SPANS_MINUTES[0]);
      first = first < 0 ? began : Math.min(first, began);
      until = Math.max(until, i + SEEN_FOR_MINUTES);
    }
  }
  return first < 0 ? null : { first, until };
}

/** Minutes for which what has been seen holds. */
const SEEN_FOR_MINUTES = 15;

/** What a sum over the last `span` minutes gains in minute `i`. */
function moved(series: Series | undefined, i: number, span: number): number {
  return (series?.[i] || 0) - (i >= span ? series?.[i - span] || 0 : 0);
}

/**
 * Samples of a minute each that runs are in: Duration is stamped with the start, and is spread over the minutes that follow.
 * None where messages in flight were not sampled.
 */
function heldSamples(durationSumMs: Series, invocations: Series, notVisible: Series): Series {
  const held = new Float64Array(durationSumMs.length);
  for (let i = 0; i < held.length; i++) {
    const runs = invocations[i] as number;
    const sumMs = durationSumMs[i] as number;
    if (!(runs > 0) || !(sumMs > 0)) continue;
    let left = sumMs / runs / MINUTE_MS;
    // Runs begin in the middle of the minute, on average.
    for (let j = i, room = 0.5; j < held.length && left > 0; j++, room = 1) {
      const within = Math.min(room, left);
      held[j] = (held[j] as number) + runs * within;
      left -= within;
    }
  }
  return held.map((samples, i) => (Number.isNaN(notVisible[i]) ? 0 : samples));
}
