import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/model/time.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { createWorld } from '../../src/simulate/world.ts';
import { functionSpec, START, scenario } from './build.ts';
import { seriesOf } from './read.ts';

/** Calls of one function, each with its own second of the hour and duration. */
function callsOf(runs: readonly { readonly atMinute: number; readonly durationMs: number }[]) {
  return scenario({
    functions: runs.map(({ durationMs }, index) =>
      functionSpec({ name: `run-${index}`, durationMedianMs: durationMs, timeoutSeconds: 900 }),
    ),
    producers: runs.map(({ atMinute }, index) => ({
      target: { kind: 'direct', function: `run-${index}`, callerRetries: 0 },
      traffic: {
        kind: 'schedule',
        everyMinutes: 1_000_000,
        offsetMinutes: atMinute,
        count: 1,
        spreadSeconds: 0,
      },
    })),
  });
}

describe('late data', () => {
  it.each([
    ['50 s: ends within its minute', 50_000, undefined],
    ['65 s: ends within the grace after its minute', 65_000, undefined],
    ['75 s: one minute late', 75_000, 1],
    ['300 s from the first second of a minute: four minutes late', 300_000, 4],
    ['310 s', 311_500, 5],
  ])('a run of %s', (_, durationMs, delay) => {
    const { trace } = simulate(callsOf([{ atMinute: 3, durationMs }]));
    const invocations = seriesOf(trace, 'run-0', 'Invocations');
    expect(invocations.values[3]).toBe(1);
    expect(invocations.late).toEqual(delay === undefined ? undefined : [[3, delay, 1]]);
    expect(seriesOf(trace, 'run-0', 'Duration').late).toEqual(
      delay === undefined ? undefined : [[3, delay, durationMs]],
    );
    expect(seriesOf(trace, 'run-0', 'Duration', 'Maximum').late).toEqual(
      delay === undefined ? undefined : [[3, delay, null]],
    );
    expect(seriesOf(trace, 'run-0', 'Errors').late).toBeUndefined();
    expect(seriesOf(trace, 'run-0', 'ConcurrentExecutions', 'Maximum').late).toBeUndefined();
  });

  it('Average and Maximum show what had ended until then', () => {
    const shared = callsOf([
      { atMinute: 3, durationMs: 20_000 },
      { atMinute: 3, durationMs: 200_000 },
    ]);
    // Both runs of one function: the long one is made by slowing it down for the second call.
    const { trace } = simulate({
      ...shared,
      functions: [functionSpec({ name: 'run-0', durationMedianMs: 20_000, timeoutSeconds: 900 })],
      producers: [
        {
          target: { kind: 'direct', function: 'run-0', callerRetries: 0 },
          traffic: {
            kind: 'schedule',
            everyMinutes: 1_000_000,
            offsetMinutes: 3,
            count: 2,
            spreadSeconds: 20,
          },
        },
      ],
      events: [
        {
          atMinute: 3 + 5 / 60,
          untilMinute: 4,
          effects: [{ kind: 'slow', function: 'run-0', factor: 10 }],
          meaning: { kind: 'background' },
        },
      ],
    });
    const average = seriesOf(trace, 'run-0', 'Duration', 'Average');
    const maximum = seriesOf(trace, 'run-0', 'Duration', 'Maximum');
    expect([average.values[3], maximum.values[3]]).toEqual([110_000, 200_000]);
    expect(average.late).toEqual([[3, 3, 20_000]]);
    expect(maximum.late).toEqual([[3, 3, 20_000]]);
    expect(seriesOf(trace, 'run-0', 'Invocations').late).toEqual([[3, 3, 1]]);
  });

  it('concurrency shows a run at once that its other metrics show minutes later', () => {
    const world = createWorld(callsOf([{ atMinute: 3, durationMs: 600_000 }]));
    const now = START + 6 * MINUTE_MS;
    world.advanceTo(now);
    const series = world.window(now, 5).functions.get('run-0');
    expect(series?.concurrentExecutions?.[3]).toBe(1);
    expect(series?.invocations?.[3]).toBeNaN();
    world.advanceTo(now + 9 * MINUTE_MS);
    expect(world.window(now + 9 * MINUTE_MS, 14).functions.get('run-0')?.invocations?.[3]).toBe(1);
  });
});
