import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import { agreeToPrice, checkSize } from '../../src/cli/record-consent.ts';
import { EXIT, InputError, RefusedError } from '../../src/model/errors.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { requestsFor } from '../../src/observe/aws/metric-request.ts';
import type { RecordingPlan } from '../../src/observe/aws/recording-plan.ts';
import { readTraceFile } from '../../src/observe/trace/read-file.ts';
import { lambdaMetric, NOW, orders, queueMetric } from '../observe/aws/account.ts';
import { type FakeAws, type FakeState, fakeAws, mapping, queueArn } from '../observe/aws/fake-aws.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

const FOUR = { metrics: [lambdaMetric('orders-worker', 'Invocations', [1, null, 3, 4])] };

interface Recorder {
  readonly aws: FakeAws;
  readonly path: string;
  record(argv?: readonly string[], io?: Partial<Io>): Promise<{ code: number; out: string; err: string }>;
}

/** `firebreak record` of a fake account, served over HTTP, into a folder of the test's own. */
async function recorder(state: Partial<FakeState>): Promise<Recorder> {
  const aws = fakeAws(orders(state));
  const endpoint = await serveFake(aws);
  const folder = temporaryFolder('record');
  const path = join(folder, 'trace.json.gz');
  return {
    aws,
    path,
    record: async (argv = [], overrides = {}) => {
      const io = fakeIo({ now: () => NOW, ...overrides });
      const where = ['--region', 'us-east-1', '--endpoint-url', endpoint];
      const code = await run(['record', '-o', path, '--since', '60m', ...where, ...argv], io);
      return { code, out: io.out(), err: io.err() };
    },
  };
}

