import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import type { BudgetSpend } from '../../src/model/budget.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const UNTIL = Date.parse('2026-11-16T09:00:00Z');

const BUDGET: BudgetSpend = {
  name: 'the account',
  monthlyUsd: 300,
  kind: 'account',
  functions: ['orders'],
  untilAt: UNTIL,
  hourUsd: new Float64Array(336).fill(0.5),
  monthStartAt: Date.parse('2026-11-01T00:00:00Z'),
  monthUsd: 180,
  monthBasis: 'bill',
  savingsPlanDiscount: 0,
};

describe('firebreak forecast', () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder('forecast');
  });
  const store = () => fileStore(join(folder, '111122223333', 'eu-west-1'));
  const forecast = async (...argv: string[]) => {
    const io = fakeIo({ now: () => UNTIL });
    const code = await run(['forecast', '--store', folder, ...argv], io);
    return { code, out: io.out(), err: io.err() };
  };
  const known = { builtAt: UNTIL, functions: new Map(), queues: new Map() };

  it('says how to set a budget where none is known', async () => {
    await store().putBaselines(known);
    const { code, out } = await forecast();
    expect(code).toBe(0);
    expect(out).toContain('No budget is known here. Set "budget" in the configuration');
  });

  it('shows each budget, what the month will come to, and how far off estimates were', async () => {
    const shop = { ...BUDGET, name: 'team=shop', monthlyUsd: 900, monthBasis: 'metrics' } as const;
    await store().putBaselines({ ...known, budgets: [BUDGET, shop] });
    await store().putBill({
      readAt: UNTIL,
      untilAt: UNTIL,
      monthStartAt: BUDGET.monthStartAt,
      monthUsd: 170,
      budgets: [],
      calibration: [
        {
          usageType: 'all',
          billedUsd: 100,
          computedUsd: 97,
          quantityRatio: null,
          days: 7,
          untilAt: UNTIL,
          isEstimated: true,
        },
      ],
      anomalies: [],
      downstream: [],
    });
    const { code, out, err } = await forecast();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatchInlineSnapshot(`
      "Budgets of 2026-11, account 111122223333, eu-west-1

      budget       a month    spent  forecast     from       to  gone        spent is known from
      the account  $300.00  $180.00   $355.50  $355.50  $355.50  2026-11-26  bill, and estimates for the newest days
      team=shop    $900.00  $180.00   $355.50  $355.50  $355.50  lasts       estimates from metrics

      - as of 2026-11-16T09:00:00Z; Lambda and SQS only
      - forecast: every day to come like the mean of the last 7 days; from, to: like the cheapest, the dearest of them
      - Lambda estimates were 3 % under the bill of the 7 d to 2026-11-15 (which AWS may still change); not corrected for
      "
    `);
  });

  it('as JSON: instants in ISO, figures as numbers', async () => {
    await store().putBaselines({ ...known, budgets: [BUDGET] });
    const body = JSON.parse((await forecast('--json')).out);
    expect(body).toMatchObject({ format: 'firebreak-forecast/1', scopes: [{ account: '111122223333' }] });
    expect(body.scopes[0].budgets[0]).toMatchObject({
      name: 'the account',
      monthStartAt: '2026-11-01T00:00:00Z',
      untilAt: '2026-11-16T09:00:00Z',
      goneAt: '2026-11-26T09:00:00Z',
      monthUsd: 355.5,
    });
  });
});
