import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionConcurrencyCommand,
  GetFunctionRecursionConfigCommand,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { readAuditSubject } from '../../../src/observe/aws/audit-inventory.ts';
import { fileProgress, NO_PROGRESS } from '../../../src/observe/aws/audit-progress.ts';
import { auditClients, auditWire } from '../../../src/observe/aws/audit-wire.ts';
import { Interrupted } from '../../../src/observe/aws/failure.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { ACCOUNT, auditWorld, DENIED } from './audit-world.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const world = auditWorld();
const clients = auditClients({ region: 'eu-central-1' });
const identity = { account: ACCOUNT, region: 'eu-central-1' };

const warnings: string[] = [];
const warn = (text: string) => void warnings.push(text);

beforeEach(() => {
  warnings.length = 0;
  world.reset();
});

type Input = Parameters<typeof readAuditSubject>[0];

function read(
  overrides: Partial<Input> & { sleep?: (ms: number) => Promise<void>; signal?: AbortSignal } = {},
) {
  const { sleep = () => Promise.resolve(), signal, ...rest } = overrides;
  const wire = auditWire({ clients, sleep, signal });
  return readAuditSubject({ wire, identity, now: NOW, readLogs: false, progress: NO_PROGRESS, ...rest });
}

describe('readAuditSubject', () => {
  it('reads everything an audit looks at', async () => {
    const subject = await read({ readLogs: true });
    expect(subject).toMatchObject({
      origin: { kind: 'account', account: ACCOUNT },
      region: 'eu-central-1',
      accountConcurrencyLimit: 400,
      gaps: [],
    });
    const [worker, api] = subject.functions;
    expect(worker).toMatchObject({
      name: 'worker',
      packageBytes: 1500,
      reservedConcurrency: 0,
      recursiveLoop: 'Terminate',
      asyncInvoke: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 60, onFailure: null },
      asyncInvokers: ['SNS'],
      syncInvokers: ['apigateway.amazonaws.com'],
      provisionedConcurrency: [],
      role: 'worker-role',
      logGroup: { name: '/custom/worker', retentionDays: 14, storedBytes: 2048 },
      observed: { invocations: 1, maxDurationMs: 900, maxMemoryUsedMB: 301, coldStarts: 1 },
      eventSources: [
        {
          id: 'mapping-1',
          kind: 'sqs',
          source: 'orders',
          maximumConcurrency: 5,
          partialBatchResponses: true,
        },
        { id: 'mapping-2', kind: 'dynamodb', source: 'ledger', enabled: false, bisectOnError: true },
      ],
    });
    expect(api).toMatchObject({
      runtime: null,
      packageBytes: null,
      reservedConcurrency: null,
      asyncInvoke: null,
      asyncInvokers: [],
      logGroup: { name: '/aws/lambda/api', retentionDays: null },
      provisionedConcurrency: [
        { qualifier: 'live', executions: 4, utilizationMaximum: 0.25, spilloverInvocations: 0 },
      ],
    });
  });

  it('reads queues, alarms and roles', async () => {
    const subject = await read();
    expect(subject.queues).toMatchObject([
      {
        name: 'orders',
        visibilityTimeoutSeconds: 30,
        redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 3 },
      },
      { name: 'orders-dlq', messageRetentionSeconds: 1_209_600, redrive: null },
    ]);
    expect(subject.alarms).toMatchObject([
      { name: 'worker-errors', notifies: true, metrics: [{ metric: 'Errors' }] },
      { name: 'math', notifies: true, metrics: [{ metric: 'NumberOfMessagesSent' }] },
    ]);
    expect([...subject.roles.keys()]).toEqual(['worker-role']);
    expect(subject.roles.get('worker-role')?.allows).toEqual([
      { policy: 'inline', actions: ['sqs:*'], resources: ['*'] },
      { policy: 'local', actions: ['*'], resources: ['*'] },
    ]);
    expect([...(subject.unusedAccess?.keys() ?? [])]).toEqual(['worker-role']);
  });

  it('keeps what a secret looks like, and nothing of the secret', async () => {
    const subject = await read();
    expect(subject.functions[0]?.environment).toEqual([
      { name: 'DB_PASSWORD', looksLike: 'password or secret' },
      { name: 'TABLE', looksLike: null },
    ]);
    expect(JSON.stringify(subject)).not.toMatch(/correct|horse|battery/);
  });

  it('reads no logs unless asked', async () => {
    const subject = await read();
    expect(subject.functions[0]?.observed).toBeUndefined();
    expect(world.logs.commandCalls(FilterLogEventsCommand)).toHaveLength(0);
  });
});

