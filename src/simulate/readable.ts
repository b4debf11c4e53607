import { MINUTE_MS } from '../model/time.ts';
import type { FunctionSeries, QueueSeries } from '../model/window.ts';
import type { FunctionRecord, LateGroup, QueueRecord } from './recorder.ts';
import type { World } from './state.ts';

/** Minutes [from, from + minutes) of the scenario as they are readable at `now` (ms since its start). */
export interface Reading {
  readonly now: number;
  readonly from: number;
  readonly minutes: number;
}

/** Whether the datapoint of a minute is readable: published, and not in a gap of CloudWatch. */
function isReadable(world: World, name: string, minute: number, now: number): boolean {
  if (minute < 0 || minute >= world.minutes) return false;
  if ((minute + 1) * MINUTE_MS + world.publishDelayMs > now) return false;
  for (const gap of world.gaps) {
    if (gap.scope !== '*' && gap.scope !== name) continue;
    if (minute < gap.fromMinute || minute >= gap.untilMinute) continue;
    if (gap.lost || gap.untilMinute * MINUTE_MS + world.publishDelayMs > now) return false;
  }
  return true;
}

function series(minutes: number): Float64Array {
  return new Float64Array(minutes).fill(Number.NaN);
}

/** Series of a function. A minute without an invocation has no datapoint of it; one with throttles alone has those. */
export function readFunction(
  world: World,
  name: string,
  record: FunctionRecord,
  reading: Reading,
): FunctionSeries {
  const { now, from, minutes } = reading;
  const pending = pendingGroups(world, record, reading);
  const maxima = finalMaxima(record);
  const result = {
    invocations: series(minutes),
    errors: series(minutes),
    throttles: series(minutes),
    durationSumMs: series(minutes),
    durationAverageMs: series(minutes),
    durationMaximumMs: series(minutes),
    concurrentExecutions: series(minutes),
    asyncEventsReceived: series(minutes),
    asyncEventsDropped: series(minutes),
    asyncEventAgeMaximumMs: series(minutes),
    iteratorAgeMaximumMs: series(minutes),
    recursiveInvocationsDropped: series(minutes),
  };
  for (let index = 0; index < minutes; index++) {
    const minute = from + index;
    if (!isReadable(world, name, minute, now)) continue;
    const groups = pending.get(minute);
    const late = sumOf(groups?.late);
    const invocations = (record.invocations[minute] as number) - late.invocations;
    const throttles = record.throttles[minute] as number;
    if (invocations > 0) {
      const sum = (record.durationSumMs[minute] as number) - late.durationSumMs;
      result.invocations[index] = invocations;
      result.errors[index] = (record.errors[minute] as number) - late.errors;
      result.durationSumMs[index] = sum;
      result.durationAverageMs[index] = round1(sum / invocations);
      result.durationMaximumMs[index] = groups?.shownMaximumMs ?? (maxima[minute] as number);
    }
    if (invocations > 0 || throttles > 0) result.throttles[index] = throttles;
    positive(result.concurrentExecutions, index, record.concurrency[minute]);
    positive(result.asyncEventsReceived, index, record.asyncReceived[minute]);
    positive(result.asyncEventsDropped, index, record.asyncDropped[minute]);
    positive(result.recursiveInvocationsDropped, index, record.recursiveDropped[minute]);
    result.asyncEventAgeMaximumMs[index] = record.asyncAgeMs[minute] as number;
    result.iteratorAgeMaximumMs[index] = record.iteratorAgeMs[minute] as number;
  }
  return result;
}

function positive(into: Float64Array, index: number, value: number | undefined): void {
  if (value !== undefined && value > 0) into[index] = value;
}

export function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

interface Pending {
  readonly late: LateGroup[];
  shownMaximumMs: number;
}

/** Late parts of the minutes that are not readable yet, and the Maximum that is shown until then. */
function pendingGroups(world: World, record: FunctionRecord, reading: Reading): Map<number, Pending> {
  const pending = new Map<number, Pending>();
  const shown: LateGroup[] = [];
  for (const group of record.late.values()) {
    if (group.minute < reading.from || group.minute >= reading.from + reading.minutes) continue;
    const readableAt = (group.minute + group.delay + 1) * MINUTE_MS + world.publishDelayMs;
    if (readableAt <= reading.now) {
      shown.push(group);
      continue;
    }
    const entry = pending.get(group.minute);
    if (entry !== undefined) entry.late.push(group);
    else {
      const shownMaximumMs = record.durationMaximumMs[group.minute] as number;
      pending.set(group.minute, { late: [group], shownMaximumMs });
    }
  }
  for (const group of shown) {
    const entry = pending.get(group.minute);
    if (entry !== undefined) entry.shownMaximumMs = Math.max(entry.shownMaximumMs, group.durationMaximumMs);
  }
  return pending;
}

function sumOf(groups: readonly LateGroup[] | undefined): {
  invocations: number;
  errors: number;
  durationSumMs: number;
} {
  const sum = { invocations: 0, errors: 0, durationSumMs: 0 };
  for (const group of groups ?? []) {
    sum.invocations += group.invocations;
    sum.errors += group.errors;
    sum.durationSumMs += group.durationSumMs;
  }
  return sum;
}

/** Final Maximum of Duration of every minute, late invocations included. */
export function finalMaxima(record: FunctionRecord): Float64Array {
  const maxima = record.durationMaximumMs.slice();
  for (const group of record.late.values()) {
    if (group.durationMaximumMs > (maxima[group.minute] as number))
      maxima[group.minute] = group.durationMaximumMs;
  }
  return maxima;
}

/** Series of a queue: zeros while it is active, no datapoints while it is not. */
export function readQueue(world: World, name: string, record: QueueRecord, reading: Reading): QueueSeries {
  const { now, from, minutes } = reading;
  const result = {
    sent: series(minutes),
    received: series(minutes),
    deleted: series(minutes),
    visible: series(minutes),
    notVisible: series(minutes),
    ageOfOldestSeconds: series(minutes),
    attributeVisible: series(minutes),
    attributeNotVisible: series(minutes),
  };
  for (let index = 0; index < minutes; index++) {
    const minute = from + index;
    if (minute >= 0 && (minute + 1) * MINUTE_MS + world.publishDelayMs <= now) {
      result.attributeVisible[index] = record.attributeVisible[minute] ?? Number.NaN;
      result.attributeNotVisible[index] = record.attributeNotVisible[minute] ?? Number.NaN;
    }
    if (!isReadable(world, name, minute, now) || record.active[minute] !== 1) continue;
    result.sent[index] = record.sent[minute] as number;
    result.received[index] = record.received[minute] as number;
    result.deleted[index] = record.deleted[minute] as number;
    result.visible[index] = record.visible[minute] as number;
    result.notVisible[index] = record.notVisible[minute] as number;
    result.ageOfOldestSeconds[index] = record.ageSeconds[minute] as number;
  }
  return result;
}
