import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JSONSchema } from 'zod/v4/core';
import { buildProgram, run } from '../../../src/cli/program.ts';
import { DOCUMENTS, documentSchema } from '../../../src/cli/schemas/registry.ts';
import type { BillNote } from '../../../src/model/bill.ts';
import type { BudgetSpend } from '../../../src/model/budget.ts';
import { DEFAULT_CONFIG } from '../../../src/model/config.ts';
import { alertJson } from '../../../src/model/incident-json.ts';
import { readTraceFile } from '../../../src/observe/trace/read-file.ts';
import { tickAt, traceSource } from '../../../src/observe/trace/trace-source.ts';
import { runTick } from '../../../src/run/run-tick.ts';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { memoryStore } from '../../../src/store/memory-store.ts';
import { liveJson, liveView } from '../../../src/web/view.ts';
import { commandsOf } from '../../docs/command-lines.ts';
import { busyOrders, NOW } from '../../observe/aws/account.ts';
import { fakeAws } from '../../observe/aws/fake-aws.ts';
import { costExplorer } from '../../observe/aws/fake-bill.ts';
import { serveFake } from '../../observe/aws/serve-fake.ts';
import { AT, alertOf, incidentOf, killOf } from '../../store/samples.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { atNight } from '../at-night.ts';
import { fakeIo } from '../fake-io.ts';
import { recordedLoop } from '../loop-on-record.ts';
import { undescribed } from './json-keys.ts';

const folder = temporaryFolder('schemas');

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** What a command line prints. */
async function printed(argv: readonly string[], now = NOW): Promise<string> {
  const io = fakeIo({ now: () => now });
  await run([...argv, '--json'], io);
  return io.out();
}

/** An account that answers, and where it is. */
async function account(): Promise<readonly string[]> {
  const endpoint = await serveFake(fakeAws(busyOrders()));
  return ['--region', 'us-east-1', '--endpoint-url', endpoint];
}

/** A store in which everything there can be has happened. */
async function eventful(): Promise<string> {
  const place = temporaryFolder('store');
  const store = fileStore(join(place, '111122223333', 'eu-west-1'));
  await store.putIncident(incidentOf());
  await store.createKill(killOf());
  await store.putTick({
    at: AT,
    functions: 1,
    queues: 1,
    gaps: [{ resource: 'orders', operation: 'GetQueueAttributes', reason: 'access denied' }],
  });
  await store.putBaselines({ builtAt: AT, functions: new Map(), queues: new Map(), budgets: [BUDGET] });
  await store.putBill(BILL);
  return place;
}

const BILL: BillNote = {
  readAt: AT,
  untilAt: AT,
  monthStartAt: AT,
  monthUsd: 170,
  budgets: [{ name: 'team=shop', usd: 12 }],
  calibration: [
    {
      usageType: 'all',
      billedUsd: 100,
      computedUsd: 97,
      quantityRatio: null,
      days: 7,
      untilAt: AT,
      isEstimated: true,
    },
  ],
  anomalies: [
    {
      dayAt: AT,
      service: 'AWS Lambda',
      usageType: 'Request',
      usd: 90,
      usualUsd: 40,
      functions: [{ functionName: 'orders', usd: 60, usualUsd: 20 }],
    },
  ],
  downstream: [
    {
      functionName: 'orders',
      service: 'Amazon DynamoDB',
      usdPerInvocation: 0.004,
      low: 0.003,
      high: 0.005,
      days: 91,
      explained: 0.9,
      alternatives: [],
    },
  ],
};

const BUDGET: BudgetSpend = {
  name: 'the account',
  monthlyUsd: 300,
  kind: 'account',
  functions: ['orders'],
  untilAt: AT,
  hourUsd: new Float64Array(336).fill(0.5),
  monthStartAt: Date.UTC(2026, 10),
  monthUsd: 180,
  monthBasis: 'bill',
  savingsPlanDiscount: 0,
};

const TEMPLATE = {
  Resources: {
    Orders: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders' } },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'worker', MemorySize: 1024, Timeout: 900, Runtime: 'nodejs24.x' },
    },
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: { Ref: 'Worker' }, EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
    },
  },
};

