import { MINUTE_MS } from '../model/time.ts';

/** Part of a minute's work that became readable `delay` minutes later than the minute itself. */
export interface LateGroup {
  readonly minute: number;
  readonly delay: number;
  invocations: number;
  errors: number;
  durationSumMs: number;
  durationMaximumMs: number;
}

/** What CloudWatch gets of one function, by minute of the invocation's start, and what it costs, by minute of running. */
export interface FunctionRecord {
  readonly invocations: Float64Array;
  readonly errors: Float64Array;
  readonly throttles: Float64Array;
  readonly durationSumMs: Float64Array;
  /** Of the invocations that were not late. */
  readonly durationMaximumMs: Float64Array;
  readonly concurrency: Float64Array;
  readonly asyncReceived: Float64Array;
  readonly asyncDropped: Float64Array;
  /** NaN: no event was handed over in the minute. */
  readonly asyncAgeMs: Float64Array;
  readonly iteratorAgeMs: Float64Array;
  readonly recursiveDropped: Float64Array;
  /** By `minute * 4096 + delay`. */
  readonly late: Map<number, LateGroup>;
  readonly usd: Float64Array;
  readonly wastedUsd: Float64Array;
  readonly excessUsd: Float64Array;
}

export interface QueueRecord {
  readonly sent: Float64Array;
  readonly received: Float64Array;
  readonly deleted: Float64Array;
  readonly visible: Float64Array;
  readonly notVisible: Float64Array;
  readonly ageSeconds: Float64Array;
  /** GetQueueAttributes at the tick that is the first to see the minute. */
  readonly attributeVisible: Float64Array;
  readonly attributeNotVisible: Float64Array;
  /** 1: SQS publishes metrics of the queue in this minute. */
  readonly active: Uint8Array;
}

export function createFunctionRecord(minutes: number): FunctionRecord {
  const counter = (): Float64Array => new Float64Array(minutes);
  return {
    invocations: counter(),
    errors: counter(),
    throttles: counter(),
    durationSumMs: counter(),
    durationMaximumMs: counter(),
    concurrency: counter(),
    asyncReceived: counter(),
    asyncDropped: counter(),
    asyncAgeMs: counter().fill(Number.NaN),
    iteratorAgeMs: counter().fill(Number.NaN),
    recursiveDropped: counter(),
    late: new Map(),
    usd: counter(),
    wastedUsd: counter(),
    excessUsd: counter(),
  };
}

export function createQueueRecord(minutes: number): QueueRecord {
  const counter = (): Float64Array => new Float64Array(minutes);
  return {
    sent: counter(),
    received: counter(),
    deleted: counter(),
    visible: counter(),
    notVisible: counter(),
    ageSeconds: counter(),
    attributeVisible: counter().fill(Number.NaN),
    attributeNotVisible: counter().fill(Number.NaN),
    active: new Uint8Array(minutes),
  };
}

/** Adds to the minute of `at`; what lies outside the trace is dropped. */
export function count(series: Float64Array, at: number, amount = 1): void {
  const minute = Math.floor(at / MINUTE_MS);
  if (minute >= 0 && minute < series.length) series[minute] = (series[minute] as number) + amount;
}

export function raise(series: Float64Array, at: number, value: number): void {
  const minute = Math.floor(at / MINUTE_MS);
  const current = series[minute];
  if (current !== undefined && !(current >= value)) series[minute] = value;
}

/**
 * A datapoint holds the invocations that ended up to this long after its minute when it is first published; what ends
 * later is added in later minutes (AWS gives no figure, assumption). Never longer than the publish delay.
 */
export const GRACE_MS = 10_000;

/** Books an invocation that ended: in the minute of its start, late by the minutes its end came after that minute. */
export function recordInvocation(
  record: FunctionRecord,
  run: {
    readonly startAt: number;
    readonly endAt: number;
    readonly durationMs: number;
    readonly failed: boolean;
    readonly graceMs: number;
  },
): void {
  const minute = Math.floor(run.startAt / MINUTE_MS);
  if (minute < 0 || minute >= record.invocations.length) return;
  record.invocations[minute] = (record.invocations[minute] as number) + 1;
  record.durationSumMs[minute] = (record.durationSumMs[minute] as number) + run.durationMs;
  if (run.failed) record.errors[minute] = (record.errors[minute] as number) + 1;
  const inTimeUntil = (minute + 1) * MINUTE_MS + run.graceMs;
  if (run.endAt <= inTimeUntil) {
    if (run.durationMs > (record.durationMaximumMs[minute] as number))
      record.durationMaximumMs[minute] = run.durationMs;
    return;
  }
  const delay = Math.ceil((run.endAt - inTimeUntil) / MINUTE_MS);
  const key = minute * 4096 + delay;
  let group = record.late.get(key);
  if (group === undefined) {
    group = { minute, delay, invocations: 0, errors: 0, durationSumMs: 0, durationMaximumMs: 0 };
    record.late.set(key, group);
  }
  group.invocations++;
  group.durationSumMs += run.durationMs;
  if (run.failed) group.errors++;
  if (run.durationMs > group.durationMaximumMs) group.durationMaximumMs = run.durationMs;
}

/** Dollars of something that took from `startAt` to `endAt`; what lies beyond `untilAt` is left out. */
export interface Cost {
  readonly usd: number;
  readonly startAt: number;
  readonly endAt: number;
  readonly untilAt: number;
}

/** Spreads dollars evenly over the time they are spent in, minute by minute. */
export function accrue(series: Float64Array, cost: Cost): void {
  const { usd, startAt, untilAt } = cost;
  const endAt = cost.endAt > startAt ? cost.endAt : startAt + 1;
  let minute = Math.floor(startAt / MINUTE_MS);
  if (endAt <= (minute + 1) * MINUTE_MS && untilAt >= endAt) {
    if (minute < series.length) series[minute] = (series[minute] as number) + usd;
    return;
  }
  const stopAt = Math.min(untilAt, endAt);
  const usdPerMs = usd / (endAt - startAt);
  for (let at = startAt; at < stopAt && minute < series.length; minute++) {
    const until = Math.min(stopAt, (minute + 1) * MINUTE_MS);
    series[minute] = (series[minute] as number) + usdPerMs * (until - at);
    at = until;
  }
}