describe('firebreak record', () => {
  it('writes a trace that backtest reads: settings, and each datapoint in its minute', async () => {
    const { record, path } = await recorder({
      metrics: [...FOUR.metrics, queueMetric('orders', 'NumberOfMessagesReceived', [7])],
    });
    const { code, out, err } = await record();
    expect({ code, err }).toEqual({
      code: EXIT.done,
      err: expect.stringContaining('2 metrics with data in 1 call'),
    });
    expect(out).toMatch(
      /trace\.json\.gz: 2026-11-24T10:59:00Z to 2026-11-24T11:59:00Z, 1 function, 2 queues/,
    );
    const trace = await readTraceFile(path);
    expect(trace.periods).toBe(60);
    expect(trace.inventory.functions[0]).toMatchObject({ name: 'orders-worker', memoryMB: 512 });
    expect([...(trace.functions.get('orders-worker')?.invocations?.final ?? [])].slice(-4)).toEqual([
      1,
      NaN,
      3,
      4,
    ]);
    expect(trace.queues.get('orders')?.received?.final.at(-1)).toBe(7);
    expect(trace.functions.get('orders-worker')?.invocations?.late).toEqual([]);
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it('records metrics that have no data as such, without asking, and nothing of what never ran', async () => {
    const { record, path, aws } = await recorder({
      ...FOUR,
      functions: [{ name: 'orders-worker' }, { name: 'never' }],
    });
    await record();
    const trace = await readTraceFile(path);
    expect(trace.functions.get('orders-worker')?.throttles?.final.every(Number.isNaN)).toBe(true);
    expect(trace.functions.get('never')).toEqual({});
    expect(aws.count('GetMetricData')).toBe(1);
  });

  it('--json says what it wrote and what it could not read', async () => {
    const { record, aws } = await recorder(FOUR);
    aws.state.fault = ({ operation, input }) =>
      operation === 'GetQueueAttributes' && String(input['QueueUrl']).endsWith('/orders')
        ? { status: 403, code: 'AccessDenied' }
        : undefined;
    const { code, out, err } = await record(['--json']);
    expect(code).toBe(EXIT.done);
    expect(JSON.parse(out)).toMatchObject({
      format: 'firebreak-record/1',
      start: '2026-11-24T10:59:00Z',
      functions: 1,
      gaps: [
        { resource: 'orders', reason: 'access denied: needs sqs:GetQueueAttributes' },
        { resource: 'orders', reason: expect.stringContaining('defaults of SQS') },
      ],
    });
    expect(err).toContain('not read: orders: GetQueueAttributes: access denied');
  });

  it('a queue of another account is in the trace, so that it can be read', async () => {
    const { record, path } = await recorder({
      ...FOUR,
      mappings: [mapping('orders-worker', queueArn('orders', '999988887777'))],
    });
    expect((await record()).code).toBe(EXIT.done);
    const trace = await readTraceFile(path);
    expect(trace.inventory.queues.map(({ name }) => name)).toEqual([queueArn('orders', '999988887777')]);
  });

  it('--function records that one, its queue and its dead-letter queue', async () => {
    const { record, path } = await recorder({
      functions: [{ name: 'orders-worker' }, { name: 'mail-worker' }],
      mappings: [mapping('orders-worker', queueArn('orders')), mapping('mail-worker', queueArn('mail'))],
      queues: [{ name: 'orders', deadLetterQueue: 'orders-dlq' }, { name: 'orders-dlq' }, { name: 'mail' }],
      metrics: [lambdaMetric('orders-worker', 'Invocations', [1])],
    });
    await record(['--function', 'orders-worker']);
    const { inventory } = await readTraceFile(path);
    expect(inventory.functions.map(({ name }) => name)).toEqual(['orders-worker']);
    expect(inventory.queues.map(({ name }) => name)).toEqual(['orders', 'orders-dlq']);
  });

  it('--pseudonymise leaves no name, account or tag', async () => {
    const { record, path } = await recorder({
      functions: [{ name: 'orders-worker', tags: { team: 'checkout', 'firebreak:kill': 'allowed' } }],
      metrics: [
        lambdaMetric('orders-worker', 'Invocations', [1, 2]),
        queueMetric('orders', 'NumberOfMessagesSent', [3]),
      ],
    });
    await record(['--pseudonymise']);
    const text = gunzipSync(readFileSync(path)).toString('utf8');
    for (const name of ['orders', 'checkout', '111122223333', 'uuid-']) expect(text).not.toContain(name);
    const trace = await readTraceFile(path);
    expect(trace.functions.get('function-001')?.invocations?.final.at(-1)).toBe(2);
    expect(trace.queues.get('queue-001')?.sent?.final.at(-1)).toBe(3);
    expect(trace.inventory.functions[0]?.tags).toEqual({ 'firebreak:kill': 'allowed' });
    expect(trace.inventory.queues[0]?.redrive?.deadLetterQueue).toBe('queue-002');
  });

  it('goes on where it was interrupted, and reads nothing twice', async () => {
    const names = [
      'Invocations',
      'Errors',
      'Throttles',
      'Duration',
      'ConcurrentExecutions',
      'AsyncEventsReceived',
    ];
    const { record, path, aws } = await recorder({
      functions: ['a', 'b', 'c'].map((name) => ({ name })),
      mappings: [],
      metrics: ['a', 'b', 'c'].flatMap((fn) => names.map((metric) => lambdaMetric(fn, metric, [1, 2]))),
    });
    const interrupt = new AbortController();
    aws.state.fault = () => {
      if (aws.count('GetMetricData') === 3) interrupt.abort();
      return undefined;
    };
    const first = await record(['--since', '14d'], { signal: interrupt.signal });
    expect(first.code).toBe(EXIT.unavailable);
    expect(first.err).toMatch(/interrupted; \d of 6 parts are kept: run the same command again to go on/);
    expect(existsSync(path)).toBe(false);
    const kept = Number(/(\d) of 6 parts/.exec(first.err)?.[1]);
    expect(kept).toBeGreaterThan(0);

    aws.state.fault = () => undefined;
    aws.calls.length = 0;
    const second = await record(['--since', '14d'], { now: () => NOW + 30 * MINUTE_MS });
    expect(second.code).toBe(EXIT.done);
    expect(aws.count('ListFunctions')).toBe(0);
    expect(aws.count('GetMetricData')).toBe(6 - kept);
    const trace = await readTraceFile(path);
    for (const fn of ['a', 'b', 'c']) expect(trace.functions.get(fn)?.errors?.final.at(-1)).toBe(2);
    expect(existsSync(`${path}.partial`)).toBe(false);
  });

  it('gives up when no call succeeds any more, and keeps what it has', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `fn-${i}`);
    const { record, path, aws } = await recorder({
      functions: names.map((name) => ({ name })),
      mappings: [],
      metrics: names.map((name) => lambdaMetric(name, 'Invocations', [1])),
    });
    aws.state.fault = ({ operation }) =>
      operation === 'GetMetricData' ? { status: 403, code: 'ExpiredToken' } : undefined;
    const { code, err } = await record(['--since', '14d']);
    expect(code).toBe(EXIT.unavailable);
    expect(err).toContain('no usable credentials');
    expect(aws.count('GetMetricData')).toBeLessThan(8);
    expect(existsSync(`${path}.partial`)).toBe(true);
  });

  it('cuts off what it was writing when it was killed', async () => {
    const { record, path } = await recorder(FOUR);
    const interrupt = new AbortController();
    const first = await recorder(FOUR);
    first.aws.state.fault = ({ operation }) => {
      if (operation === 'GetMetricData') interrupt.abort();
      return undefined;
    };
    await first.record([], { signal: interrupt.signal });
    const left = readFileSync(`${first.path}.partial`, 'utf8').split('\n')[0];
    writeFileSync(`${path}.partial`, `${left}\n{"part":0,"series":[{"names`);
    expect((await record()).code).toBe(EXIT.done);
    expect((await readTraceFile(path)).functions.get('orders-worker')?.invocations?.final.at(-1)).toBe(4);
  });

  it.each([
    ['--since is no span', ['--since', 'yesterday'], '--since must be 1m to 14d'],
    ['--since is more than is kept', ['--since', '15d'], '--since must be 1m to 14d'],
    ['a function that does not exist', ['--function', 'nobody'], 'no such function in us-east-1: nobody'],
    ['an endpoint that is none', ['--endpoint-url', 'localhost'], '--endpoint-url must be an http(s) URL'],
    ['a folder that does not exist', ['-o', '/nowhere/at/all.json'], 'no such folder: /nowhere/at'],
  ])('%s: exit 2 and one line', async (_, argv, message) => {
    const { record, aws } = await recorder(FOUR);
    const { code, err } = await record(argv);
    expect(code).toBe(EXIT.usage);
    expect(err).toContain(message);
    expect(aws.count('GetMetricData')).toBe(0);
  });

  it('does not write over a trace that was paid for', async () => {
    const { record, path } = await recorder(FOUR);
    writeFileSync(path, 'precious');
    const { code, err } = await record();
    expect(code).toBe(EXIT.usage);
    expect(err).toContain('exists');
    expect(readFileSync(path, 'utf8')).toBe('precious');
  });

  it('does not take another file, or another recording, for its own leftover', async () => {
    const { record, path } = await recorder(FOUR);
    writeFileSync(`${path}.partial`, 'notes of mine\n');
    expect(await record()).toMatchObject({ code: EXIT.usage, err: expect.stringContaining('is not what') });
    const header = { region: 'us-east-1', periods: 5, start: 'then', functions: [] };
    const plan = { header, startAt: NOW, requests: [], silent: [], gaps: [] };
    writeFileSync(`${path}.partial`, `${JSON.stringify({ format: 'firebreak-recording/1', plan })}\n`);
    expect(await record()).toMatchObject({
      code: EXIT.usage,
      err: expect.stringContaining('another recording'),
    });
  });
});

