import { describe, expect, it } from 'vitest';
import type { BillNote } from '../../src/model/bill.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import { DAY_MS, HOUR_MS } from '../../src/model/time.ts';
import { spendingOf } from '../../src/price/budget-spend.ts';
import { lambdaUsd, pricesFor } from '../../src/price/lambda-price.ts';
import type { FunctionHours } from '../../src/stats/baseline.ts';
import { lambdaFunction } from '../decide/build.ts';

const NOW = Date.parse('2026-11-20T12:34:00Z');
const MONTH = Date.parse('2026-11-01T00:00:00Z');
const HOURS = 336;
/** The hours end before the window begins. */
const HISTORY_AT = Date.parse('2026-11-20T09:00:00Z') - HOURS * HOUR_MS;
const prices = pricesFor('us-east-1');
const called = { eventSources: [], memoryMB: 1024 } as const;
const inventory: Inventory = {
  account: '111122223333',
  region: 'us-east-1',
  functions: [
    lambdaFunction({ ...called, name: 'orders', tags: { team: 'shop' } }),
    lambdaFunction({ ...called, name: 'mails', tags: { team: 'shop' } }),
    lambdaFunction({ ...called, name: 'search', tags: { team: 'search' } }),
  ],
  queues: [],
};

/** 3,600 invocations of a second in each hour. */
function hours(length = HOURS): FunctionHours {
  const filled = (value: number) => new Float64Array(length).fill(value);
  return {
    invocations: filled(3_600),
    errors: filled(0),
    throttles: filled(0),
    durationSumMs: filled(3_600_000),
    durationMaximumMs: filled(1_000),
    concurrentExecutions: filled(1),
    memoryMB: 1024,
  };
}
const HOUR_USD = lambdaUsd({
  prices,
  architecture: 'x86_64',
  memoryMB: 1024,
  durationMs: 3_600_000,
  invocations: 3_600,
});

function spends(
  budget: (typeof DEFAULT_CONFIG)['budget'],
  options: { readonly bill?: BillNote; readonly functions?: Map<string, FunctionHours>; now?: number } = {},
) {
  const functions = options.functions ?? new Map(inventory.functions.map(({ name }) => [name, hours()]));
  return (
    spendingOf({
      config: { ...DEFAULT_CONFIG, budget },
      bill: options.bill ?? null,
      now: options.now ?? NOW,
      inventory,
      history: { startAt: HISTORY_AT, functions, queues: new Map() },
    }).budgets ?? []
  );
}

const none = { byTag: {}, byFunction: {} };
const billOf = (changes: Partial<BillNote> = {}): BillNote => ({
  readAt: NOW,
  untilAt: Date.parse('2026-11-19T00:00:00Z'),
  monthStartAt: MONTH,
  monthUsd: 100,
  budgets: [{ name: 'team=shop', usd: 40 }],
  calibration: [],
  anomalies: [],
  downstream: [],
  ...changes,
});
/** Whole hours from the end of the bill to the end of the history. */
const SINCE_BILL = 24 + 9;

describe('what budgets have spent', () => {
  it('is nothing where none is set', () => {
    expect(spends(none)).toEqual([]);
  });

  it('covers the account, the functions of a tag, and single functions', () => {
    const budget = { monthlyUsd: 300, byTag: { team: { shop: 50 } }, byFunction: { search: 20, gone: 1 } };
    expect(spends(budget).map(({ name, functions }) => [name, functions.join()])).toEqual([
      ['the account', 'orders,mails,search'],
      ['team=shop', 'orders,mails'],
      ['search', 'search'],
      ['gone', ''],
    ]);
  });

  it('prices each hour: duration and requests', () => {
    const [orders] = spends({ ...none, byFunction: { orders: 20 } });
    expect(orders?.hourUsd).toHaveLength(HOURS);
    expect(orders?.hourUsd[7]).toBeCloseTo(HOUR_USD, 9);
    expect(orders?.untilAt).toBe(HISTORY_AT + HOURS * HOUR_MS);
  });

  it('counts the receives, deletes and idle polls of a queue', () => {
    const worker = lambdaFunction({ name: 'worker' });
    const [spend] =
      spendingOf({
        config: { ...DEFAULT_CONFIG, budget: { ...none, byFunction: { worker: 20 } } },
        bill: null,
        now: NOW,
        inventory: { ...inventory, functions: [worker] },
        history: { startAt: HISTORY_AT, functions: new Map([['worker', hours()]]), queues: new Map() },
      }).budgets ?? [];
    const requests = 3_600 + 3_600 + 60 * 15;
    expect(spend?.hourUsd[0]).toBeCloseTo(HOUR_USD + requests * 0.4e-6, 9);
  });

  it('an hour without a datapoint costs nothing', () => {
    const quiet = hours();
    quiet.invocations[5] = Number.NaN;
    quiet.durationSumMs[5] = Number.NaN;
    const [orders] = spends(
      { ...none, byFunction: { orders: 20 } },
      { functions: new Map([['orders', quiet]]) },
    );
    expect(orders?.hourUsd[5]).toBe(0);
    expect(orders?.hourUsd[6]).toBeGreaterThan(0);
  });
});

