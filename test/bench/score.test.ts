import { describe, expect, it } from 'vitest';
import { poissonInterval } from '../../bench/common/poisson.ts';
import { scoreIncidents, trueUsdPerHour } from '../../bench/score.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { TruePositive, TruthDocument } from '../../src/simulate/truth.ts';

const ONSET = Date.parse('2026-11-01T04:00:00Z');
const MINUTE = 60_000;

const positive: TruePositive = {
  function: 'orders-worker',
  queue: 'orders',
  family: 'retry-throw',
  detectors: ['retry-loop'],
  onset: '2026-11-01T04:00:00Z',
  end: null,
  related: { functions: [], queues: ['orders-dlq'] },
  params: {},
};

function incident(part: {
  functions?: string[];
  queues?: string[];
  opened: number;
  critical?: number;
}): Incident {
  const { functions = [], queues = [], opened, critical = null } = part;
  const at = (minute: number) => ONSET + minute * MINUTE;
  const told = {
    functions,
    queues,
    openedAt: at(opened),
    criticalAt: critical === null ? null : at(critical),
  };
  return told as Partial<Incident> as Incident;
}

describe('scoreIncidents', () => {
  it.each([
    { what: 'the same function', seen: incident({ functions: ['orders-worker'], opened: 4 }), hit: true },
    { what: 'a related queue only', seen: incident({ queues: ['orders-dlq'], opened: 9 }), hit: true },
    { what: 'another function', seen: incident({ functions: ['geo-worker'], opened: 4 }), hit: false },
    {
      what: 'the same function, before it began',
      seen: incident({ functions: ['orders-worker'], opened: -30 }),
      hit: false,
    },
  ])('counts $what as found: $hit', ({ seen, hit }) => {
    const { matches, unmatched } = scoreIncidents({ positives: [positive] }, [seen]);
    expect(matches[0]?.hits).toEqual(hit ? [seen] : []);
    expect(unmatched).toEqual(hit ? [] : [seen]);
  });

  it('takes the first alert and the first page of several incidents', () => {
    const first = incident({ functions: ['orders-worker'], opened: 4 });
    const second = incident({ queues: ['orders'], opened: 6, critical: 8 });
    const { matches } = scoreIncidents({ positives: [positive] }, [second, first]);
    expect(matches[0]?.openedAt).toBe(ONSET + 4 * MINUTE);
    expect(matches[0]?.criticalAt).toBe(ONSET + 8 * MINUTE);
  });
});

describe('trueUsdPerHour', () => {
  it('averages the newest minutes that were readable at the tick, as many as the estimate', () => {
    const start = '2026-11-01T04:00:00Z';
    const truth: Partial<TruthDocument> = {
      start,
      costUsdPerMinute: { 'orders-worker': [9, 1, 1, 1, 1, 2, 9, 9] },
    };
    // Minute 5 ends at minute 6 and is published at minute 7.
    const at = ONSET + 7 * MINUTE;
    expect(trueUsdPerHour(truth as TruthDocument, 'orders-worker', at)).toBeCloseTo(72);
    expect(trueUsdPerHour(truth as TruthDocument, 'orders-worker', at, { averagedMinutes: 6 })).toBeCloseTo(
      150,
    );
  });
});

describe('poissonInterval', () => {
  it.each([
    { count: 0, low: 0, high: 3.6889 },
    { count: 1, low: 0.0253, high: 5.5716 },
    { count: 10, low: 4.7954, high: 18.3904 },
  ])('of $count events is $low to $high (Garwood)', ({ count, low, high }) => {
    const interval = poissonInterval(count);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });
});
