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

/** Minutes over which runs are compared with messages in flight, and how many runs there must have been. */
const HELD_MINUTES = 15;
const HELD_RUNS_MIN = 15;
const RUNS_PER_MESSAGE_MIN = 1.3;
/** A run must fit so often into these minutes. */
const RUNS_WITHIN = 3;
/** In flight is one sample a minute: fewer by so many standard errors is no chance. */
const HELD_ERRORS_BELOW = 3.5;

/**
 * While a run is within the timeout its messages are in flight, so that by Little's law there are as many of them as runs,
 * times the messages of a run. Fewer than runs: they go on after their messages are visible again.
 */
function unheldRuns({ fn, lambda, sqs }: Consumer, minutes: number): SlowRuns | null {
  const { durationSumMs, invocations, errors } = lambda;
  const { notVisible, received } = sqs;
  if (fn.eventSources.length !== 1 || durationSumMs === undefined || notVisible === undefined) return null;
  // Cheap first: most functions do not run for so long in three hours.
  if (sum(durationSumMs) <= HELD_RUNS_MIN * MINUTE_MS) return null;
  let first = -1;
  let until = 0;
  let runningMs = 0;
  let runs = 0;
  let failed = 0;
  let messages = 0;
  let inFlight = 0;
  for (let i = 0; i < minutes; i++) {
    runningMs += moved(durationSumMs, i);
    runs += moved(invocations, i);
    failed += moved(errors, i);
    messages += moved(received, i);
    inFlight += moved(notVisible, i);
    const running = runningMs / MINUTE_MS;
    if (running <= HELD_RUNS_MIN || running <= RUNS_PER_MESSAGE_MIN * inFlight) continue;
    const perRun = Math.max(1, messages / runs);
    // A run that lasts for minutes is in several samples, which then say less.
    const error = perRun * Math.sqrt(running * Math.max(1, running / runs));
    if (running * perRun - inFlight < HELD_ERRORS_BELOW * error) continue;
    // Duration is stamped with the start: long runs would be counted before they hold anything.
    if (running * RUNS_WITHIN >= HELD_MINUTES * runs || failed > ERROR_SHARE_MAX * runs) continue;
    if (first < 0) first = i;
    until = i + HELD_MINUTES;
  }
  return first < 0 ? null : { first, until };
}

/** What a sum over HELD_MINUTES gains in minute `i`. */
function moved(series: Series | undefined, i: number): number {
  return (series?.[i] || 0) - (i >= HELD_MINUTES ? series?.[i - HELD_MINUTES] || 0 : 0);
}
