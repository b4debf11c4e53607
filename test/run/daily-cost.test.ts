import { describe, expect, it } from 'vitest';
import type { Alert } from '../../src/model/alert.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { UnavailableError } from '../../src/model/errors.ts';
import { DAY_MS, toIso } from '../../src/model/time.ts';
import type { Bill } from '../../src/observe/aws/cost-explorer.ts';
import type { FunctionUseDays } from '../../src/observe/aws/lambda-days.ts';
import { plainText } from '../../src/respond/alert/plain-text.ts';
import { story } from '../../src/respond/alert/words.ts';
import { runDailyCost } from '../../src/run/daily-cost.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';

const NOW = Date.parse('2026-11-24T12:30:00Z');
/** The 22nd is the newest day that is complete. */
const UNTIL = Date.parse('2026-11-23T00:00:00Z');
const NEWEST = UNTIL - DAY_MS;
const MONTH = Date.parse('2026-11-01T00:00:00Z');

type UsdOn = (dayAt: number) => number;
/** Dollars by service and usage type. */
type Lines = Readonly<Record<string, UsdOn>>;

interface Account {
  readonly lambda?: Lines;
  readonly services?: Lines;
  /** Invocations of a second at 1 GB, by function. */
  readonly functions?: Readonly<Record<string, UsdOn>>;
  readonly store?: Store;
  readonly isGap?: boolean;
  /** First day of which anything is known. */
  readonly knownFromAt?: number;
}

async function look(account: Account, now = NOW) {
  const told: Alert[] = [];
  const store = account.store ?? memoryStore();
  const bill = (
    lines: Lines,
    { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number },
  ): Bill => ({
    requests: 1,
    days: Array.from({ length: (toAt - fromAt) / DAY_MS }, (_, day) => {
      const startAt = fromAt + day * DAY_MS;
      const isKnown = startAt >= (account.knownFromAt ?? 0);
      return {
        startAt,
        isEstimated: true,
        lines: Object.entries(isKnown ? lines : {}).map(([key, usdOn]) => {
          const [service = '', usageType = ''] = key.split('|');
          return { service, usageType, usd: usdOn(startAt), quantity: 1 };
        }),
      };
    }),
  });
  const report = await runDailyCost({
    readBill: async (days, by) =>
      bill(
        by === 'service' ? (account.services ?? {}) : (account.lambda ?? { 'AWS Lambda|Request': () => 1 }),
        days,
      ),
    readUse: async (fromAt, days) => ({
      gaps:
        account.isGap === true ? [{ resource: 'f', operation: 'GetMetricStatistics', reason: 'denied' }] : [],
      functions: Object.entries(account.functions ?? {}).map(([name, of]): FunctionUseDays => {
        const invocations = Float64Array.from({ length: days }, (_, day) => of(fromAt + day * DAY_MS));
        return {
          fn: { name, memoryMB: 1024, timeoutSeconds: 60, architecture: 'x86_64', ephemeralStorageMB: 512 },
          invocations,
          durationMs: invocations.map((count) => count * 1_000),
        };
      }),
    }),
    store,
    channels: [
      {
        name: 'console',
        send: async (alert) => {
          told.push(alert);
          return { ok: true };
        },
      },
    ],
    config: DEFAULT_CONFIG,
    account: '111122223333',
    region: 'eu-central-1',
    now: () => now,
  });
  return { report, told, store };
}

const steady =
  (usd: number): UsdOn =>
  () =>
    usd;
const from =
  (dayAt: number, before: number, after: number): UsdOn =>
  (at) =>
    at >= dayAt ? after : before;