describe('the month so far', () => {
  const account = { ...none, monthlyUsd: 300 };

  it('is the bill up to its newest day, and estimates since', () => {
    const [spend] = spends(account, { bill: billOf() });
    expect(spend).toMatchObject({ monthStartAt: MONTH, monthBasis: 'bill' });
    expect(spend?.monthUsd).toBeCloseTo(100 + SINCE_BILL * 3 * HOUR_USD, 6);
  });

  it('of a tag is the daily estimates kept with the bill, which knows no functions', () => {
    const [spend] = spends({ ...none, byTag: { team: { shop: 50 } } }, { bill: billOf() });
    expect(spend?.monthBasis).toBe('metrics');
    expect(spend?.monthUsd).toBeCloseTo(40 + SINCE_BILL * 2 * HOUR_USD, 6);
  });

  it.each([
    ['no bill was read', undefined],
    ['the bill is that of another month', billOf({ monthStartAt: Date.parse('2026-10-01T00:00:00Z') })],
    ['the bill ends before the history begins', billOf({ untilAt: HISTORY_AT - HOUR_MS })],
  ])('is extended from the mean hour of two weeks where %s', (_, bill) => {
    const [spend] = spends(account, bill === undefined ? {} : { bill });
    const elapsedHours = (HISTORY_AT - MONTH) / HOUR_MS + HOURS;
    expect(spend?.monthBasis).toBe('extrapolated');
    expect(spend?.monthUsd).toBeCloseTo(elapsedHours * 3 * HOUR_USD, 6);
  });

  it('is the metrics alone where they reach back to its first hour', () => {
    const now = Date.parse('2026-12-03T00:30:00Z');
    const startAt = Date.parse('2026-12-02T21:00:00Z') - HOURS * HOUR_MS;
    const [spend] =
      spendingOf({
        config: { ...DEFAULT_CONFIG, budget: account },
        bill: billOf(),
        now,
        inventory,
        history: { startAt, functions: new Map([['orders', hours()]]), queues: new Map() },
      }).budgets ?? [];
    expect(spend?.monthBasis).toBe('metrics');
    expect(spend?.monthUsd).toBeCloseTo((21 + 24) * HOUR_USD, 6);
  });

  it('hands the calibration of the bill on, and none without a bill', () => {
    const calibration = {
      usageType: 'all',
      billedUsd: 103,
      computedUsd: 100,
      quantityRatio: null,
      days: 7,
      untilAt: NOW - DAY_MS,
      isEstimated: true,
    };
    const input = {
      config: DEFAULT_CONFIG,
      now: NOW,
      inventory,
      history: { startAt: HISTORY_AT, functions: new Map<string, FunctionHours>(), queues: new Map() },
    };
    expect(spendingOf({ ...input, bill: billOf({ calibration: [calibration] }) })).toEqual({ calibration });
    expect(spendingOf({ ...input, bill: null })).toEqual({});
    const monthGbSeconds = { x86_64: 7e9, arm64: 0 };
    expect(spendingOf({ ...input, bill: billOf({ monthGbSeconds }) })).toEqual({ monthGbSeconds });
    // Those of the last month choose no tier any more.
    const before = { monthStartAt: MONTH - 30 * DAY_MS, monthGbSeconds };
    expect(spendingOf({ ...input, bill: billOf(before) })).toEqual({});
  });
});