/** Real outputs of each document, as they are printed. */
const OUTPUTS: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  alert: async () => [JSON.stringify(alertJson(alertOf()))],
  audit: async () => {
    const template = file('app.template.json', JSON.stringify(TEMPLATE));
    const expires = { reason: 'accepted for the test', expires: '2030-01-01' };
    const suppressions = file(
      'accepted.json',
      JSON.stringify({
        suppressions: [
          { rule: 'queue-no-redrive', resource: '*', ...expires },
          { rule: 'queue-no-redrive', resource: 'nothing', ...expires },
        ],
      }),
    );
    return [await printed(['audit', '--template', template, '--suppressions', suppressions])];
  },
  backtest: async () => [await printed(['backtest', (await recordedLoop()).path])],
  bill: async () => {
    const bill = costExplorer({ 'AWS Lambda|Request': () => 3, 'Amazon DynamoDB': () => 50 });
    const endpoint = await serveFake(fakeAws({ ...busyOrders(), fault: bill }));
    const store = temporaryFolder('bill');
    return [await printed(['bill', '--store', store, '--region', 'us-east-1', '--endpoint-url', endpoint])];
  },
  'config-check': async () => [
    await printed(['config', 'check', '--config', file('good.json', '{"pageUsd": 2}')]),
    await printed(['config', 'check', '--config', file('bad.json', '{"pageUsd": "x"}')]),
  ],
  demo: async () => [await printed(['demo'])],
  doctor: async () => [
    await printed(['doctor', '--store', folder, ...(await account())]),
    await printed(['doctor', '--config', 'none.json', '--endpoint-url', 'http://127.0.0.1:1']),
  ],
  forecast: async () => [await printed(['forecast', '--store', await eventful()])],
  incidents: async () => [await printed(['incidents', '--store', await eventful()])],
  init: async () => [await printed(['init', '--config', join(folder, 'new.json'), ...(await account())])],
  kill: async () => {
    const night = await atNight();
    const dry = await night.run('kill', 'orders-worker', '--dry-run', '--json');
    const done = await night.run('kill', 'orders-worker', '--hard', '--yes', '--json');
    return [dry.io.out(), done.io.out()];
  },
  live: async () => {
    const { path } = await recordedLoop();
    const trace = await readTraceFile(path);
    const now = tickAt(trace, trace.periods - 1);
    const store = memoryStore();
    const report = await runTick({
      source: traceSource(trace),
      store,
      channels: [],
      config: DEFAULT_CONFIG,
      now: () => now,
    });
    const view = liveView({ report, config: DEFAULT_CONFIG, kills: [], note: '', readUsd: null });
    return [JSON.stringify(liveJson(view))];
  },
  'monitor-cost': async () => [await printed(['cost-of-monitoring', '--functions', '20', '--queues', '5'])],
  prices: async () => [await printed(['prices', '--region', 'eu-central-1'])],
  record: async () => [
    await printed(['record', '-o', join(folder, 'recorded.json'), '--since', '1h', ...(await account())]),
  ],
  report: async () => {
    const { path, folder: store, incident } = await recordedLoop();
    const without = ['report', incident.id, '--store', store, '--endpoint-url', 'http://127.0.0.1:1'];
    return [
      await printed(['report', incident.id, '--store', store, '--trace', path], incident.evaluatedAt),
      await printed([...without, '--region', 'us-east-1'], incident.evaluatedAt),
    ];
  },
  restore: async () => {
    const night = await atNight();
    await night.run('kill', 'orders-worker', '--yes');
    const dry = await night.run('restore', 'orders-worker', '--dry-run', '--json');
    const done = await night.run('restore', 'orders-worker', '--yes', '--json');
    const again = await night.run('restore', 'orders-worker', '--json');
    return [dry, done, again].map(({ io }) => io.out());
  },
  'score-series': async () => [
    await printed(['score-series', file('series.csv', 'timestamp,value\n2026-11-01,1\n2026-11-02,\n')]),
  ],
  status: async () => [await printed(['status', '--store', await eventful()])],
  suggest: async () => [await printed(['suggest', '--store', await eventful()])],
  'test-alert': async () => [await printed(['test-alert', '--channel', 'console'])],
  trace: async () => {
    const out = join(folder, 'written.json');
    await printed(['record', '-o', out, '--since', '1h', ...(await account())]);
    return [readFileSync((await recordedLoop()).path, 'utf8'), readFileSync(out, 'utf8')];
  },
  watch: async () => [await printed(['watch', '--once', '--store', folder, ...(await account())])],
};

describe.each(Object.keys(DOCUMENTS))('the schema of %s', (name) => {
  it('holds for what is really printed, and speaks of all of it', async () => {
    const outputs = await OUTPUTS[name]?.();
    expect(outputs, `no output of ${name} is tried here`).toBeDefined();
    const schema = documentSchema(name) as JSONSchema.BaseSchema;
    for (const output of outputs ?? []) {
      const document: unknown = JSON.parse(output);
      expect(DOCUMENTS[name]?.schema.safeParse(document).error?.issues).toBeUndefined();
      expect(document).toMatchObject({ format: `firebreak-${name}/1` });
      expect(undescribed(document, schema)).toEqual([]);
    }
  });

  it('refuses another document', () => {
    expect(DOCUMENTS[name]?.schema.safeParse({ format: 'firebreak-other/1' }).success).toBe(false);
  });
});

describe('firebreak schema', () => {
  it('knows the document of every command that has --json', async () => {
    const commands = commandsOf(await buildProgram(fakeIo()));
    const froms = Object.values(DOCUMENTS).map(({ from }) => from);
    for (const { path, command } of commands) {
      const json = command.options.find(({ long }) => long === '--json');
      if (json === undefined || path === 'schema') continue;
      expect(
        froms.some((from) => from.startsWith(`firebreak ${path} --json`)),
        path,
      ).toBe(true);
      expect(
        Object.keys(DOCUMENTS).some((name) => json.description.includes(`firebreak-${name}/1`)),
        path,
      ).toBe(true);
    }
  });

  it('prints one, all, or their names', async () => {
    const io = fakeIo();
    expect(await run(['schema', 'status'], io)).toBe(0);
    expect(JSON.parse(io.out())).toMatchObject({ title: 'firebreak-status/1', type: 'object' });
    expect(Object.keys(JSON.parse(await printed(['schema'])).schemas)).toEqual(Object.keys(DOCUMENTS));
    const list = fakeIo();
    await run(['schema'], list);
    expect(list.out()).toContain('firebreak status --json');
  });

  it('a name that there is not: exit code 2, and the one that was meant', async () => {
    const io = fakeIo();
    expect(await run(['schema', 'statsu'], io)).toBe(2);
    expect(io.err()).toBe('firebreak: schema: there is no document statsu: did you mean status?\n');
  });
});
