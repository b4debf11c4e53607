import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../src/model/time.ts';
import { createEventGate } from '../../../src/stats/anomaly/events.ts';
import { createSeasonalBaseline } from '../../../src/stats/anomaly/seasonal-baseline.ts';
import { createSortedWindow } from '../../../src/stats/anomaly/sorted-window.ts';
import { createTail, SURPRISE_MAX } from '../../../src/stats/anomaly/tail.ts';
import { MONDAY_AT, noise } from './series.ts';

describe('the sorted window', () => {
  it('holds the last values in order, as sorting them anew would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 80 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: -25, max: 25 }),
        (values, capacity, probe) => {
          const window = createSortedWindow(capacity);
          for (const value of values) window.add(value);
          const expected = values.slice(-capacity).sort((a, b) => a - b);
          expect(Array.from({ length: window.size }, (_, k) => window.at(k))).toEqual(expected);
          expect(window.countBelow(probe)).toBe(expected.filter((value) => value < probe).length);
          expect(window.countAtMost(probe)).toBe(expected.filter((value) => value <= probe).length);
        },
      ),
    );
  });

  it('has no value outside its size', () => {
    const window = createSortedWindow(3);
    window.add(1);
    expect(window.at(1)).toBeNaN();
    expect(window.at(-1)).toBeNaN();
  });
});

describe('the tail', () => {
  const filled = (sides: 'upper' | 'both', count = 2000) => {
    const tail = createTail({ sides, historyPoints: 5000 });
    for (let i = 0; i < count; i++) tail.observe(noise(i));
    return tail;
  };

  it('says nothing before it has seen enough', () => {
    const tail = createTail({ sides: 'both', historyPoints: 100 });
    for (let i = 0; i < 30; i++) expect(tail.observe(1000 ** i)).toBe(0);
  });

  it('counts ranks inside the past: the middle is no surprise, one in fifty is 1.7 decades', () => {
    expect(filled('upper').observe(0)).toBeCloseTo(Math.log10(2), 1);
    expect(filled('upper').observe(0.96)).toBeCloseTo(Math.log10(50), 0);
  });

  it.each([
    [1.02, 1.05],
    [1.05, 1.1],
  ])('is more surprised the farther beyond the past: %d against %d', (near, far) => {
    expect(filled('both').observe(far)).toBeGreaterThan(filled('both').observe(near));
    expect(filled('both').observe(-far)).toBeGreaterThan(filled('both').observe(-near));
  });

  it('is blind below where only the upper side counts', () => {
    expect(filled('upper').observe(-1000)).toBeCloseTo(0, 3);
  });

  it('is bounded: beyond a constant past everything is as surprising as can be', () => {
    const tail = createTail({ sides: 'both', historyPoints: 100 });
    for (let i = 0; i < 60; i++) tail.observe(5);
    expect(tail.observe(5.001)).toBe(SURPRISE_MAX);
  });

  it('asks more of a spike where spikes are known', () => {
    const spiky = createTail({ sides: 'upper', historyPoints: 5000 });
    for (let i = 0; i < 2000; i++) spiky.observe(i % 100 === 0 ? 10 * (1 + Math.abs(noise(i))) : noise(i));
    expect(spiky.observe(30)).toBeLessThan(filled('upper').observe(30));
  });
});

describe('the seasonal baseline', () => {
  const options = { periodMs: DAY_MS, slots: 24, keep: 5, minimum: 2 };
  const learnt = (days: number, value: (hour: number, day: number) => number) => {
    const baseline = createSeasonalBaseline(options);
    for (let hour = 0; hour < days * 24; hour++) {
      baseline.observe(MONDAY_AT + hour * HOUR_MS, value(hour % 24, Math.floor(hour / 24)));
    }
    return baseline;
  };

  it('knows nothing before it has seen the time of day often enough', () => {
    expect(learnt(1, () => 7).expected(MONDAY_AT)).toBeNaN();
    expect(learnt(2, () => 7).expected(MONDAY_AT)).toBe(7);
  });

  it('gives the median of this time and its neighbours', () => {
    expect(learnt(4, (hour) => 10 * hour).expected(MONDAY_AT + 9 * DAY_MS + 12 * HOUR_MS)).toBe(120);
  });

  it('takes no notice of a single wild day', () => {
    expect(learnt(5, (hour, day) => (day === 3 ? 1e9 : hour)).expected(MONDAY_AT + 12 * HOUR_MS)).toBe(12);
  });

  it('forgets what is older than it keeps', () => {
    expect(learnt(20, (_hour, day) => (day < 15 ? 1 : 2)).expected(MONDAY_AT)).toBe(2);
  });

  it('knows no unknown instant, and instants before 1970 as well as others', () => {
    const baseline = learnt(3, (hour) => hour);
    baseline.observe(Number.NaN, 1e9);
    expect(baseline.expected(Number.NaN)).toBeNaN();
    expect(baseline.expected(-DAY_MS + 5 * HOUR_MS)).toBe(5);
  });
});

describe('the event gate', () => {
  const gateAfter = (quiet: number) => {
    const gate = createEventGate();
    for (let i = 0; i < quiet; i++) gate.admit(0);
    return gate;
  };

  it.each([0, 0.2, Number.NaN, -1])('lets %d pass in silence', (surprise) => {
    expect(gateAfter(100).admit(surprise)).toBe(0);
  });

  it('tells an event once, and the same again only after the rest', () => {
    const gate = gateAfter(5000);
    expect(gate.admit(3)).toBe(3);
    const repeats = Array.from({ length: 149 }, () => gate.admit(3));
    expect(repeats.every((each) => each === 0)).toBe(true);
    expect(gate.admit(3)).toBe(3);
  });

  it('lets a clearly greater surprise through at once', () => {
    const gate = gateAfter(5000);
    gate.admit(2);
    expect(gate.admit(2.5)).toBe(0);
    expect(gate.admit(3)).toBe(3);
  });

  it('rests for less where it has seen little', () => {
    const gate = gateAfter(100);
    gate.admit(2);
    const next = Array.from({ length: 20 }, () => gate.admit(2)).indexOf(2);
    expect(next).toBeLessThan(10);
  });
});
