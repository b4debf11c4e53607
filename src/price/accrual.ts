import type { LambdaFunction } from '../model/inventory.ts';
import type { FunctionSeries, QueueSeries, Series } from '../model/window.ts';
import { INIT_ASSUMPTION, newEnvironments } from './init-estimate.ts';
import {
  type PricingOptions,
  pricesFor,
  type RegionPrices,
  sqsRequestUsd,
  usdPerGbSecond,
} from './lambda-price.ts';

/** What one function spends, by minute of the window. Money accrues while an invocation runs. */
export interface Accrual {
  /**
   * Dollars that accrued in each minute: duration, INIT (estimated from concurrency, where that was read), requests, storage, the
   * SQS requests of its event sources and their provisioned pollers.
   */
  readonly usd: Float64Array;
  /** The part of `usd` that is Lambda's. */
  readonly lambdaUsd: Float64Array;
  /** Invocations begun in each minute, those that still run and are not reported yet included. */
  readonly invocations: Float64Array;
}

export interface AccrualInput {
  readonly region: string;
  readonly fn: LambdaFunction;
  readonly lambda: FunctionSeries;
  /** Series of the queues that its enabled event source mappings read. */
  readonly queues: readonly QueueSeries[];
  readonly minutes: number;
  readonly pricing: PricingOptions;
}

const SECONDS_PER_MINUTE = 60;

/** Long polls of 20 s by five pollers: what an idle mapping requests each minute (aws-facts: services-sqs-scaling, 2026). */
export const IDLE_POLLS_PER_MINUTE = 15;

/**
 * Spend by minute. Reported invocations are spread over the minutes in which they ran. Those that have begun but are
 * not reported (messages received, no Invocations yet) accrue until now, or until the timeout.
 */
export function accrue(input: AccrualInput): Accrual {
  const { fn, minutes } = input;
  const prices = pricesFor(input.region);
  const perSecond =
    (fn.memoryMB / 1024) * usdPerGbSecond({ prices, architecture: fn.architecture, ...input.pricing }) +
    (Math.max(0, fn.ephemeralStorageMB - 512) / 1024) * prices.ephemeralStorageUsdPerGbSecond;
  const begun = invocationsBegun(input);
  const seconds = withInit(runningSeconds(input, begun), input.lambda.concurrentExecutions);
  const sqsUsd = sqsRequestUsd({ prices, fifo: false, requests: 1 });
  const pollersUsd = pollersUsdPerHour(fn, prices) / 60;
  const usd = new Float64Array(minutes);
  const lambdaUsd = new Float64Array(minutes);
  for (let i = 0; i < minutes; i++) {
    const invoked = begun.all[i] as number;
    const requests = input.queues.length > 0 ? sqsRequests(input, i, invoked) : 0;
    const lambda = (seconds[i] as number) * perSecond + invoked * prices.usdPerRequest;
    lambdaUsd[i] = lambda;
    usd[i] = lambda + requests * sqsUsd + pollersUsd;
  }
  return { usd, lambdaUsd, invocations: begun.all };
}

/**
 * A receive for every ten messages of a batch, a delete for every ten of what succeeded (none where nothing was deleted:
 * a partial batch response may fail a whole batch), and the polls of idle pollers.
 */
function sqsRequests({ fn, lambda, queues }: AccrualInput, minute: number, invoked: number): number {
  const perBatch = requestsPerBatch(fn);
  const succeeded = Math.max(0, invoked - (lambda.errors?.[minute] || 0));
  const deletes = Math.min(succeeded * perBatch, deletedIn(queues, minute));
  return invoked * perBatch + deletes + IDLE_POLLS_PER_MINUTE * queues.length;
}

/** Provisioned event pollers, used or not: the least that is kept; more may run under load, which no metric tells. */
export function pollersUsdPerHour({ eventSources }: LambdaFunction, prices: RegionPrices): number {
  const pollers = eventSources.reduce(
    (sum, { enabled, minimumPollers = 0 }) => sum + (enabled ? minimumPollers : 0),
    0,
  );
  return pollers * prices.provisionedPollerUsdPerHour;
}

/** Receives, and as many deletes, that a full batch takes: ten messages each. */
export function requestsPerBatch({ eventSources }: LambdaFunction): number {
  const sizes = eventSources.filter(({ kind }) => kind === 'sqs').map(({ batchSize }) => batchSize);
  return Math.ceil(Math.max(1, ...sizes) / 10);
}

/** Messages deleted in that minute; no bound where it cannot be said. */
function deletedIn(queues: readonly QueueSeries[], minute: number): number {
  let deleted = 0;
  for (const queue of queues) {
    if (queue.deleted === undefined) return Number.POSITIVE_INFINITY;
    deleted += queue.deleted[minute] || 0;
  }
  return deleted;
}

interface Begun {
  readonly all: Float64Array;
  /** Of these, begun and not yet reported. */
  readonly unreported: Float64Array;
  /** 1 in minutes where so many are reported that all may be: their Duration is taken as it is. */
  readonly settled: Uint8Array;
}

/** Share of the expected invocations that must be reported for a minute to count as settled: batches vary in size. */
const SETTLED_SHARE = 0.7;

