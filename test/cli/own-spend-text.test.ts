import { describe, expect, it } from 'vitest';
import { ownSpendJson, ownSpendLines, thriftLine, thriftText } from '../../src/cli/own-spend-text.ts';
import { charge } from '../../src/price/monitor-ledger.ts';

const at = Date.parse('2026-11-24T12:00:00Z');
const thrifty = charge(null, { usd: 3, now: at, thrift: 2 });

describe('what firebreak itself costs, in words', () => {
  it('is this month and yesterday', () => {
    expect(ownSpendLines({ monthUsd: 3.2, lastDayUsd: 0.14, thrifty: null })).toEqual([
      'firebreak itself: $3.20 this month, $0.14 yesterday',
    ]);
    expect(ownSpendLines({ monthUsd: 3.2, lastDayUsd: null, thrifty: null })).toEqual([
      'firebreak itself: $3.20 this month',
    ]);
  });

  it('is nothing where no account was kept', () => {
    expect(ownSpendLines(null)).toEqual([]);
    expect(ownSpendJson(null)).toBeNull();
  });

  it('says that less is read, since when and why', () => {
    expect(thriftLine(thrifty)).toMatch(
      /reads less since 2026-11-24 12:00 UTC, to stay below monitorBudgetUsd \(step 2 of 4\)/,
    );
    expect(thriftLine({ ...thrifty, thrift: 0 })).toBeNull();
    expect(thriftText(2, 25)).toBe('reads less from now on, to stay below $25.00 a month (step 2 of 4)');
    expect(thriftText(0, 25)).toBe('reads as often as it should again');
  });

  it('has the same in JSON', () => {
    expect(ownSpendJson({ monthUsd: 3, lastDayUsd: null, thrifty })).toEqual({
      monthUsd: 3,
      lastDayUsd: null,
      thrift: 2,
      thriftAt: '2026-11-24T12:00:00Z',
    });
  });
});