describe('before anything is paid for', () => {
  function planOf(metrics: number, periods: number): RecordingPlan {
    const [request] = requestsFor('AWS/Lambda', 'worker', ['Errors']);
    return {
      header: { periods, functions: [], queues: [] } as unknown as RecordingPlan['header'],
      startAt: 0,
      requests: Array(metrics).fill(request),
      silent: [],
      gaps: [],
    };
  }
  const nothing = { done: new Set<number>(), yes: false };

  it('less than a dollar is only said', async () => {
    const io = fakeIo();
    await agreeToPrice(io, planOf(99_000, 60), nothing);
    expect(io.err()).toContain('$0.99');
  });

  it('a dollar needs a yes: from the person, or --yes', async () => {
    const plan = planOf(100_000, 60);
    await expect(agreeToPrice(fakeIo(), plan, nothing)).rejects.toThrow(RefusedError);
    await expect(agreeToPrice(fakeIo({ confirm: async () => true }), plan, nothing)).resolves.toBeUndefined();
    await expect(agreeToPrice(fakeIo(), plan, { ...nothing, yes: true })).resolves.toBeUndefined();
  });

  it('what an interrupted recording has is not counted again', async () => {
    const io = fakeIo();
    await agreeToPrice(io, planOf(100_000, 60), { done: new Set([0]), yes: false });
    expect(io.err()).toContain('99,500 metrics with data in 199 calls');
  });

  it('a trace that nobody could read is refused', () => {
    expect(() => checkSize(planOf(5_000, 20_160))).toThrow(InputError);
    expect(() => checkSize(planOf(4_000, 20_160))).not.toThrow();
  });
});