function invocationsBegun({ fn, lambda, queues, minutes }: AccrualInput): Begun {
  const all = new Float64Array(minutes);
  const unreported = new Float64Array(minutes);
  const settled = new Uint8Array(minutes);
  const reportedFrom = unreportedFrom(fn, minutes);
  const perInvocation = messagesPerInvocation(lambda, queues, reportedFrom);
  for (let i = 0; i < minutes; i++) {
    const reported = lambda.invocations?.[i] || 0;
    all[i] = reported;
    settled[i] = Number(i < reportedFrom || (perInvocation <= 0 && reported > 0));
    if (i < reportedFrom || perInvocation <= 0) continue;
    let received = 0;
    for (const queue of queues) received += queue.received?.[i] || 0;
    settled[i] = Number(reported >= (SETTLED_SHARE * received) / perInvocation);
    // Where some are reported, the size of a batch is too uncertain to count the rest by it.
    if (reported > 0 || (lambda.throttles?.[i] || 0) > 0 || received === 0) continue;
    const missing = Math.max(1, Math.round(received / perInvocation));
    unreported[i] = missing;
    all[i] = reported + missing;
  }
  return { all, unreported, settled };
}

/** First minute whose invocations may still be running unreported: none where each ends within its minute or the next. */
function unreportedFrom(fn: LambdaFunction, minutes: number): number {
  const longest = Math.ceil(fn.timeoutSeconds / SECONDS_PER_MINUTE);
  return longest <= 1 ? minutes : Math.max(0, minutes - longest - 1);
}

/** Messages a batch holds, from minutes whose invocations are all reported; 0: cannot be said. */
function messagesPerInvocation(
  lambda: FunctionSeries,
  queues: readonly QueueSeries[],
  until: number,
): number {
  let invoked = 0;
  let received = 0;
  const from = Math.max(0, until - 60);
  for (let i = from; i < until; i++) {
    const count = lambda.invocations?.[i] || 0;
    if (count === 0) continue;
    invoked += count;
    for (const queue of queues) received += queue.received?.[i] || 0;
  }
  if (queues.every((queue) => queue.received === undefined)) return 0;
  return invoked > 0 ? Math.max(1, received / invoked) : 1;
}

/** Seconds of running invocations in each minute. */
function runningSeconds(input: AccrualInput, begun: Begun): Float64Array {
  const { lambda, minutes, fn } = input;
  const seconds = new Float64Array(minutes);
  const timeoutMinutes = fn.timeoutSeconds / SECONDS_PER_MINUTE;
  for (let i = 0; i < minutes; i++) {
    const reported = lambda.invocations?.[i] || 0;
    const tookMs = lambda.durationSumMs?.[i] || 0;
    if (tookMs > 0) spread(seconds, i, tookMs / 1000, reported > 0 ? tookMs / 60_000 / reported : 0);
    const running = begun.unreported[i] as number;
    if (running > 0) spread(seconds, i, running * fn.timeoutSeconds, timeoutMinutes);
  }
  boundByConcurrency(seconds, begun, lambda.concurrentExecutions, unreportedFrom(fn, minutes));
  return seconds;
}

/** With what the environments take to initialise that began in each minute: no metric has it, their number is in concurrency. */
function withInit(seconds: Float64Array, concurrency: Series | undefined): Float64Array {
  if (concurrency === undefined) return seconds;
  return newEnvironments(concurrency).map(
    (begun, i) => (seconds[i] as number) + (begun * INIT_ASSUMPTION.initMs) / 1000,
  );
}

/** Adds `total` seconds that run evenly over `lengthMinutes`, begun at a random moment of minute `from`. */
function spread(seconds: Float64Array, from: number, total: number, lengthMinutes: number): void {
  if (lengthMinutes <= 0.5) {
    seconds[from] = (seconds[from] as number) + total;
    return;
  }
  const end = Math.min(seconds.length, from + Math.ceil(lengthMinutes) + 1);
  for (let i = from; i < end; i++) {
    seconds[i] =
      (seconds[i] as number) + total * (ranBy(i + 1 - from, lengthMinutes) - ranBy(i - from, lengthMinutes));
  }
}

/** Share of an invocation of length L that has run `elapsed` minutes into the window, begun uniformly in minute 0..1. */
function ranBy(elapsed: number, length: number): number {
  return area(elapsed, length) / length;
}

/** Mean over begin u in [0,1] of min(L, max(0, elapsed - u)). */
function area(elapsed: number, length: number): number {
  const upTo = (x: number) => Math.max(0, x) ** 2 / 2;
  return upTo(elapsed) - upTo(elapsed - 1) - upTo(elapsed - length) + upTo(elapsed - length - 1);
}

/**
 * ConcurrentExecutions (Maximum) is never late, so it bounds the guess from above, and from below: what it was worth in
 * the last minutes that are fully reported, it is worth now.
 */
function boundByConcurrency(
  seconds: Float64Array,
  begun: Begun,
  concurrency: Series | undefined,
  from: number,
): void {
  if (concurrency === undefined || from >= seconds.length) return;
  let ran = 0;
  let peaks = 0;
  for (let i = Math.max(0, from - REFERENCE_MINUTES); i < from; i++) {
    ran += seconds[i] as number;
    peaks += (concurrency[i] || 0) * SECONDS_PER_MINUTE;
  }
  const worth = peaks > 0 ? Math.min(1, ran / peaks) : 0;
  let guessing = false;
  for (let i = from; i < seconds.length; i++) {
    guessing ||= (begun.unreported[i] as number) > 0;
    if (!guessing && begun.settled[i] === 1) continue;
    const peak = (concurrency[i] || 0) * SECONDS_PER_MINUTE;
    const atLeast = Math.max(seconds[i] as number, worth * peak);
    seconds[i] = guessing ? Math.min(atLeast, peak) : atLeast;
  }
}

/** Fully reported minutes from which the worth of ConcurrentExecutions is learnt. */
const REFERENCE_MINUTES = 15;
