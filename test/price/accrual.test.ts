import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FunctionSeries, QueueSeries } from '../../src/model/window.ts';
import { accrue } from '../../src/price/accrual.ts';
import { lambdaFunction } from '../decide/build.ts';

const PER_GB_SECOND = 0.0000166667;
const PER_REQUEST = 0.2e-6;
const IDLE_POLLS = (15 * 0.4) / 1e6;

function spend(
  lambda: FunctionSeries,
  queues: readonly QueueSeries[],
  timeoutSeconds = 60,
  minutes = 10,
): Float64Array {
  const fn = lambdaFunction({
    timeoutSeconds,
    eventSources: queues.length > 0 ? lambdaFunction().eventSources : [],
  });
  return accrue({ region: 'us-east-1', fn, lambda, queues, minutes, pricing: {} }).usd;
}

function minutes(...values: number[]): Float64Array {
  return Float64Array.from(values);
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

describe('accrue', () => {
  it('prices what is reported: duration and requests', () => {
    const usd = spend({ invocations: minutes(4, 0), durationSumMs: minutes(8_000, 0) }, [], 60, 2);
    expect(usd[0]).toBeCloseTo(8 * PER_GB_SECOND + 4 * PER_REQUEST, 12);
    expect(usd[1]).toBe(0);
  });

  it('spreads a long invocation over the minutes in which it runs', () => {
    const lambda = {
      invocations: minutes(1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
      durationSumMs: minutes(300_000, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    };
    const usd = spend(lambda, [], 300);
    expect(usd[2]).toBeCloseTo(60 * PER_GB_SECOND, 9);
    expect(usd[0]).toBeCloseTo(30 * PER_GB_SECOND + PER_REQUEST, 9);
    expect(usd[7]).toBe(0);
  });

  it('prices what has begun and is not reported yet, up to now', () => {
    const nothing = new Float64Array(10).fill(Number.NaN);
    const received = minutes(0, 0, 0, 0, 0, 0, 2, 0, 0, 0);
    const concurrency = minutes(0, 0, 0, 0, 0, 0, 2, 2, 2, 2);
    const usd = spend(
      { invocations: nothing, durationSumMs: nothing, concurrentExecutions: concurrency },
      [{ received }],
      300,
    );
    expect(usd[8]).toBeCloseTo(120 * PER_GB_SECOND + IDLE_POLLS, 9);
  });

  it('does not take for running what its concurrency does not show', () => {
    const nothing = new Float64Array(10).fill(Number.NaN);
    const received = minutes(0, 0, 0, 0, 0, 0, 50, 0, 0, 0);
    const concurrency = new Float64Array(10).fill(1);
    const usd = spend(
      { invocations: nothing, durationSumMs: nothing, concurrentExecutions: concurrency },
      [{ received }],
      300,
    );
    expect(usd[8]).toBeCloseTo(60 * PER_GB_SECOND + IDLE_POLLS, 9);
  });

  it('counts a receive and a delete for each success, and no delete for a failure', () => {
    const lambda = { invocations: minutes(10), errors: minutes(4), durationSumMs: minutes(0) };
    expect(spend(lambda, [{}], 60, 1)[0]).toBeCloseTo(10 * PER_REQUEST + (16 * 0.4) / 1e6 + IDLE_POLLS, 12);
  });

  it('spreading loses nothing, wherever the window is long enough', () => {
    const count = fc.integer({ min: 1, max: 50 });
    const averageMs = fc.double({ min: 1, max: 290_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(count, averageMs), { minLength: 1, maxLength: 20 }), (work) => {
        const invocations = new Float64Array(40);
        const durationSumMs = new Float64Array(40);
        work.forEach(([n, ms], i) => {
          invocations[i] = n;
          durationSumMs[i] = n * ms;
        });
        const seconds = total(durationSumMs) / 1000;
        const usd = spend({ invocations, durationSumMs }, [], 300, 40);
        expect(total(usd)).toBeCloseTo(seconds * PER_GB_SECOND + total(invocations) * PER_REQUEST, 6);
      }),
    );
  });
});
