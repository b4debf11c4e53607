import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { handler } from '../../src/handlers/cost.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import type { Alert } from '../../src/model/alert.ts';
import { DAY_MS, toIso } from '../../src/model/time.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { fakeAws } from '../observe/aws/fake-aws.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';

/** Half past noon, as the schedule has it. */
const NOW = Date.parse('2026-11-24T12:30:00Z');
/** Last day that is over for a day: the 22nd. */
const UNTIL = Date.parse('2026-11-23T00:00:00Z');

const services = vi.hoisted(() => ({ store: null as unknown, told: [] as unknown[] }));
vi.mock('../../src/handlers/services.ts', () => ({
  openStore: () => services.store,
  openChannels: () => [
    {
      name: 'console',
      send: async (alert: unknown) => {
        services.told.push(alert);
        return { ok: true };
      },
    },
  ],
}));
const told = () => services.told as readonly Alert[];
const store = () => services.store as Store;

beforeEach(() => {
  services.store = memoryStore();
  services.told.length = 0;
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A Cost Explorer that bills these dollars for Lambda duration on each of the days it is asked for. */
async function serveBill(
  usdOn: (dayAt: number) => number,
): Promise<{ readonly url: string; readonly asked: () => string[] }> {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { Start, End } = (JSON.parse(body) as { TimePeriod: { Start: string; End: string } }).TimePeriod;
    asked.push(`${Start}..${End}`);
    const days = [];
    for (let at = Date.parse(Start); at < Date.parse(End); at += DAY_MS) {
      days.push({
        TimePeriod: { Start: toIso(at).slice(0, 10) },
        Estimated: true,
        Groups: [
          {
            Keys: ['AWS Lambda', 'Lambda-GB-Second'],
            Metrics: {
              UnblendedCost: { Amount: String(usdOn(at)), Unit: 'USD' },
              UsageQuantity: { Amount: '1', Unit: 'N/A' },
            },
          },
        ],
      });
    }
    response.end(JSON.stringify({ ResultsByTime: days }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

/** Runs the handler against a fleet that used `gbSecondsPerDay` of x86, and answers the lines it logged. */
async function run(gbSecondsPerDay: number, billUrl: string, denied = false) {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW });
  const dimensions = { FunctionName: 'orders' };
  const daily = (value: number) =>
    new Map(
      Array.from({ length: 91 }, (_, day) => [UNTIL - (day + 1) * DAY_MS + DAY_MS / 2, value] as const),
    );
  const aws = fakeAws({
    functions: [{ name: 'orders', config: { MemorySize: 1024, Architectures: ['x86_64'] } }],
    metrics: [
      { namespace: 'AWS/Lambda', metric: 'Duration', dimensions, points: daily(gbSecondsPerDay * 1_000) },
    ],
    fault: ({ operation }) =>
      denied && operation === 'GetMetricStatistics' ? { status: 400, code: 'AccessDenied' } : undefined,
  });
  vi.stubEnv('AWS_ENDPOINT_URL', await serveFake(aws));
  vi.stubEnv('AWS_ENDPOINT_URL_COST_EXPLORER', billUrl);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv(VARIABLES.monitor, 'Prod');
  vi.stubEnv(VARIABLES.table, 'state');
  vi.stubEnv(VARIABLES.eventBus, 'bus');
  vi.stubEnv(VARIABLES.alertTopicArn, 'arn:aws:sns:us-east-1:111122223333:alerts');
  const lines: Record<string, unknown>[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(JSON.parse(String(text)) as Record<string, unknown>);
    return true;
  });
  await handler({ scheduledAt: toIso(NOW) });
  return lines;
}

describe('the daily look at the bill', () => {
  it('looks at the days that are over for a day, keeps what it found, and the ratio as a metric', async () => {
    const bill = await serveBill(() => 2);
    const lines = await run(60_000, bill.url);
    expect(bill.asked()).toEqual(['2026-05-17..2026-11-23', '2026-05-17..2026-11-23']);
    const computedUsd = 60_000 * 0.0000166667;
    expect(lines.find((line) => 'BilledRatio' in line)?.['BilledRatio']).toBeCloseTo(2 / computedUsd, 3);
    const note = await store().bill();
    expect(note).toMatchObject({ readAt: NOW, untilAt: UNTIL, anomalies: [] });
    expect(note?.calibration[0]).toMatchObject({
      usageType: 'all',
      billedUsd: 14,
      days: 7,
      isEstimated: true,
    });
    expect(told()).toEqual([]);
  });

  it('tells a rise once, however often the day is read', async () => {
    const bill = await serveBill((dayAt) => (dayAt >= UNTIL - DAY_MS ? 90 : 40));
    await run(60_000, bill.url);
    await run(60_000, bill.url);
    expect(told().map(({ key }) => key)).toEqual(['cost-anomaly-bill-20261122#opened']);
    expect((await store().bill())?.anomalies).toMatchObject([{ service: 'AWS Lambda', usd: 90 }]);
  });

  it.each([
    ['nothing ran', 0, false],
    ['metrics of a function could not be read', 60_000, true],
  ] as const)('has no ratio where %s', async (_, gbSeconds, denied) => {
    const bill = await serveBill(() => 2);
    const lines = await run(gbSeconds, bill.url, denied);
    expect(lines.some((line) => 'BilledRatio' in line)).toBe(false);
    expect((await store().bill())?.calibration).toEqual([]);
  });
});
