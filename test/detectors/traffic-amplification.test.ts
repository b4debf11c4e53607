import { describe, expect, it } from 'vitest';
import { trafficAmplification } from '../../detectors/traffic-amplification.ts';
import { DAY_MS } from '../../src/model/time.ts';
import { baselines, kinds, NO_HISTORY, onsetMinute, type Scene, START_AT, told, windowOf } from './build.ts';
import { arrivals } from './counts.ts';

const evaluate = (scene: Scene, history = baselines()) =>
  told(trafficAmplification.evaluate(windowOf(scene), history));

const passing = (sent: string): Scene => ({
  lambda: { invocations: sent },
  orders: { sent, received: sent, deleted: sent, visible: '0x180' },
});

const usual = (minutes: number) => arrivals(minutes, { mean: 10 });

/** Where one message was sent there are twelve, from minute 120 on. */
const MULTIPLIED = passing(`${usual(120)} ${arrivals(60, { mean: 120, clump: 12, seed: 3 })}`);

describe('traffic-amplification', () => {
  it('opens after a quarter of an hour where each unit of work makes many', () => {
    const [found] = evaluate(MULTIPLIED);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ functions: ['worker'], queues: ['orders'] });
    expect(kinds(found)).toEqual(['arrivals', 'processed', 'clumps']);
    expect(onsetMinute(found)).toBeGreaterThanOrEqual(119);
    expect(onsetMinute(found)).toBeLessThanOrEqual(123);
    expect(found.wastedShare?.[150]).toBeCloseTo(11 / 12, 1);
    expect(found.wastedShare?.[60]).toBe(0);
  });

  it('opens after ten minutes where counts are multiples', () => {
    const since = (minutes: number) =>
      passing(`${usual(180 - minutes)} ${arrivals(minutes, { mean: 120, clump: 12, seed: 3 })}`);
    expect(evaluate(since(12))).toHaveLength(1);
    expect(evaluate(since(8))).toEqual([]);
    // As large and as uneven, but not of copies.
    const uneven = arrivals(12, { mean: 120, clump: 12, seed: 3 }).split(' ');
    const nearly = uneven.map((count, i) => Number(count) + ((5 * i) % 7)).join(' ');
    expect(evaluate(passing(`${usual(168)} ${nearly}`))).toEqual([]);
  });

  it('opens for single arrivals only once they outlast any surge, and are larger than any', () => {
    const surge = passing(`${usual(70)} ${arrivals(110, { mean: 120, seed: 3 })}`);
    const [found] = evaluate(surge);
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(['arrivals', 'processed']);
    expect(found.wastedShare?.[150]).toBeCloseTo(11 / 12, 1);
  });

  it('names both explanations of what comes as from a schedule, when it has lasted for half an hour', () => {
    const every = (minutes: number) => `120x${minutes}`;
    const [found] = evaluate(passing(`${usual(70)} ${every(110)}`));
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(['arrivals', 'processed', 'regular']);
    expect(found.evidence.at(-1)?.text).toContain(
      'a schedule that is new or sends more, or the same messages',
    );
    expect(evaluate(passing(`${usual(120)} ${every(60)}`))).toHaveLength(1);
    expect(evaluate(passing(`${usual(155)} ${every(25)}`))).toEqual([]);
  });

  it('opens soon where arrivals keep doubling, and not where they jump or climb', () => {
    const since = (minutes: number, of: (i: number) => number) =>
      passing(`${usual(180 - minutes)} ${arrivals(minutes, { mean: of, seed: 3 })}`);
    const [found] = evaluate(since(40, (i) => 10 * 2 ** (i / 5)));
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(['arrivals', 'processed', 'doubling']);
    expect(found.mayBeWanted).toBe(true);
    expect(evaluate(since(40, () => 1000))).toEqual([]);
    expect(evaluate(since(40, (i) => 10 + 25 * i))).toEqual([]);
  });

  it('takes a burst that is over for what it is, though the mean stays high for hours', () => {
    const surge = (last: number) =>
      passing(
        `${usual(70)} ${arrivals(95, { mean: 120, seed: 3 })} ${arrivals(15, { mean: last, seed: 4 })}`,
      );
    expect(evaluate(surge(30))).toEqual([]);
    expect(evaluate(surge(90))).toHaveLength(1);
  });

  it('counts calls, where nothing but calls starts the function', () => {
    const calls = `${usual(70)} ${arrivals(110, { mean: 120, seed: 3 })}`;
    const [found] = evaluate({ source: null, lambda: { invocations: calls } });
    expect(found).toMatchObject({ queues: [] });
    expect(found?.evidence[0]?.text).toContain('calls a minute');
  });

  it('opens without history where clumps give it away', () => {
    expect(evaluate(MULTIPLIED, NO_HISTORY)).toHaveLength(1);
    const young = `${arrivals(20, { mean: 10 })} ${arrivals(30, { mean: 120, clump: 12, seed: 3 })}`;
    expect(
      evaluate({ ...passing(young), orders: { ...passing(young).orders, visible: '0x50' } }, NO_HISTORY),
    ).toHaveLength(1);
  });

  describe('below the busiest hour of its history', () => {
    const busyDays = baselines({
      worker: { invocationsPerHour: 3000, invocationsMaximum: 9000 },
      orders: { sentPerHour: 3000, sentMaximum: 9000 },
    });

    it('opens where one message became many', () => {
      const [found] = evaluate(MULTIPLIED, busyDays);
      expect(found === undefined ? [] : kinds(found)).toContain('clumps');
    });

    it('stays open while it goes on, and counts from its onset', () => {
      const sent = `${usual(60)} ${arrivals(120, { mean: 50, clump: 5, seed: 3 })}`;
      const [found] = evaluate(passing(sent), busyDays);
      expect(found === undefined ? null : onsetMinute(found)).toBeCloseTo(60, -1);
    });

    it.each<[string, string]>([
      ['single arrivals', `${usual(120)} ${arrivals(60, { mean: 120, seed: 3 })}`],
      ['single arrivals after nothing', `0x120 ${arrivals(60, { mean: 60, seed: 3 })}`],
      [
        'more clumps of the usual size',
        `${arrivals(120, { mean: 10, clump: 5 })} ${arrivals(60, { mean: 60, clump: 5, seed: 3 })}`,
      ],
      [
        'a batch that is sent in clumps after nothing',
        `0x120 ${arrivals(60, { mean: 60, clump: 10, seed: 3 })}`,
      ],
    ])('leaves alone %s', (_name, sent) => {
      expect(evaluate(passing(sent), busyDays)).toEqual([]);
    });
  });

  it('begins where it began, also while the newest minute is not published', () => {
    const sent = `${MULTIPLIED.orders?.sent?.split(' ').slice(0, -1).join(' ')} _`;
    expect(evaluate(passing(sent))[0]?.onsetAt).toBe(evaluate(MULTIPLIED)[0]?.onsetAt);
  });

  it.each<[string, Scene]>([
    ['a spike of fifty minutes', passing(`${usual(130)} ${arrivals(50, { mean: 300, seed: 3 })}`)],
    ['a spike that is over', passing(`${usual(60)} ${arrivals(30, { mean: 300, seed: 3 })} ${usual(90)}`)],
    ['a month end at six times the usual', passing(`${usual(20)} ${arrivals(160, { mean: 55, seed: 3 })}`)],
    ['a batch job at a constant pace', passing(`${usual(150)} 500x10 ${usual(20)}`)],
    [
      'work that always comes in clumps',
      passing(`${arrivals(120, { mean: 10, clump: 10 })} ${arrivals(60, { mean: 60, clump: 10, seed: 3 })}`),
    ],
    [
      'retries: nobody sends them',
      {
        lambda: { invocations: '10x90 200x90' },
        orders: { sent: '10x180', received: '10x90 200x90', deleted: '10x180', visible: '0x180' },
      },
    ],
    [
      "Lambda's retries of asynchronous events",
      {
        source: null,
        lambda: {
          invocations: `10x60 ${arrivals(120, { mean: 30, clump: 3, seed: 3 })}`,
          asyncEventsReceived: '10x180',
        },
      },
    ],
    ['Sent that was not read', { ...MULTIPLIED, orders: {} }],
    ['minutes without datapoints', passing(`${usual(120)} _x60`)],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });

  it('does not open for a Monday after a weekend that history is full of', () => {
    const quiet = baselines({
      worker: { invocationsPerHour: 12, invocationsByHour: new Float64Array(24).fill(12) },
      orders: { sentPerHour: 12 },
    });
    expect(evaluate(passing(arrivals(180, { mean: 10 })), quiet)).toEqual([]);
  });

  it('does not take a weekend that is all of history for what is usual on a Monday, and finds clumps all the same', () => {
    const weekend = baselines({ worker: { isOfWeekend: true }, orders: { isOfWeekend: true } });
    // Scenes begin on a Sunday at 03:00 UTC, when it is Monday nowhere.
    const on = (days: number, scene: Scene) =>
      told(trafficAmplification.evaluate({ ...windowOf(scene), startAt: START_AT + days * DAY_MS }, weekend));
    const surge = passing(`${usual(70)} ${arrivals(110, { mean: 120, seed: 3 })}`);
    expect(on(0, surge)).toHaveLength(1);
    expect(on(1, surge)).toEqual([]);
    expect(on(1, MULTIPLIED)).toHaveLength(1);
  });

  it('never opens a surge on a few hours of history', () => {
    const young = baselines({ worker: { activeHours: 2, hours: 2 }, orders: { activeHours: 2, hours: 2 } });
    expect(evaluate(passing(`${usual(70)} ${arrivals(110, { mean: 120, seed: 3 })}`), young)).toEqual([]);
  });
});
