import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import type { Incident } from '../../src/model/incident.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { lambdaMetric, NOW, orders, queueMetric } from '../observe/aws/account.ts';
import { ACCOUNT, type FakeState, fakeAws, REGION } from '../observe/aws/fake-aws.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';
import { incidentOf } from '../store/samples.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { fakeIo } from './fake-io.ts';
import { recordedLoop } from './loop-on-record.ts';

/** The loop of the samples, an hour before the account's newest minute. */
const LATELY: Incident = incidentOf({
  onsetAt: NOW - 60 * MINUTE_MS,
  pendingAt: NOW - 58 * MINUTE_MS,
  openedAt: NOW - 57 * MINUTE_MS,
  criticalAt: NOW - 57 * MINUTE_MS,
  lastEvidenceAt: NOW - 5 * MINUTE_MS,
  evaluatedAt: NOW - 2 * MINUTE_MS,
  loss: null,
});

function failing(): Partial<FakeState> {
  const hour = Array.from({ length: 60 }, () => 6);
  return orders({
    metrics: [
      lambdaMetric('orders-worker', 'Invocations', hour),
      lambdaMetric('orders-worker', 'Errors', hour),
      lambdaMetric(
        'orders-worker',
        'Duration',
        hour.map(() => 30_000),
      ),
      lambdaMetric('orders-worker', 'ConcurrentExecutions', hour),
      queueMetric('orders', 'NumberOfMessagesReceived', hour),
      queueMetric(
        'orders',
        'NumberOfMessagesDeleted',
        hour.map(() => 0),
      ),
    ],
  });
}

/** `firebreak report` of that incident, out of an account that answers. */
async function reportFromAws(account: string, ...argv: readonly string[]) {
  const aws = fakeAws(failing());
  const endpoint = await serveFake(aws);
  const folder = temporaryFolder('report');
  await fileStore(join(folder, account, REGION)).putIncident(LATELY);
  const io = fakeIo({ now: () => NOW });
  const page = join(folder, 'report.html');
  const where = ['--store', folder, '--endpoint-url', endpoint, '--output', page];
  const code = await run(['report', LATELY.id, ...where, ...argv], io);
  const html = existsSync(page) ? readFileSync(page, 'utf8') : '';
  return { code, out: io.out(), err: io.err(), page, html, aws };
}

const charts = (html: string) => [...html.matchAll(/<svg class="chart/g)].length;

describe('firebreak report, with series from AWS', () => {
  it('reads the minutes of the incident again, draws them, and says what that cost', async () => {
    const { code, out, err, page, html, aws } = await reportFromAws(ACCOUNT);
    expect(code).toBe(0);
    expect(out).toBe(`${page}\n`);
    expect(err).toMatch(/^Series: CloudWatch, read again for \$0\.\d+ at list price\.\n$/);
    expect(charts(html)).toBeGreaterThanOrEqual(6);
    expect(html).not.toContain('<script');
    expect(aws.count('GetMetricData')).toBeGreaterThan(0);
    expect(aws.count('GetFunction')).toBeGreaterThan(0);
  });

  it('--json has the same minutes as numbers', async () => {
    const { out } = await reportFromAws(ACCOUNT, '--json');
    const { series, missing } = JSON.parse(out);
    expect(missing.filter((why: string) => why.includes('series'))).toEqual([]);
    expect(series.errors.filter((value: number | null) => value === 6).length).toBeGreaterThan(50);
    expect(series.received).toHaveLength(series.minutes);
    expect(series.source).toContain('CloudWatch, read again');
  });

  it('credentials of another account: the story without charts, and why', async () => {
    const { code, err, html, aws } = await reportFromAws('999988887777');
    expect(code).toBe(0);
    expect(err).toContain('it happened in account 999988887777, these credentials are of another');
    expect(charts(html)).toBe(0);
    expect(html).toContain('orders-worker');
    expect(aws.count('GetMetricData')).toBe(0);
  });
});

describe('firebreak report, with series from a trace', () => {
  const reportFromTrace = async (...argv: readonly string[]) => {
    const loop = await recordedLoop();
    const io = fakeIo({ now: () => loop.incident.evaluatedAt });
    const page = join(loop.folder, 'report.html');
    const where = ['--store', loop.folder, '--trace', loop.path, '--output', page];
    const code = await run(['report', loop.incident.id, ...where, ...argv], io);
    return { code, io, loop, html: existsSync(page) ? readFileSync(page, 'utf8') : '' };
  };

  it('draws the minutes of the incident, without calling AWS', async () => {
    const { code, io, html, loop } = await reportFromTrace();
    expect(code).toBe(0);
    expect(io.err()).toBe(`Series: ${loop.path}.\n`);
    expect(charts(html)).toBeGreaterThanOrEqual(6);
  });

  it('--json: the series begin before the onset and reach it', async () => {
    const { io, loop } = await reportFromTrace('--json');
    const { series, incident } = JSON.parse(io.out());
    expect(Date.parse(series.startAt)).toBeLessThan(loop.incident.onsetAt);
    expect(Date.parse(series.startAt) + series.minutes * MINUTE_MS).toBeGreaterThan(loop.incident.onsetAt);
    expect(incident.id).toBe(loop.incident.id);
    expect(series.wastedUsdPerHour.some((usd: number | null) => (usd ?? 0) > 0)).toBe(true);
  });

  it('a trace of another time: exit code 2', async () => {
    const { path, folder } = await recordedLoop();
    await fileStore(join(folder, ACCOUNT, REGION)).putIncident(LATELY);
    const io = fakeIo({ now: () => NOW });
    const code = await run(['report', LATELY.id, '--store', folder, '--trace', path], io);
    expect(code).toBe(2);
    expect(io.err()).toContain(`does not reach the time of ${LATELY.id}`);
  });
});

describe('firebreak report of nothing', () => {
  it('names the incident that was meant: exit code 2', async () => {
    const { folder, incident } = await recordedLoop();
    const io = fakeIo();
    const code = await run(['report', `${incident.id}x`, '--store', folder], io);
    expect(code).toBe(2);
    expect(io.err()).toContain(`did you mean ${incident.id}?`);
  });
});
