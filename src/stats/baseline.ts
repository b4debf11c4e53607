import type { Baselines, FunctionBaseline, QueueBaseline } from '../model/baseline.ts';
import { type EpochMs, HOUR_MS } from '../model/time.ts';
import { isWeekend } from '../model/week.ts';
import { maximum, median, quantile, sum } from './series.ts';

/** Hours of history that go into a baseline: two weeks, so that every hour of the week is in it twice. */
export const BASELINE_HOURS = 336;

/** Whole hours of one function, index 0 the oldest; `NaN`: no datapoint in that hour. */
export interface FunctionHours {
  readonly invocations: Float64Array;
  readonly errors: Float64Array;
  readonly throttles: Float64Array;
  readonly durationSumMs: Float64Array;
  readonly durationMaximumMs: Float64Array;
  readonly concurrentExecutions: Float64Array;
  readonly memoryMB: number;
}

/** Whole hours of one queue. `visible` is the hour's Maximum. */
export interface QueueHours {
  readonly sent: Float64Array;
  readonly received: Float64Array;
  readonly deleted: Float64Array;
  readonly visible: Float64Array;
}

/** All arrays have the same length; hour `i` starts at `startAt + i * HOUR_MS`. */
export interface HourlyHistory {
  readonly startAt: EpochMs;
  readonly functions: ReadonlyMap<string, FunctionHours>;
  readonly queues: ReadonlyMap<string, QueueHours>;
}

/** A stretch of time in which a function or queue was not itself. */
export interface AbnormalSpan {
  readonly names: readonly string[];
  readonly fromAt: EpochMs;
  readonly toAt: EpochMs;
}

/** Turns hourly history into what is normal, leaving out hours that touch an abnormal span of that name. */
export function buildBaselines(input: {
  readonly builtAt: EpochMs;
  readonly history: HourlyHistory;
  readonly abnormal: readonly AbnormalSpan[];
}): Baselines {
  const { history } = input;
  const functions = new Map<string, FunctionBaseline>();
  for (const [name, hours] of history.functions) {
    const kept = normalHours(name, hours.invocations.length, history.startAt, input.abnormal);
    if (kept.length > 0) functions.set(name, functionBaseline(hours, kept, history.startAt));
  }
  const queues = new Map<string, QueueBaseline>();
  for (const [name, hours] of history.queues) {
    const kept = normalHours(name, hours.sent.length, history.startAt, input.abnormal);
    if (kept.length > 0) queues.set(name, queueBaseline(hours, kept, history.startAt));
  }
  return { builtAt: input.builtAt, functions, queues };
}

function normalHours(
  name: string,
  hours: number,
  startAt: EpochMs,
  abnormal: readonly AbnormalSpan[],
): readonly number[] {
  const spans = abnormal.filter((span) => span.names.includes(name));
  const kept: number[] = [];
  for (let hour = Math.max(0, hours - BASELINE_HOURS); hour < hours; hour++) {
    const fromAt = startAt + hour * HOUR_MS;
    if (!spans.some((span) => span.fromAt < fromAt + HOUR_MS && span.toAt > fromAt)) kept.push(hour);
  }
  return kept;
}

function pick(series: Float64Array, hours: readonly number[]): Float64Array {
  const picked = new Float64Array(hours.length);
  for (let i = 0; i < hours.length; i++) picked[i] = series[hours[i] as number] as number;
  return picked;
}

/** a / b hour by hour; `NaN` where b is not positive. */
function ratio(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) =>
    (b[i] as number) > 0 ? Math.max(0, value || 0) / (b[i] as number) : Number.NaN,
  );
}

function byHourOfDay(values: Float64Array, hours: readonly number[], startAt: EpochMs): Float64Array {
  const buckets: number[][] = Array.from({ length: 24 }, () => []);
  const first = Math.floor(startAt / HOUR_MS);
  for (let i = 0; i < hours.length; i++)
    buckets[(first + (hours[i] as number)) % 24]?.push(values[i] as number);
  return Float64Array.from(buckets, (bucket) => median(bucket));
}

/** Hours from Monday to Friday after which working days are known: until Monday 20:00 UTC, which is noon in California. */
const WORKDAY_HOURS_MIN = 20;

/** Hours before the first that was active are none of its own. */
function isOfWeekend(activity: Float64Array, kept: readonly number[], startAt: EpochMs): boolean {
  const first = kept.findIndex((hour) => (activity[hour] as number) > 0);
  const own = first < 0 ? [] : kept.slice(first);
  const atWeekend = own.filter((hour) => isWeekend(startAt + hour * HOUR_MS)).length;
  return atWeekend > 0 && own.length - atWeekend < WORKDAY_HOURS_MIN;
}

function functionBaseline(all: FunctionHours, kept: readonly number[], startAt: EpochMs): FunctionBaseline {
  const invocations = pick(all.invocations, kept);
  const errors = pick(all.errors, kept);
  const throttles = sum(pick(all.throttles, kept));
  const durationSumMs = pick(all.durationSumMs, kept);
  const concurrency = pick(all.concurrentExecutions, kept);
  const invoked = sum(invocations);
  const averageMs = ratio(durationSumMs, invocations);
  const gbSeconds = durationSumMs.map((ms) => (ms / 1000) * (all.memoryMB / 1024));
  return {
    activeHours: invocations.filter((count) => count > 0).length,
    hours: kept.length,
    isOfWeekend: isOfWeekend(all.invocations, kept, startAt),
    invocationsPerHour: median(invocations.filter((count) => count > 0)) || 0,
    errorShare: invoked > 0 ? sum(errors) / invoked : 0,
    errorShareP95: quantile(ratio(errors, invocations), 0.95) || 0,
    throttleShare: invoked + throttles > 0 ? throttles / (invoked + throttles) : 0,
    durationMs: median(averageMs),
    durationP95Ms: quantile(averageMs, 0.95),
    durationMaximumP95Ms: quantile(pick(all.durationMaximumMs, kept), 0.95),
    concurrencyByHour: byHourOfDay(concurrency, kept, startAt),
    invocationsByHour: byHourOfDay(invocations, kept, startAt),
    gbSecondsByHour: byHourOfDay(gbSeconds, kept, startAt),
    invocationsMaximum: maximum(invocations) || 0,
    gbSecondsMaximum: maximum(gbSeconds) || 0,
    concurrencyMaximum: maximum(concurrency) || 0,
  };
}

function queueBaseline(all: QueueHours, kept: readonly number[], startAt: EpochMs): QueueBaseline {
  const sent = pick(all.sent, kept);
  const received = pick(all.received, kept);
  const deleted = pick(all.deleted, kept);
  const visible = pick(all.visible, kept);
  const failed = received.map((count, i) => Math.max(0, (count || 0) - (deleted[i] || 0)));
  const arrivals = visible.map((depth, i) =>
    i === 0 ? Number.NaN : Math.max(0, depth - (visible[i - 1] as number) + (deleted[i] || 0)),
  );
  const receivedTotal = sum(received);
  return {
    activeHours: received.filter((count) => count > 0).length,
    hours: kept.length,
    isOfWeekend: isOfWeekend(all.received, kept, startAt),
    failedReceiveShare: receivedTotal > 0 ? Math.max(0, receivedTotal - sum(deleted)) / receivedTotal : 0,
    failedReceiveShareP95: quantile(ratio(failed, received), 0.95) || 0,
    sentPerHour: median(sent.filter((count) => count > 0)) || 0,
    sentMaximum: maximum(sent) || 0,
    arrivalsPerHour: median(arrivals) || 0,
    arrivalsMaximum: maximum(arrivals) || 0,
  };
}
