import { formatCountOf, formatDuration } from '../model/format.ts';
import { SECOND_MS } from '../model/time.ts';
import { invocationUsd, type PricingOptions, type RegionPrices } from '../price/lambda-price.ts';
import type { AuditEventSource, AuditFunction, AuditQueue } from './subject.ts';

/** What one message (record, event) costs that fails at every attempt, each attempt running to the timeout. */
export interface PoisonUnit {
  /** Where it comes from: a queue, a stream, or `asynchronous invocation`. */
  readonly source: string;
  readonly attempts: number;
  readonly usd: number;
  /** How long it goes on. */
  readonly lastsSeconds: number;
  readonly endedBy: 'dead-letter-queue' | 'retention' | 'retry limit' | 'record age' | 'event age';
  /** It is gone in the end, nobody has a copy. */
  readonly lost: boolean;
  /** In words: how often, how long, and what ends it. */
  readonly text: string;
}

/** A function of which memory and timeout are known: what pricing an invocation needs. */
export interface PricedFunction {
  readonly fn: AuditFunction & { readonly memoryMB: number; readonly timeoutSeconds: number };
  readonly prices: RegionPrices;
  readonly pricing: PricingOptions;
}

/** Default retention of Kinesis, and the fixed one of DynamoDB Streams (AWS developer guides; Kinesis may be 365 days). */
const STREAM_RETENTION_SECONDS = 86_400;
/** Waits of an asynchronous retry: 1 min before the first, 2 min before the second (AWS Lambda developer guide, 2026). */
const ASYNC_WAIT_SECONDS = [0, 60, 180] as const;
const ASYNC_DEFAULTS = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600 } as const;

/** Dollars of one invocation that runs to its timeout. */
export function timeoutUsd({ fn, prices, pricing }: PricedFunction): number {
  return invocationUsd({
    ...pricing,
    prices,
    architecture: fn.architecture ?? 'x86_64',
    memoryMB: fn.memoryMB,
    ephemeralStorageMB: fn.ephemeralStorageMB,
    durationMs: fn.timeoutSeconds * SECOND_MS,
  });
}

/**
 * A message on a queue: received anew after each visibility timeout until its receive count exceeds maxReceiveCount,
 * or until retention deletes it, whichever is first. `undefined`: the queue's settings are not known.
 */
export function poisonMessage(priced: PricedFunction, queue: AuditQueue | undefined): PoisonUnit | undefined {
  const visibility = queue?.visibilityTimeoutSeconds;
  const retention = queue?.messageRetentionSeconds;
  if (queue?.redrive === undefined || visibility === undefined || retention === undefined) return undefined;
  // A message that is visible again at once is received about once a second at the most.
  const cycleSeconds = Math.max(1, visibility);
  const untilRetention = Math.max(1, Math.floor(retention / cycleSeconds));
  const allowed = queue.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY;
  const attempts = Math.min(allowed, untilRetention);
  const byRedrive = queue.redrive !== null && allowed <= untilRetention;
  const lastsSeconds = byRedrive ? attempts * cycleSeconds : retention;
  const lasts = formatDuration(lastsSeconds * SECOND_MS);
  return {
    source: queue.name,
    attempts,
    usd: attempts * timeoutUsd(priced),
    lastsSeconds,
    endedBy: byRedrive ? 'dead-letter-queue' : 'retention',
    lost: !byRedrive,
    text: byRedrive
      ? `${formatCountOf(attempts, 'attempt')} in ${lasts}, then it moves to ${queue.redrive.deadLetterQueue}`
      : `${formatCountOf(attempts, 'attempt')} in ${lasts}, then retention deletes it`,
  };
}

/** A record on a stream: tried back to back, and everything behind it in the shard waits. */
export function poisonRecord(priced: PricedFunction, source: AuditEventSource): PoisonUnit | undefined {
  const { maximumRetryAttempts: retries, maximumRecordAgeSeconds: age } = source;
  if (retries === undefined || age === undefined) return undefined;
  const seconds = priced.fn.timeoutSeconds;
  const lifeSeconds = age < 0 ? STREAM_RETENTION_SECONDS : age;
  const untilOld = Math.max(1, Math.ceil(lifeSeconds / seconds));
  const allowed = retries < 0 ? Number.POSITIVE_INFINITY : retries + 1;
  const attempts = Math.min(allowed, untilOld);
  const byRetries = allowed <= untilOld;
  const lastsSeconds = byRetries ? attempts * seconds : lifeSeconds;
  const endedBy = byRetries ? 'retry limit' : age < 0 ? 'retention' : 'record age';
  const lost = typeof source.onFailure !== 'string' || endedBy === 'retention';
  const ends = endedBy === 'retention' ? 'the stream expires it' : `the ${endedBy} gives it up`;
  return {
    source: source.source,
    attempts,
    usd: attempts * timeoutUsd(priced),
    lastsSeconds,
    endedBy,
    lost,
    text: `${formatCountOf(attempts, 'attempt')} in ${formatDuration(lastsSeconds * SECOND_MS)}, then ${ends}; its shard waits`,
  };
}

/** An event of an asynchronous invocation: the first attempt and its retries. */
export function poisonEvent(priced: PricedFunction): PoisonUnit | undefined {
  const { asyncInvoke, deadLetterTarget, timeoutSeconds } = priced.fn;
  if (asyncInvoke === undefined) return undefined;
  const { maximumRetryAttempts, maximumEventAgeSeconds } = asyncInvoke ?? ASYNC_DEFAULTS;
  const attempts = 1 + maximumRetryAttempts;
  const waits = ASYNC_WAIT_SECONDS[maximumRetryAttempts] ?? ASYNC_WAIT_SECONDS[2];
  const lastsSeconds = Math.min(attempts * timeoutSeconds + waits, maximumEventAgeSeconds + timeoutSeconds);
  const lost = !asyncInvoke?.onFailure && !deadLetterTarget;
  return {
    source: 'asynchronous invocation',
    attempts,
    usd: attempts * timeoutUsd(priced),
    lastsSeconds,
    endedBy: 'retry limit',
    lost,
    text: `${formatCountOf(attempts, 'attempt')} in ${formatDuration(lastsSeconds * SECOND_MS)}, then it is ${lost ? 'dropped' : 'handed to the failure destination'}`,
  };
}
