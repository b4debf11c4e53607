import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { run } from '../../../src/cli/program.ts';
import { DAY_MS } from '../../../src/model/time.ts';
import { costExplorerClient, readBill } from '../../../src/observe/aws/cost-explorer.ts';
import { fakeIo } from '../../cli/fake-io.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { billedDay } from './answers.ts';
import { type MotoServer, motoOrSkip } from './server.ts';
import { throttle } from './throttle.ts';

const NOW = Date.parse('2026-11-24T12:30:00Z');
const UNTIL = Date.parse('2026-11-23T00:00:00Z');
const DAYS = 190;
const span = { fromAt: UNTIL - 2 * DAY_MS, toAt: UNTIL };

const days = (linesOn: (startAt: number) => Parameters<typeof billedDay>[1]) =>
  Array.from({ length: DAYS }, (_, index) => {
    const startAt = UNTIL - (DAYS - index) * DAY_MS;
    return billedDay(startAt, linesOn(startAt));
  });

const moto = await motoOrSkip();

describe.skipIf(moto === null)("Cost Explorer over the wire, against moto's server", () => {
  // Only in what is not run where it is skipped.
  const server = moto as MotoServer;
  beforeAll(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  });
  beforeEach(() => server.reset());
  afterAll(() => {
    vi.unstubAllEnvs();
    return server?.stop();
  });

  function bill(at: string) {
    const client = costExplorerClient({ region: 'eu-west-1', endpointUrl: at });
    onTestFinished(() => client.destroy());
    return readBill({ client, region: 'eu-west-1', ...span });
  }

  it('reads what was queued, page after page, and joins a day that is spread over them', async () => {
    const [first, second] = [span.fromAt, span.fromAt + DAY_MS];
    await server.queueCostAndUsage([
      {
        NextPageToken: 'page-2',
        ResultsByTime: [
          billedDay(first, [[['AWS Lambda', 'EU-Lambda-GB-Second'], 12.5]]),
          billedDay(second, [[['AWS Lambda', 'EU-Lambda-GB-Second'], 13]]),
        ],
      },
      {
        NextPageToken: 'page-3',
        ResultsByTime: [billedDay(second, [[['AWS Lambda', 'EU-Request'], 0.2]])],
      },
      { ResultsByTime: [billedDay(second, [[['Amazon Simple Queue Service', 'EU-Requests-Tier1'], 1.5]])] },
    ]);
    const read = await bill(server.endpoint);
    expect(read.requests).toBe(3);
    expect(
      read.days.map(({ startAt, lines }) => [startAt, lines.map(({ usageType, usd }) => [usageType, usd])]),
    ).toEqual([
      [first, [['EU-Lambda-GB-Second', 12.5]]],
      [
        second,
        [
          ['EU-Lambda-GB-Second', 13],
          ['EU-Request', 0.2],
          ['EU-Requests-Tier1', 1.5],
        ],
      ],
    ]);
  });

  it('an account without a line on its bill has days without lines', async () => {
    expect(await bill(server.endpoint)).toEqual({ days: [], requests: 1 });
  });

  it('waits and asks again when it is throttled, and counts each attempt: each is billed', async () => {
    await server.queueCostAndUsage([
      { ResultsByTime: [billedDay(span.fromAt, [[['AWS Lambda', 'EU-Request'], 0.5]])] },
    ]);
    const front = await throttle(server.endpoint, 2);
    onTestFinished(() => front.close());
    const read = await bill(front.endpoint);
    expect(read).toMatchObject({ requests: 3, days: [{ lines: [{ usd: 0.5 }] }] });
    expect(front.calls()).toBe(3);
  });

  it('gives up with the reason when throttling does not end', async () => {
    const front = await throttle(server.endpoint, Number.POSITIVE_INFINITY);
    onTestFinished(() => front.close());
    await expect(bill(front.endpoint)).rejects.toThrow(/GetCostAndUsage: LimitExceededException/);
    expect(front.calls()).toBe(4);
  });

  it('firebreak bill: half a year over the wire, the rise of its newest day, kept for other commands', async () => {
    await server.queueCostAndUsage([
      { ResultsByTime: days(() => [[['AWS Lambda', 'Lambda-GB-Second'], 40]]) },
      {
        ResultsByTime: days((at) => [
          [['AWS Lambda'], 40],
          [['Amazon DynamoDB'], at >= UNTIL - DAY_MS ? 130 : 50],
        ]),
      },
    ]);
    const store = temporaryFolder('moto');
    const io = fakeIo({ now: () => NOW });
    const argv = [
      'bill',
      '--json',
      '--store',
      store,
      '--region',
      'us-east-1',
      '--endpoint-url',
      server.endpoint,
    ];
    expect(await run(argv, io), io.err()).toBe(0);
    expect(JSON.parse(io.out())).toMatchObject({
      format: 'firebreak-bill/1',
      requests: 2,
      untilAt: '2026-11-23T00:00:00Z',
      monthUsd: 22 * 40,
      anomalies: [{ dayAt: '2026-11-22T00:00:00Z', service: 'Amazon DynamoDB', usd: 130 }],
    });
  });
});
