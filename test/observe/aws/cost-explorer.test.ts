import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { type Bill, costExplorerClient, readBill } from '../../../src/observe/aws/cost-explorer.ts';

interface Answer {
  readonly status?: number;
  readonly body: object;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A Cost Explorer that gives these answers in turn, and notes what it was asked. */
async function fakeCostExplorer(answers: readonly Answer[]) {
  const asked: { readonly target: string; readonly body: Record<string, unknown> }[] = [];
  const server = createServer(async (request, response) => {
    asked.push({
      target: String(request.headers['x-amz-target']),
      body: JSON.parse(await textOf(request)) as Record<string, unknown>,
    });
    const { status, body } = answers[Math.min(asked.length, answers.length) - 1] ?? { body: {} };
    response.writeHead(status ?? 200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const endpointUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.env['AWS_ACCESS_KEY_ID'] = 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
  const client = costExplorerClient({ region: 'eu-west-1', endpointUrl });
  closing.unshift(async () => client.destroy());
  const read = (by?: 'service'): Promise<Bill> =>
    readBill({
      client,
      ...(by === undefined ? {} : { by }),
      region: 'eu-west-1',
      fromAt: Date.parse('2026-11-19T00:00:00Z'),
      toAt: Date.parse('2026-11-21T00:00:00Z'),
    });
  return { asked, read };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

function result(day: string, groups: readonly object[], estimated = false): object {
  return { TimePeriod: { Start: day, End: 'next' }, Total: {}, Groups: groups, Estimated: estimated };
}

function group(usageType: string, usd: string, quantity: string, unit = 'USD'): object {
  return {
    Keys: ['AWS Lambda', usageType],
    Metrics: {
      UnblendedCost: { Amount: usd, Unit: unit },
      UsageQuantity: { Amount: quantity, Unit: 'N/A' },
    },
  };
}

describe('readBill', () => {
  it('asks for whole days of Lambda and SQS in one region, by service and usage type', async () => {
    const { asked, read } = await fakeCostExplorer([{ body: { ResultsByTime: [] } }]);
    expect(await read()).toEqual({ days: [], requests: 1 });
    expect(asked[0]?.target).toMatch(/GetCostAndUsage$/);
    expect(asked[0]?.body).toMatchObject({
      TimePeriod: { Start: '2026-11-19', End: '2026-11-21' },
      Granularity: 'DAILY',
      Metrics: ['UnblendedCost', 'UsageQuantity'],
      GroupBy: [
        { Type: 'DIMENSION', Key: 'SERVICE' },
        { Type: 'DIMENSION', Key: 'USAGE_TYPE' },
      ],
    });
    expect(JSON.stringify(asked[0]?.body['Filter'])).toContain('eu-west-1');
  });

  it('leaves credits, refunds and taxes out: they are no use of anything', async () => {
    const { asked, read } = await fakeCostExplorer([{ body: { ResultsByTime: [] } }]);
    await read();
    const filter = asked[0]?.body['Filter'] as { readonly And: readonly object[] } | undefined;
    expect(filter?.And).toContainEqual({
      Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } },
    });
  });

  it('reads every service as a whole when asked to', async () => {
    const whole = { ...(group('', '7.5', '0') as { Metrics: object }), Keys: ['Amazon DynamoDB'] };
    const { asked, read } = await fakeCostExplorer([
      { body: { ResultsByTime: [result('2026-11-19', [whole])] } },
    ]);
    const bill = await read('service');
    expect(asked[0]?.body['GroupBy']).toEqual([{ Type: 'DIMENSION', Key: 'SERVICE' }]);
    expect(JSON.stringify(asked[0]?.body['Filter'])).not.toContain('AWS Lambda');
    expect(bill.days[0]?.lines).toEqual([
      { service: 'Amazon DynamoDB', usageType: '', usd: 7.5, quantity: 0 },
    ]);
  });

  it('follows pages, joins a day that is spread over them, and counts what it asked', async () => {
    const { asked, read } = await fakeCostExplorer([
      {
        body: {
          NextPageToken: 'two',
          ResultsByTime: [
            result('2026-11-19', [group('EU-Lambda-GB-Second', '1.5', '90000')]),
            result('2026-11-20', [group('EU-Lambda-GB-Second', '0.25', '15000')]),
          ],
        },
      },
      { body: { ResultsByTime: [result('2026-11-20', [group('EU-Request', '0.02', '100000')], true)] } },
    ]);
    const bill = await read();
    expect(asked.map(({ body }) => body['NextPageToken'])).toEqual([undefined, 'two']);
    expect(bill.requests).toBe(2);
    expect(bill.days.map(({ isEstimated, lines }) => [isEstimated, lines.length])).toEqual([
      [false, 1],
      [true, 2],
    ]);
    expect(bill.days[1]?.lines[1]).toEqual({
      service: 'AWS Lambda',
      usageType: 'EU-Request',
      usd: 0.02,
      quantity: 100_000,
    });
  });

  it('tries again when Cost Explorer throttles, and counts the attempt, which is billed', async () => {
    const { asked, read } = await fakeCostExplorer([
      { status: 400, body: { __type: 'LimitExceededException', message: 'slow down' } },
      { body: { ResultsByTime: [result('2026-11-19', [])] } },
    ]);
    expect((await read()).requests).toBe(2);
    expect(asked).toHaveLength(2);
  });

  it.each([
    [
      'a denied call names the permission',
      [{ status: 400, body: { __type: 'AccessDeniedException', message: 'no' } }],
      /needs ce:GetCostAndUsage/,
    ],
    [
      'an account that never used Cost Explorer is told so',
      [{ status: 400, body: { __type: 'DataUnavailableException', message: 'no' } }],
      /Cost Explorer was never opened/,
    ],
    [
      'another currency is not taken for dollars',
      [{ body: { ResultsByTime: [result('2026-11-19', [group('Request', '1', '1', 'CNY')])] } }],
      /in CNY/,
    ],
    [
      'an amount that is no number is not taken for zero',
      [{ body: { ResultsByTime: [result('2026-11-19', [group('Request', 'much', '1')])] } }],
      /cannot be understood/,
    ],
    [
      'a page that follows itself ends',
      [{ body: { NextPageToken: 'same', ResultsByTime: [] } }],
      /repeats the same page/,
    ],
    [
      'a second page that is denied leaves no half bill',
      [
        {
          body: {
            NextPageToken: 'two',
            ResultsByTime: [result('2026-11-19', [group('Request', '1', '1')])],
          },
        },
        { status: 400, body: { __type: 'AccessDeniedException', message: 'no' } },
      ],
      /access denied/,
    ],
  ] as const)('%s', async (_, answers, message) => {
    const { read } = await fakeCostExplorer(answers);
    const failure = await read().then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(UnavailableError);
    expect(String(failure)).toMatch(message);
  });

  it('a day without the Estimated flag counts as one that may still change', async () => {
    const { read } = await fakeCostExplorer([
      { body: { ResultsByTime: [{ TimePeriod: { Start: '2026-11-19' }, Groups: [] }] } },
    ]);
    expect((await read()).days[0]?.isEstimated).toBe(true);
  });
});
