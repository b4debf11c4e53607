import { describe, expect, it } from 'vitest';
import type { Page } from '../../../bench/detection/page.ts';
import { incidentsOf, scorePages } from '../../../bench/detection/score.ts';
import type { TruePositive, TruthDocument } from '../../../src/simulate/truth.ts';
import { START_AT, series, traceOf } from './traces.ts';

const MINUTE = 60_000;
const PUBLISH_DELAY_MS = 60_000;
const at = (minute: number) => START_AT + minute * MINUTE;
const iso = (minute: number) => new Date(at(minute)).toISOString();

/** From minute 10.5 on a dollar a minute is wasted for ten minutes. */
function truthOf(end: string | null = null): TruthDocument {
  const positive: TruePositive = {
    function: 'orders-worker',
    queue: 'orders',
    family: 'retry-throw',
    detectors: ['retry-loop'],
    onset: iso(10.5),
    end,
    related: { functions: [], queues: ['orders-dlq'] },
    params: {},
  };
  const waste = Array.from({ length: 10 }, (_, i) => [11 + i, 1] as const);
  const truth: Partial<TruthDocument> = {
    start: iso(0),
    positives: [positive],
    excessUsdPerMinute: { 'orders-worker': [[3, 5], ...waste], other: [[12, 9]] },
  };
  return truth as TruthDocument;
}

function page(minute: number, ...resources: string[]): Page {
  return { at: at(minute), resources, what: 'Errors' };
}

describe('scorePages', () => {
  it.each([
    { what: 'of its function', pages: [page(13, 'orders-worker')], minutes: 2.5, usd: 2, wrong: 0 },
    { what: 'of its dead-letter queue', pages: [page(14, 'orders-dlq')], minutes: 3.5, usd: 3, wrong: 0 },
    { what: 'within a minute', pages: [page(13.5, 'orders')], minutes: 3, usd: 2.5, wrong: 0 },
    {
      what: 'the first of several',
      pages: [page(16, 'orders'), page(13, 'orders')],
      minutes: 2.5,
      usd: 2,
      wrong: 0,
    },
    { what: 'of another function', pages: [page(13, 'other')], minutes: null, usd: 10, wrong: 1 },
    {
      what: 'before the minute of the onset can be read',
      pages: [page(11.9, 'orders')],
      minutes: null,
      usd: 10,
      wrong: 1,
    },
    { what: 'as soon as it can be read', pages: [page(12, 'orders')], minutes: 1.5, usd: 1, wrong: 0 },
    { what: 'that never comes', pages: [], minutes: null, usd: 10, wrong: 0 },
  ])('a page $what', ({ pages, minutes, usd, wrong }) => {
    const score = scorePages(truthOf(), pages, PUBLISH_DELAY_MS);
    expect(score.pageMinutes).toEqual([minutes]);
    expect(score.usd[0]).toBeCloseTo(usd, 10);
    expect(score.falsePages).toHaveLength(wrong);
  });

  it('neither praises nor blames a page about something of an incident that is over', () => {
    const truth = truthOf(iso(15));
    expect(scorePages(truth, [page(24, 'orders')], PUBLISH_DELAY_MS).pageMinutes).toEqual([13.5]);
    const late = scorePages(truth, [page(26, 'orders')], PUBLISH_DELAY_MS);
    expect(late.pageMinutes).toEqual([null]);
    expect(late.falsePages).toEqual([]);
  });

  it('joins pages within half an hour into one interruption', () => {
    const pages = [
      page(12, 'orders'),
      page(30, 'orders'),
      page(42, 'orders'),
      page(43, 'other'),
      page(90, 'other'),
    ];
    expect(scorePages(truthOf(), pages, PUBLISH_DELAY_MS).interruptions).toBe(3);
  });
});

describe('incidentsOf', () => {
  it('counts the waste from the onset on, and what is lost before anybody can know', () => {
    const trace = traceOf({ invocations: series('1x10 _x3 1x20') });
    const [incident] = incidentsOf(truthOf(), trace);
    expect(incident).toMatchObject({ wastedUsd: 10, floorMinutes: 4.5, floorUsd: 4, lastsMinutes: null });
  });
});
