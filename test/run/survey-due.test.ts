import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Baselines, FunctionBaseline, QueueBaseline } from '../../src/model/baseline.ts';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { isSurveyDue, surveyHours } from '../../src/run/survey-due.ts';

const BUILT_AT = Date.parse('2026-11-24T04:00:00Z');

function fleet(functions: number, queues: number): Baselines {
  const keyed = <Value>(count: number) =>
    new Map(Array.from({ length: count }, (_, i) => [`name-${i}`, {} as Value]));
  return {
    builtAt: BUILT_AT,
    functions: keyed<FunctionBaseline>(functions),
    queues: keyed<QueueBaseline>(queues),
  };
}

describe('surveys', () => {
  it.each([
    [10, 10, 1],
    [40, 20, 1],
    [100, 40, 2],
    [200, 100, 5],
    [1_000, 500, 21],
    [5_000, 5_000, 24],
  ])('of %i functions and %i queues are made every %i hours', (functions, queues, hours) => {
    expect(surveyHours(fleet(functions, queues))).toBe(hours);
  });

  it('cost at most a quarter of the free requests a month, until once a day is the most seldom', () => {
    const size = fc.integer({ min: 0, max: 3_000 });
    fc.assert(
      fc.property(size, size, (functions, queues) => {
        const hours = surveyHours(fleet(functions, queues));
        const calls = ((functions * 5 + queues * 4) * 720) / hours;
        expect(hours === 24 || calls <= 250_000).toBe(true);
      }),
    );
  });

  it.each([
    ['the first is due at once', null, 0, true],
    ['not twice in the same hour', fleet(1, 1), 20 * MINUTE_MS, false],
    ['an hour later, though the schedule is a minute early', fleet(1, 1), HOUR_MS - MINUTE_MS, true],
    ['a large fleet waits', fleet(1_000, 500), 20 * HOUR_MS, false],
    ['a large fleet has its turn', fleet(1_000, 500), 21 * HOUR_MS, true],
  ] as const)('%s', (_, baselines, afterMs, due) => {
    expect(isSurveyDue(baselines, BUILT_AT + afterMs)).toBe(due);
  });
});