describe('what cannot be read', () => {
  it('stays unknown, is a gap once, and is not asked again', async () => {
    world.lambda.on(GetFunctionRecursionConfigCommand).rejects(DENIED);
    const subject = await read();
    expect(subject.functions.map(({ recursiveLoop }) => recursiveLoop)).toEqual([undefined, undefined]);
    expect(subject.gaps).toEqual([
      {
        resource: 'all resources',
        operation: 'GetFunctionRecursionConfig',
        reason: 'access denied: needs lambda:GetFunctionRecursionConfig',
      },
    ]);
    expect(world.lambda.commandCalls(GetFunctionRecursionConfigCommand)).toHaveLength(1);
  });

  it('leaves alarms unknown, not empty', async () => {
    world.cloudWatch.on(DescribeAlarmsCommand).rejects(DENIED);
    const subject = await read();
    expect(subject.alarms).toBeUndefined();
    expect(subject.gaps.map(({ operation }) => operation)).toEqual(['DescribeAlarms']);
  });

  it('ends the audit where even functions cannot be listed', async () => {
    world.lambda.on(ListFunctionsCommand, { Marker: undefined }).rejects(DENIED);
    await expect(read()).rejects.toThrow(/ListFunctions: access denied: needs lambda:ListFunctions/);
  });

  it('is nothing of a function with malformed fields but those fields', async () => {
    const odd = { FunctionName: 'odd', MemorySize: 'many', Timeout: 3 } as unknown as {
      FunctionName: string;
    };
    world.lambda.on(ListFunctionsCommand, { Marker: undefined }).resolves({ Functions: [odd, {}] });
    const subject = await read();
    expect(subject.functions).toHaveLength(1);
    expect(subject.functions[0]).toMatchObject({ name: 'odd', timeoutSeconds: 3 });
    expect(subject.functions[0]?.memoryMB).toBeUndefined();
  });
});

describe('an interrupted audit', () => {
  async function partialPath(): Promise<string> {
    return join(temporaryFolder('audit'), 'audit.partial');
  }

  it('goes on where it stopped and removes its file at the end', async () => {
    const path = await partialPath();
    const interrupt = new AbortController();
    const first = read({
      progress: await fileProgress({ path, ...identity, now: NOW, warn }),
      signal: interrupt.signal,
      onProgress: () => interrupt.abort(),
    });
    await expect(first).rejects.toThrow(Interrupted);
    expect(await readFile(path, 'utf8')).toMatch(/"name":"worker"/);

    world.lambda.resetHistory();
    const progress = await fileProgress({ path, ...identity, now: NOW + 1000, warn });
    const subject = await read({ progress });
    expect(subject.functions[0]).toMatchObject({
      name: 'worker',
      reservedConcurrency: 0,
      asyncInvokers: ['SNS'],
    });
    const asked = world.lambda.commandCalls(GetFunctionConcurrencyCommand).map((one) => one.args[0].input);
    expect(asked).toEqual([{ FunctionName: 'api' }]);
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it('reads the log lines alone of a function that an audit without them has read', async () => {
    const path = await partialPath();
    const before = await fileProgress({ path, ...identity, now: NOW, warn });
    await read({ progress: { ...before, finish: () => Promise.resolve() } });
    world.lambda.resetHistory();
    const progress = await fileProgress({ path, ...identity, now: NOW, warn });
    const subject = await read({ progress, readLogs: true });
    expect(subject.functions.map(({ observed }) => observed?.invocations)).toEqual([1, 1]);
    expect(world.lambda.commandCalls(GetFunctionConcurrencyCommand)).toHaveLength(0);
  });

  it.each([
    ['the function was changed since', 'tomorrow', identity, NOW],
    ['it was read too long ago', 'today', identity, NOW + 7 * 3_600_000],
    ['it was another account', 'today', { ...identity, account: '222222222222' }, NOW],
  ])('reads a function anew if %s', async (_, lastModified, who, now) => {
    const path = await partialPath();
    const before = await fileProgress({ path, ...identity, now: NOW, warn });
    await before.remember('worker', 'today', { reservedConcurrency: 7 });
    const same = await fileProgress({ path, ...identity, now: NOW, warn });
    expect(same.known('worker', 'today')).toEqual({ reservedConcurrency: 7 });
    const progress = await fileProgress({ path, ...who, now, warn });
    expect(progress.known('worker', lastModified)).toBeUndefined();
  });

  it('goes on without a file where none can be written, and says so once', async () => {
    const path = join(await partialPath(), 'no', 'such', 'folder');
    const subject = await read({ progress: await fileProgress({ path, ...identity, now: NOW, warn }) });
    expect(subject.functions).toHaveLength(2);
    expect(warnings).toEqual([expect.stringMatching(/cannot write .*ENOENT/)]);
  });

  it('leaves no file where it has read nothing', async () => {
    const path = await partialPath();
    await fileProgress({ path, ...identity, now: NOW, warn });
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it('writes no secrets beside the place it runs', async () => {
    const path = await partialPath();
    const progress = await fileProgress({ path, ...identity, now: NOW, warn });
    await read({ progress: { ...progress, finish: () => Promise.resolve() } });
    expect(await readFile(path, 'utf8')).not.toMatch(/correct-horse|DB_PASSWORD/);
  });
});
