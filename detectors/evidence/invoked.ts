import type { Baselines, FunctionBaseline } from '../../src/model/baseline.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { formatCount } from '../../src/model/format.ts';
import type { LambdaFunction } from '../../src/model/inventory.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { FunctionSeries, Series, Window } from '../../src/model/window.ts';
import { type RateTests, rateTests } from '../../src/stats/sequential.ts';
import { sum } from '../../src/stats/series.ts';
import { type Attempts, invocationAttempts } from './attempts.ts';
import { coldShare } from './cold-share.ts';
import { type Episode, failureEpisode } from './failure-episode.ts';
import { hasHistory } from './history.ts';
import { perWindow } from './per-window.ts';
import { percent, usualShare } from './shares.ts';
import { hasTimedOut, timedOutShare } from './timed-out.ts';

/** What starts a function, as far as the metrics tell. A function with several triggers is of the first kind that fits. */
export type Trigger = 'queue' | 'stream' | 'asynchronous' | 'direct';

/** A function on its own, where no queue tells more about it than AWS/Lambda does. */
export interface Invoked {
  readonly fn: LambdaFunction;
  readonly lambda: FunctionSeries;
  readonly baseline: FunctionBaseline | undefined;
}

/** Share of invocations that come from Lambda's asynchronous queue above which a function counts as asynchronous. */
const ASYNC_SHARE_MIN = 0.25;

export function triggerOf({ fn, lambda }: Invoked): Trigger {
  // A mapping that is disabled counts too: a function whose kill took effect is no other function.
  if (fn.eventSources.some(({ kind }) => kind === 'sqs')) return 'queue';
  if (fn.eventSources.length > 0) return 'stream';
  const events = sum(lambda.asyncEventsReceived);
  return events > 0 && events >= ASYNC_SHARE_MIN * sum(lambda.invocations) ? 'asynchronous' : 'direct';
}

/** Functions with this trigger that have AWS/Lambda series to judge. */
export function invokedBy(window: Window, baselines: Baselines, trigger: Trigger): readonly Invoked[] {
  return byTrigger(window, baselines)[trigger];
}

const byTrigger = perWindow(sortByTrigger);

function sortByTrigger(window: Window, baselines: Baselines): Readonly<Record<Trigger, readonly Invoked[]>> {
  const sorted: Record<Trigger, Invoked[]> = { queue: [], stream: [], asynchronous: [], direct: [] };
  for (const fn of window.inventory.functions) {
    const lambda = window.functions.get(fn.name);
    if (lambda?.invocations === undefined) continue;
    const invoked = { fn, lambda, baseline: baselines.functions.get(fn.name) };
    sorted[triggerOf(invoked)].push(invoked);
  }
  return sorted;
}

/** Normal share of errors (throttles left out: they cost nothing, and have a detector of their own). */
function errorTest(baseline: FunctionBaseline | undefined, data: Attempts): RateTests {
  if (!hasHistory(baseline)) return rateTests(coldShare(data));
  return rateTests(
    usualShare({
      mean: baseline.errorShare,
      p95: baseline.errorShareP95,
      attempts: baseline.invocationsPerHour * baseline.activeHours,
    }),
  );
}

/** Errors per invocation against the function's own history; `null`: nothing unusual, or no errors recorded. */
export function errorEpisode(
  { lambda, baseline }: Invoked,
  minutes: number,
  quietMinutes: number,
): ErrorEpisode | null {
  if (lambda.errors === undefined || sum(lambda.errors) === 0) return null;
  const data = invocationAttempts({ invocations: lambda.invocations, errors: lambda.errors }, minutes);
  forgetHasty(data, lambda);
  const episode = failureEpisode(data, {
    tests: errorTest(baseline, data),
    quietMinutes,
    isSilenceFailing: false,
  });
  return episode === null ? null : { ...episode, data };
}

/** A run that fails within this part of a minute is hardly missing in the minute in which it began. */
const HASTY_MINUTES = 0.25;

/**
 * Where failures take minutes, those that succeed are known first: they are counted when they end, in the minute in which they
 * began. In the newest minutes they would pass for a recovery, for as long as it goes on.
 */
function forgetHasty({ attempts, failed }: Attempts, { errors, durationMaximumMs }: FunctionSeries): void {
  let longestMs = 0;
  for (let i = 0; i < failed.length; i++)
    if ((errors?.[i] || 0) > 0) longestMs = Math.max(longestMs, durationMaximumMs?.[i] || 0);
  const unsettled = Math.ceil(longestMs / MINUTE_MS - HASTY_MINUTES);
  for (let i = Math.max(0, attempts.length - unsettled); i < attempts.length; i++)
    attempts[i] = failed[i] as number;
}

export interface ErrorEpisode extends Episode {
  readonly data: Attempts;
}

/**
 * Failed invocations are waste, each minute of the window by its own share; those that timed out by what they took, in each of
 * the minutes in which they ran.
 */
export function errorShares({ fn, lambda }: Invoked): Series {
  const { invocations, errors, durationSumMs, durationMaximumMs } = lambda;
  const shares = new Float64Array(invocations?.length ?? 0);
  for (let i = 0; i < shares.length; i++) {
    const tried = invocations?.[i] as number;
    const failed = errors?.[i] || 0;
    const tookMs = durationSumMs?.[i] as number;
    if (!(tried > 0)) continue;
    const isTimeout = failed > 0 && tookMs > 0 && hasTimedOut(fn, durationMaximumMs?.[i]);
    const share = isTimeout ? timedOutShare(fn, failed, tookMs) : Math.min(1, failed / tried);
    const until = isTimeout ? Math.min(shares.length, i + Math.ceil(fn.timeoutSeconds / 60)) : i + 1;
    for (let j = i; j < until; j++) shares[j] = Math.max(shares[j] as number, share);
  }
  return shares;
}

export function failingEvidence({ baseline }: Invoked, episode: Episode): Evidence {
  const compared = baseline === undefined ? 'no history yet' : `usually ${percent(baseline.errorShare)}`;
  return {
    kind: 'failed-share',
    text: `${percent(episode.failedShare)} of invocations fail (${formatCount(episode.failed)} of ${formatCount(episode.attempts)}; ${compared})`,
  };
}

/** The deploy that coincides with an onset, if the inventory knows one. */
export function deployEvidence(fn: LambdaFunction, onsetAt: number): Evidence[] {
  const changedAt = fn.lastModifiedAt;
  if (changedAt === undefined || changedAt > onsetAt + DEPLOY_NEAR_MS || changedAt < onsetAt - DEPLOY_NEAR_MS)
    return [];
  const stamp = new Date(changedAt).toISOString().slice(11, 16);
  return [{ kind: 'deploy', text: `${fn.name} was last changed at ${stamp} UTC, when this began` }];
}

const DEPLOY_NEAR_MS = 10 * MINUTE_MS;
