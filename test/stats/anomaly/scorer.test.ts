import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnomalyScorer } from '../../../src/stats/anomaly/scorer.ts';
import { highest, MONDAY_AT, noise, POINTS_PER_DAY, STEP_MS, scoresOf, series } from './series.ts';

/** Any number a metric may hold, the extreme and the missing ones included. */
const anyValue = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 1.7e308, -1.7e308, 5e-324, 0) },
);

/** What a person would call worth a look: two decades. */
const ALARM = 0.28;

function firstAlarm(scores: readonly number[], from: number): number {
  return scores.findIndex((score, i) => i >= from && score > ALARM);
}

describe('a score', () => {
  it('depends on nothing later: a prefix of the series has a prefix of the scores', () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { minLength: 60, maxLength: 160 }),
        fc.nat(159),
        fc.array(anyValue, { maxLength: 40 }),
        (values, cut, otherFuture) => {
          const prefix = values.slice(0, cut);
          expect(scoresOf([...prefix, ...otherFuture]).slice(0, prefix.length)).toEqual(
            scoresOf(values).slice(0, prefix.length),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is from 0 to 1 whatever comes', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 40, maxLength: 200 }), (values) => {
        for (const score of scoresOf(values)) expect(score >= 0 && score < 1).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for the same series', () => {
    const values = series(900, (i) => 10 + noise(i) + (i === 700 ? 30 : 0));
    expect(scoresOf(values)).toEqual(scoresOf(values));
  });

  it('does not depend on the unit or the zero of the metric', () => {
    const values = series(2000, (i) => 10 + noise(i) + (i === 1500 ? 30 : 0));
    const rescaled = values.map((value) => 40_000 * value - 7_000_000);
    const scores = scoresOf(values);
    scoresOf(rescaled).forEach((score, i) => {
      expect(score).toBeCloseTo(scores[i] ?? Number.NaN, 3);
    });
  });

  it('of a missing point is 0, and nothing is learnt from it', () => {
    const values = series(1200, (i) => 10 + noise(i) + (i === 1100 ? 30 : 0));
    const plain = createAnomalyScorer();
    const gappy = createAnomalyScorer();
    values.forEach((value, i) => {
      const at = MONDAY_AT + i * STEP_MS;
      if (i % 7 === 3) expect(gappy.push(at, Number.NaN)).toBe(0);
      expect(gappy.push(at, value)).toBe(plain.push(at, value));
    });
  });

  it('needs no instants: without them only the seasons are left out', () => {
    const scorer = createAnomalyScorer();
    const scores = series(1500, (i) => 10 + noise(i) + (i === 1200 ? 30 : 0)).map((value) =>
      scorer.push(Number.NaN, value),
    );
    expect(firstAlarm(scores, 500)).toBe(1200);
  });

  it.each([
    ['all the same', () => 45],
    ['zero', () => 0],
    ['a tiny constant', () => 5e-324],
    ['a huge constant', () => 1.7e308],
  ])('of a constant series is always 0: %s', (_name, value) => {
    expect(highest(scoresOf(series(1500, value)), 0)).toBe(0);
  });

  it('still tells usual from unusual when it may remember little', () => {
    const values = series(3000, (i) => 10 + noise(i) + (i === 2500 ? 30 : 0));
    const scores = scoresOf(values, { historyPoints: 300 });
    expect(highest(scores, 2500, 2503)).toBe(highest(scores, 500));
  });
});

const ONSET = 2500;
const daily = (i: number): number => 50 + 30 * Math.sin((2 * Math.PI * i) / POINTS_PER_DAY) + 2 * noise(i);
const square = (i: number): number => {
  const hour = (i % POINTS_PER_DAY) / (POINTS_PER_DAY / 24);
  return hour >= 9 && hour < 18 ? 80 : 20;
};
const isOnDay = (i: number, day: number): boolean => Math.floor(i / POINTS_PER_DAY) === day;

interface Case {
  readonly what: string;
  readonly value: (i: number) => number;
  readonly onset: number;
  /** Points within which it must be seen. */
  readonly within: number;
}

describe('what it sees', () => {
  const cases: readonly Case[] = [
    {
      what: 'a spike in noise',
      value: (i) => 10 + noise(i) + (i === ONSET ? 12 : 0),
      onset: ONSET,
      within: 1,
    },
    { what: 'a dip in noise', value: (i) => 10 + noise(i) - (i === ONSET ? 9 : 0), onset: ONSET, within: 1 },
    {
      what: 'a level that moves and stays',
      value: (i) => 10 + noise(i) + (i >= ONSET ? 5 : 0),
      onset: ONSET,
      within: 5,
    },
    {
      what: 'a spike that would be usual at another time of day',
      value: (i) => daily(i) + (i >= ONSET && i < ONSET + 4 ? 35 : 0),
      onset: ONSET,
      within: 5,
    },
    {
      what: 'a daily jump that does not come',
      value: (i) => (isOnDay(i, 9) ? 20 : square(i)) + noise(i),
      onset: 9 * POINTS_PER_DAY + 9 * 12,
      within: 60,
    },
    {
      what: 'a day whose middle is flat',
      value: (i) => (isOnDay(i, 9) && square(i) === 80 ? 50 : square(i)) + noise(i),
      onset: 9 * POINTS_PER_DAY + 9 * 12,
      within: 60,
    },
    {
      what: 'a daily rhythm stuck at its last value',
      value: (i) => daily(Math.min(i, ONSET)),
      onset: ONSET,
      within: 60,
    },
    {
      what: 'noise ten times as wide',
      value: (i) => 50 + (i >= ONSET ? 10 : 1) * noise(i),
      onset: ONSET,
      within: 12,
    },
    {
      what: 'spikes of the usual height, far more often',
      value: (i) => (i % 90 === 0 || (i >= ONSET && i % 9 === 0) ? 20 : 0.1 * noise(i)),
      onset: ONSET,
      within: 60,
    },
    { what: 'the first change of a constant', value: (i) => (i >= ONSET ? 46 : 45), onset: ONSET, within: 1 },
  ];

  it.each(cases)('$what', ({ value, onset, within }) => {
    const scores = scoresOf(series(4000, value));
    expect(highest(scores, onset, onset + within)).toBeGreaterThan(ALARM);
    expect(highest(scores, onset, onset + within)).toBeGreaterThan(highest(scores, 800, onset));
  });

  it.each([
    { what: 'a smooth daily rhythm with noise', value: daily },
    { what: 'a square wave', value: square },
    { what: 'a square wave with noise', value: (i: number) => square(i) + noise(i) },
    { what: 'plain noise', value: (i: number) => 10 * noise(i) },
  ])('and leaves alone: $what', ({ value }) => {
    const scores = scoresOf(series(4000, value));
    expect(scores.slice(800).filter((score) => score > 0.4)).toEqual([]);
    expect(scores.slice(800).filter((score) => score > ALARM).length).toBeLessThanOrEqual(6);
  });

  it('tells one event once, however long it goes on', () => {
    const scores = scoresOf(series(4000, (i) => 10 + noise(i) + (i >= ONSET ? 50 : 0)));
    expect(scores.slice(ONSET, ONSET + 140).filter((score) => score > ALARM).length).toBeLessThanOrEqual(3);
  });

  it('speaks again within the rest when something clearly worse comes', () => {
    const value = (i: number): number => 10 + noise(i) + (i === ONSET ? 4 : 0) + (i === ONSET + 20 ? 400 : 0);
    const scores = scoresOf(series(4000, value));
    expect(scores[ONSET + 20]).toBeGreaterThan(Math.max(ALARM, scores[ONSET] ?? 1));
  });
});
