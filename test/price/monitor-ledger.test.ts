import { describe, expect, it } from 'vitest';
import {
  charge,
  dayUsdOf,
  type MonitorLedger,
  monthUsdOf,
  thriftFor,
} from '../../src/price/monitor-ledger.ts';
import type { Thrift } from '../../src/price/monitor-pace.ts';

const at = (text: string) => Date.parse(`${text}Z`);

function charged(...charges: readonly (readonly [string, number])[]): MonitorLedger {
  let ledger: MonitorLedger | null = null;
  for (const [instant, usd] of charges) ledger = charge(ledger, { now: at(instant), usd, thrift: 0 });
  if (ledger === null) throw new Error('no charge');
  return ledger;
}

describe('the account of a part', () => {
  it('adds up days and months of UTC', () => {
    const ledger = charged(['2026-11-29T23:59', 1], ['2026-11-30T00:00', 2], ['2026-11-30T23:59', 3]);
    expect(ledger).toMatchObject({
      month: '2026-11',
      monthUsd: 6,
      day: '2026-11-30',
      dayUsd: 5,
      lastDayUsd: 1,
    });
    expect(charge(ledger, { now: at('2026-12-01T00:00'), usd: 4, thrift: 0 })).toMatchObject({
      month: '2026-12',
      monthUsd: 4,
      dayUsd: 4,
      lastDayUsd: 5,
    });
  });

  it('knows nothing of a yesterday on which it did not run', () => {
    expect(charged(['2026-11-01T00:00', 1], ['2026-11-03T00:00', 1]).lastDayUsd).toBeNull();
  });

  it('remembers since when it saves', () => {
    const first = charge(null, { now: at('2026-11-01T00:00'), usd: 0, thrift: 2 });
    const later = charge(first, { now: at('2026-11-02T00:00'), usd: 0, thrift: 2 });
    expect(later.thriftAt).toBe(first.thriftAt);
    expect(charge(later, { now: at('2026-11-03T00:00'), usd: 0, thrift: 0 }).thriftAt).toBe(
      at('2026-11-03T00:00'),
    );
  });

  it('sums over parts, of this month and of one day alone', () => {
    const tick = charged(['2026-11-23T10:00', 1], ['2026-11-24T10:00', 2]);
    const survey = charged(['2026-11-23T10:00', 10]);
    const old = charged(['2026-10-30T10:00', 100]);
    expect(monthUsdOf([tick, survey, old, null], at('2026-11-24T12:00'))).toBe(13);
    expect(dayUsdOf([tick, survey, old], '2026-11-23')).toBe(11);
  });
});

describe('the thrift that a ceiling asks for', () => {
  const forecasts = [40, 20, 12, 9, 8];
  const thrift = (over: { ceilingUsd: number; spentUsd?: number; now?: string; before?: Thrift }) =>
    thriftFor({
      spentUsd: 0,
      before: 0,
      forecastUsd: (step) => forecasts[step] ?? Number.NaN,
      ...over,
      now: at(over.now ?? '2026-11-01T00:00'),
    });

  it.each([
    ['none below it', { ceilingUsd: 41 }, 0],
    ['the least that fits', { ceilingUsd: 39 }, 1],
    ['the most where nothing fits', { ceilingUsd: 1 }, 4],
    [
      'more once half of the month has cost too much',
      { ceilingUsd: 41, spentUsd: 30, now: '2026-11-16T00:00' },
      1,
    ],
    ['none where a quiet half left enough', { ceilingUsd: 30, spentUsd: 5, now: '2026-11-16T00:00' }, 0],
    ['the most where it is spent', { ceilingUsd: 30, spentUsd: 31, now: '2026-11-16T00:00' }, 4],
    ['no change back for a few cents', { ceilingUsd: 41, before: 1 as Thrift }, 1],
    ['a change back where there is room', { ceilingUsd: 50, before: 1 as Thrift }, 0],
  ])('is %s', (_, input, expected) => {
    expect(thrift(input)).toBe(expected);
  });
});
