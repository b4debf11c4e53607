import { describe, expect, it } from 'vitest';
import { judgeCanary, watchMsOf } from '../../src/decide/canary.ts';
import type { KillRecord } from '../../src/model/kill.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { FunctionSeries, QueueSeries, Window } from '../../src/model/window.ts';
import { killOf } from '../store/samples.ts';
import { lambdaFunction, NOW, window } from './build.ts';

const MINUTES = 180;
const START_MINUTE = 150;

/** `worker` reads `orders` with two copies since minute 150 of the window. */
function tried(watchMinutes: number, over: Partial<KillRecord> = {}): KillRecord {
  const startedAt = window().startAt + START_MINUTE * MINUTE_MS;
  return killOf({
    functionName: 'worker',
    state: 'canary',
    steps: [
      { kind: 'disable-event-source', eventSourceId: 'esm-1', source: 'orders', priorEnabled: true },
      { kind: 'limit-event-source', eventSourceId: 'esm-1', source: 'orders', priorMaximumConcurrency: null },
    ],
    canary: { startedAt, watchUntilAt: startedAt + watchMinutes * MINUTE_MS, failures: 0 },
    ...over,
  });
}

/** A value for every minute since the start; before it, the loop that made the kill. */
function since(value: number, before = 60): Float64Array {
  return new Float64Array(MINUTES).map((_, minute) => (minute < START_MINUTE ? before : value));
}

function seen(lambda: FunctionSeries | undefined, sqs: QueueSeries | undefined): Window {
  const base = window();
  return {
    ...base,
    functions: new Map(lambda === undefined ? [] : [['worker', lambda]]),
    queues: new Map(sqs === undefined ? [] : [['orders', sqs]]),
  };
}

const BASELINES = { builtAt: NOW, functions: new Map(), queues: new Map() };
const judge = (record: KillRecord, at: Window) =>
  judgeCanary(record, { window: at, baselines: BASELINES, now: NOW });
const durations = { durationSumMs: since(1_000), durationAverageMs: since(500) };

describe('a restore that is tried out', () => {
  it.each([
    [
      'every delivery fails: the loop is still there, long before the watch is over',
      { invocations: since(4), errors: since(4), ...durations },
      { received: since(4), deleted: since(0, 0) },
      90,
      'failed',
    ],
    [
      'partial batch responses: Errors stays 0, and it is seen all the same',
      { invocations: since(4), errors: since(0, 0), ...durations },
      { received: since(4), deleted: since(0, 0) },
      90,
      'failed',
    ],
    [
      'a fifth of the deliveries fails',
      { invocations: since(10), errors: since(2), ...durations },
      { received: since(10), deleted: since(8) },
      90,
      'failed',
    ],
    [
      'all goes well, and the watch is not over',
      { invocations: since(4), errors: since(0), ...durations },
      { received: since(4), deleted: since(4) },
      90,
      'watching',
    ],
    [
      'all went well to the end of the watch',
      { invocations: since(4), errors: since(0), ...durations },
      { received: since(4), deleted: since(4) },
      20,
      'passed',
    ],
    [
      'nothing came to the end of the watch',
      { invocations: since(0), errors: since(0), ...durations },
      { received: since(0), deleted: since(0) },
      20,
      'passed',
    ],
    ['nothing of it can be read: nothing is concluded, ever', undefined, undefined, 20, 'unseen'],
    [
      'the queue cannot be read: the errors of the function tell',
      { invocations: since(4), errors: since(4), ...durations },
      undefined,
      90,
      'failed',
    ],
  ] as const)('%s', (_, lambda, sqs, watchMinutes, kind) => {
    expect(judge(tried(watchMinutes), seen(lambda, sqs)).kind).toBe(kind);
  });

  it('what failed before it began is not held against it', () => {
    const lambda = { invocations: since(4), errors: since(0), ...durations };
    const sqs = { received: since(4), deleted: since(4, 0) };
    expect(judge(tried(20), seen(lambda, sqs)).kind).toBe('passed');
  });

  it('one failure among many is what functions have', () => {
    const errors = since(0, 0);
    errors[165] = 1;
    const lambda = { invocations: since(40), errors, ...durations };
    const deleted = since(40);
    deleted[165] = 39;
    expect(judge(tried(20), seen(lambda, { received: since(40), deleted })).kind).toBe('passed');
  });
});

describe('how long it is watched', () => {
  const queue = (visibilityTimeoutSeconds: number) => ({
    name: 'orders',
    visibilityTimeoutSeconds,
    messageRetentionSeconds: 345_600,
    redrive: null,
  });
  // Timeout of 60 s: three minutes until Errors is complete, three more until it is readable.
  it.each([
    ['a short cycle: ten minutes at the least', 30, 10 + 3 + 3],
    ['three cycles', 600, 30 + 3 + 3],
    ['a cycle of hours: an hour and a half at the most', 43_200, 90 + 3 + 3],
  ])('%s', (_, visibilityTimeoutSeconds, minutes) => {
    expect(watchMsOf(lambdaFunction(), [queue(visibilityTimeoutSeconds)])).toBe(minutes * MINUTE_MS);
  });
});