describe('a day of the bill', () => {
  it('that rose is told with its usage type, its function and what is usual, and kept as over', async () => {
    const { told, store, report } = await look({
      lambda: {
        'AWS Lambda|EUC1-Lambda-GB-Second': from(NEWEST, 40, 100),
        'AWS Lambda|EUC1-Request': steady(3),
      },
      functions: { orders: from(NEWEST, 1e6, 4.6e6), mails: steady(1e6) },
    });
    expect(told).toHaveLength(1);
    const text = plainText(story(told[0] as Alert), { columns: 110 });
    expect(text).toContain('WARNING orders: cost anomaly, $60.00 more than usual on 2026-11-22');
    expect(text).not.toMatch(/Burning now|wasted/);
    expect(text).toContain(
      '- AWS Lambda EUC1-Lambda-GB-Second cost $100.00 on 2026-11-22, usually $40.00 on such a day (150 % more)',
    );
    expect(text).toMatch(/- orders: about \$77\.\d+ that day, usually \$16\.\d+ \(own estimates\)/);
    expect(text).not.toContain('mails');
    expect(await store.incident('cost-anomaly-bill-20261122')).toMatchObject({
      state: 'resolved',
      resolvedAt: UNTIL,
      detector: 'cost-anomaly',
    });
    expect(report.note.anomalies).toHaveLength(1);
  });

  it('with several lines up is one ticket, and one of another service names no function', async () => {
    const { told } = await look({
      services: { 'Amazon DynamoDB|': from(NEWEST, 50, 120), 'Amazon Bedrock|': from(NEWEST, 0, 30) },
      functions: { orders: steady(1e6) },
    });
    const [alert] = told;
    expect(told).toHaveLength(1);
    expect(alert?.incident.functionName).toBeNull();
    expect(alert?.incident.evidence.map(({ text }) => text)).toEqual([
      '$100.00 more than usual on 2026-11-22',
      'Amazon DynamoDB cost $120.00 on 2026-11-22, usually $50.00 on such a day (140 % more)',
      'Amazon Bedrock cost $30.00 on 2026-11-22, where it usually costs nothing',
    ]);
  });

  it('is told once, and not again on the days after it, whose level it has become', async () => {
    const account: Account = {
      services: { 'Amazon DynamoDB|': from(NEWEST, 50, 120) },
      store: memoryStore(),
    };
    const days = [0, 1, 2, 3].map((day) => NOW + day * DAY_MS);
    const keys: string[] = [];
    for (const now of days) keys.push(...(await look(account, now)).told.map(({ key }) => key));
    expect(keys).toEqual(['cost-anomaly-bill-20261122#opened']);
  });

  it('is told although the job missed the day before', async () => {
    const { told } = await look({ services: { 'Amazon DynamoDB|': from(NEWEST - DAY_MS, 50, 120) } });
    expect(told.map(({ incident }) => toIso(incident.onsetAt))).toEqual(['2026-11-21T00:00:00Z']);
  });

  it('is not judged before four weeks are known: days before the first are not free days', async () => {
    const { told, report } = await look({
      services: { 'Amazon DynamoDB|': steady(120) },
      lambda: { 'AWS Lambda|Request': steady(60) },
      knownFromAt: UNTIL - 2 * DAY_MS,
    });
    expect(told).toEqual([]);
    expect(report.note.anomalies).toEqual([]);
  });

  it('that cannot be read leaves the note of the day before', async () => {
    const { store } = await look({});
    const before = await store.bill();
    const failing = runDailyCost({
      readBill: () => Promise.reject(new UnavailableError('AWS GetCostAndUsage: access denied')),
      readUse: async () => ({ gaps: [], functions: [] }),
      ...{
        store,
        channels: [],
        config: DEFAULT_CONFIG,
        account: '1',
        region: 'eu-central-1',
        now: () => NOW + DAY_MS,
      },
    });
    await expect(failing).rejects.toThrow('access denied');
    expect(await store.bill()).toEqual(before);
  });
});

describe('the note of the bill', () => {
  it('has the month so far, and own estimates for budgets by tag and function', async () => {
    const store = memoryStore();
    const budget = {
      monthlyUsd: 100,
      untilAt: UNTIL,
      hourUsd: new Float64Array(),
      monthStartAt: MONTH,
      monthUsd: 0,
      monthBasis: 'metrics' as const,
      savingsPlanDiscount: 0,
    };
    await store.putBaselines({
      builtAt: NOW,
      functions: new Map(),
      queues: new Map(),
      budgets: [
        { ...budget, name: 'the account', kind: 'account', functions: ['orders', 'mails'] },
        { ...budget, name: 'team=shop', kind: 'tag', functions: ['orders'] },
      ],
    });
    const { report } = await look({
      store,
      lambda: {
        'AWS Lambda|EUC1-Request': steady(2),
        'Amazon Simple Queue Service|EUC1-Requests-Tier1': steady(1),
      },
      functions: { orders: steady(1e6), mails: steady(5e6) },
    });
    expect(report.note).toMatchObject({ untilAt: UNTIL, monthStartAt: MONTH, monthUsd: 22 * 3 });
    const perDay = 1e6 * 0.0000166667 + 0.2;
    expect(report.note.budgets).toEqual([{ name: 'team=shop', usd: expect.closeTo(22 * perDay, 4) }]);
  });

  it('in the first days of a month has nothing of it yet, and nothing of the month before', async () => {
    const { report } = await look(
      { lambda: { 'AWS Lambda|EUC1-Request': steady(2) } },
      Date.parse('2026-12-01T12:30:00Z'),
    );
    expect(report.note).toMatchObject({ monthStartAt: Date.parse('2026-12-01T00:00:00Z'), monthUsd: 0 });
  });

  it('has the GB-seconds of the month by architecture: they choose the price tier', async () => {
    const { report } = await look({
      lambda: {
        'AWS Lambda|EUC1-Lambda-GB-Second': () => 1,
        'AWS Lambda|EUC1-Lambda-GB-Second-ARM': () => 1,
        'AWS Lambda|EUC1-Lambda-Provisioned-GB-Second': () => 1,
      },
    });
    const days = (UNTIL - MONTH) / DAY_MS;
    expect(report.note.monthGbSeconds).toEqual({ x86_64: days, arm64: days });
  });

  it('compares, suggests and sums up nothing where a function could not be read', async () => {
    const account = {
      lambda: { 'AWS Lambda|EUC1-Lambda-GB-Second': steady(17) },
      functions: { orders: steady(1e6) },
    };
    expect((await look(account)).report.note.calibration.length).toBeGreaterThan(0);
    expect((await look({ ...account, isGap: true })).report.note).toMatchObject({
      calibration: [],
      budgets: [],
      downstream: [],
    });
  });

  it('suggests what moves with a function', async () => {
    const noise = (at: number, salt: number) => 1 + 0.3 * Math.sin((at / DAY_MS) * salt);
    const { report } = await look({
      services: { 'Amazon Bedrock|': (at) => 20 + 400 * noise(at, 12.9898) },
      functions: {
        summarise: (at) => 100_000 * noise(at, 12.9898),
        other: (at) => 100_000 * noise(at, 78.233),
      },
    });
    expect(report.note.downstream).toMatchObject([{ functionName: 'summarise', service: 'Amazon Bedrock' }]);
    expect(report.note.downstream[0]?.usdPerInvocation).toBeCloseTo(0.004, 4);
  });
});
