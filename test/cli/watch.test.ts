import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { busyOrders, lambdaMetric, NOW, orders, queueMetric } from '../observe/aws/account.ts';
import { ACCOUNT, type FakeAws, type FakeState, fakeAws, REGION } from '../observe/aws/fake-aws.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';

/** Every message of orders fails: 20 a minute for an hour, and none is deleted. */
function failing(): Partial<FakeState> {
  const before = Array.from({ length: 120 }, () => 20);
  const since = Array.from({ length: 60 }, () => 20);
  const minutes = (good: number, bad: number) => [...before.map(() => good), ...since.map(() => bad)];
  const worker = (metric: string, values: readonly number[]) => lambdaMetric('orders-worker', metric, values);
  const queue = (metric: string, values: readonly number[]) => queueMetric('orders', metric, values);
  return orders({
    functions: [{ name: 'orders-worker', config: { Timeout: 300, MemorySize: 2048 } }],
    metrics: [
      worker('Invocations', minutes(20, 20)),
      worker('Errors', minutes(0, 20)),
      worker('Throttles', minutes(0, 0)),
      worker('Duration', minutes(20_000, 1_200_000)),
      worker('ConcurrentExecutions', minutes(1, 60)),
      queue('NumberOfMessagesSent', minutes(20, 20)),
      queue('NumberOfMessagesReceived', minutes(20, 60)),
      queue('NumberOfMessagesDeleted', minutes(20, 0)),
    ],
  });
}

interface Watched {
  readonly aws: FakeAws;
  readonly folder: string;
  /** Runs until it would look again; `atEnd` happens before it is interrupted. */
  watch(
    argv: readonly string[],
    atEnd?: (said: string) => Promise<void>,
    overrides?: Partial<Io>,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
}

async function watched(state: Partial<FakeState>): Promise<Watched> {
  const aws = fakeAws(state);
  const endpoint = await serveFake(aws);
  const folder = temporaryFolder('watch');
  return {
    aws,
    folder,
    watch: async (argv, atEnd = () => Promise.resolve(), overrides = {}) => {
      const interrupt = new AbortController();
      const io = fakeIo({
        now: () => NOW,
        signal: interrupt.signal,
        sleep: async (ms) => {
          // Shorter waits are pauses between calls to AWS.
          if (ms < 30_000) return;
          await atEnd(io.err() + io.out());
          interrupt.abort();
        },
        ...overrides,
      });
      const where = ['--region', REGION, '--endpoint-url', endpoint, '--store', folder];
      const code = await run(['watch', ...where, ...argv], io);
      return { code, out: io.out(), err: io.err() };
    },
  };
}

describe('firebreak watch of an account', () => {
  it('looks, remembers what it saw, and ends when it is interrupted', async () => {
    const { watch, folder } = await watched(busyOrders());
    const { code, out, err } = await watch([]);
    expect(code).toBe(0);
    expect(err).toBe(
      `looking at account ${ACCOUNT} in ${REGION}; the first look learns two weeks of history and takes longest\n`,
    );
    expect((await watch(['--once'])).err).toBe(`looking at account ${ACCOUNT} in ${REGION}\n`);
    expect(out).toContain(`firebreak ${REGION} account ${ACCOUNT}, 12:00 UTC`);
    expect(out).toContain('1 function, 2 queues; reading cost');
    expect(await fileStore(join(folder, ACCOUNT, REGION)).lastTick()).toMatchObject({
      at: NOW,
      functions: 1,
    });
  });

  it('tells of a loop, with the command that stops it', async () => {
    const { watch } = await watched(failing());
    const { code, out } = await watch(['--once']);
    expect(code).toBe(0);
    expect(out).toContain('CRITICAL orders-worker: retry loop');
    expect(out).toContain('firebreak kill orders-worker');
  });

  it('--json: one line, and nothing else on stdout', async () => {
    const { watch } = await watched(failing());
    const { out } = await watch(['--once', '--json']);
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({
      format: 'firebreak-watch/1',
      incidents: [{ function: 'orders-worker', detector: 'retry-loop' }],
      alerts: [{ transition: 'critical' }],
    });
  });
});

describe('firebreak watch --web of an account', () => {
  it('serves the page, its state and the report of an incident, and stops serving at the end', async () => {
    const { watch } = await watched(failing());
    let url = '';
    const got: Record<string, { readonly status: number; readonly text: string }> = {};
    const { code, out } = await watch(['--web'], async (said) => {
      url = /http:\/\/127\.0\.0\.1\S+/.exec(said)?.[0] ?? '';
      const get = async (path: string) => {
        const response = await fetch(new URL(path, url));
        return { status: response.status, text: await response.text() };
      };
      got['page'] = await get('');
      got['state'] = await get('state.json');
      const [incident] = JSON.parse(got['state'].text).incidents;
      got['report'] = await get(`report/${encodeURIComponent(incident.id)}`);
      got['none'] = await get('report/none');
    });
    expect(code).toBe(0);
    expect(out).toContain(`live page, for this machine only: ${url}`);
    expect(got['page']?.text).toContain('orders-worker');
    expect(JSON.parse(got['state']?.text ?? '')).toMatchObject({
      format: 'firebreak-live/1',
      account: ACCOUNT,
      functions: [{ name: 'orders-worker', usdPerHour: expect.any(Number) }],
      incidents: [{ detector: 'retry-loop' }],
    });
    expect(got['report']).toMatchObject({ status: 200 });
    // Read again from CloudWatch: with charts.
    expect(got['report']?.text).toContain('<svg class="chart');
    expect(got['report']?.text).toContain('Series: CloudWatch, read again for');
    expect(got['none']?.status).toBe(404);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('in a terminal, says where in the frame that is redrawn', async () => {
    const { watch } = await watched(busyOrders());
    const { out } = await watch(['--web'], undefined, { isTty: true });
    const [, frame = ''] = out.split('\u001b[H');
    expect(frame).toMatch(/live page, for this machine only: http:\/\/127\.0\.0\.1:\d+\/\S+\//);
    expect(out.endsWith('\u001b[J')).toBe(true);
  });

  it('makes no sense for one look: exit code 2', async () => {
    const { watch } = await watched(busyOrders());
    const { code, err } = await watch(['--once', '--web']);
    expect(code).toBe(2);
    expect(err).toContain("option '--web' cannot be used with option '--once'");
  });
});
