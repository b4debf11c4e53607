import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Check } from '../../../src/cli/doctor/check.ts';
import type { Io } from '../../../src/cli/io.ts';
import { run } from '../../../src/cli/program.ts';
import { fileStore } from '../../../src/store/file/file-store.ts';
import { orders } from '../../observe/aws/account.ts';
import { ACCOUNT, type FakeState, fakeAws, mapping, queueArn, REGION } from '../../observe/aws/fake-aws.ts';
import { serveFake } from '../../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { fakeIo } from '../fake-io.ts';

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:alerts`;
const WEBHOOK = 'https://hooks.slack.com/services/T0SECRET/B0/verysecret';

const iam = mockClient(IAMClient);
const sns = mockClient(SNSClient);
let folder = '';
beforeEach(() => {
  folder = temporaryFolder('doctor');
  iam.reset();
  sns.reset();
  iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames }) => ({
    EvaluationResults: ActionNames.map((EvalActionName: string) => ({
      EvalActionName,
      EvalDecision: 'allowed',
    })),
  }));
});

interface Examined {
  readonly code: number;
  readonly out: string;
  readonly checks: readonly Check[];
  readonly calls: readonly string[];
  of(id: string): readonly Check[];
}

/** `firebreak doctor --json` of a fake account whose clock is the real one. */
async function doctor(
  options: {
    readonly state?: Partial<FakeState>;
    readonly config?: object;
    readonly args?: readonly string[];
    readonly io?: Partial<Io>;
  } = {},
): Promise<Examined> {
  const aws = fakeAws(orders(options.state));
  const endpoint = await serveFake(aws);
  const config = join(folder, 'firebreak.config.json');
  writeFileSync(config, JSON.stringify(options.config ?? {}));
  const io = fakeIo({ now: () => Date.now(), ...options.io });
  const where = ['--region', REGION, '--endpoint-url', endpoint, '--config', config, '--store', folder];
  const code = await run(['doctor', '--json', ...where, ...(options.args ?? [])], io);
  expect(io.out() + io.err()).not.toContain('verysecret');
  const { checks } = JSON.parse(io.out()) as { readonly checks: readonly Check[] };
  return {
    code,
    out: io.out(),
    checks,
    calls: aws.calls.map(({ operation }) => operation),
    of: (id) => checks.filter((check) => check.id === id),
  };
}

const denied = (operation: string) => ({
  fault: (seen: { readonly operation: string }) =>
    seen.operation === operation ? { status: 403, code: 'AccessDeniedException' } : undefined,
});

describe('a healthy account without a deployed stack', () => {
  it('has no failure, and tries every read call', async () => {
    const { code, of, checks, calls } = await doctor();
    expect(code).toBe(0);
    expect(checks.filter(({ state }) => state === 'failure')).toEqual([]);
    expect(of('credentials')).toMatchObject([{ state: 'ok', found: expect.stringContaining(ACCOUNT) }]);
    expect(of('clock')).toMatchObject([{ state: 'ok' }]);
    expect(of('permissions')).toMatchObject([{ found: 'permissions: 13 of 13 read calls work' }]);
    expect(of('tick')).toMatchObject([
      { state: 'not-checked', fix: expect.stringContaining('--store dynamodb:TABLE') },
    ]);
    expect(of('kill-rights')).toMatchObject([{ state: 'ok' }]);
    expect(calls.filter((operation) => operation === 'GetMetricData')).toHaveLength(1);
  });

  it('an empty account too', async () => {
    const { code, of } = await doctor({ state: { functions: [], mappings: [], queues: [] } });
    expect(code).toBe(0);
    expect(of('permissions')).toMatchObject([{ found: 'permissions: 13 of 13 read calls work' }]);
  });

  it('changes nothing and sends nothing', async () => {
    const { calls } = await doctor({ io: { env: { FIREBREAK_SLACK_WEBHOOK_URL: WEBHOOK } } });
    expect(calls.filter((operation) => !/^(Get|List)/.test(operation))).toEqual([]);
    expect(sns.commandCalls(PublishCommand)).toEqual([]);
  });
});

describe('permissions', () => {
  it.each([
    ['ListFunctions', 'lambda:ListFunctions', 'failure', 4],
    ['GetMetricData', 'cloudwatch:GetMetricData', 'failure', 4],
    ['ListTags', 'lambda:ListTags', 'warning', 0],
    ['GetQueueAttributes', 'sqs:GetQueueAttributes', 'warning', 0],
  ])('%s is denied', async (operation, permission, state, exitCode) => {
    const { code, of } = await doctor({ state: denied(operation) });
    expect(of(`permission:${permission}`)).toEqual([
      {
        id: `permission:${permission}`,
        state,
        found: expect.stringContaining(`${operation}: access denied`),
        fix: `allow ${permission} (docs/permissions.md)`,
      },
    ]);
    expect(code).toBe(exitCode);
  });

  it.each([
    ['QueueDoesNotExist', 'ok', '13 of 13'],
    ['InvalidParameterValueException', 'ok', '13 of 13'],
    ['ServiceUnavailable', 'warning', '12 of 13'],
  ])('the answer %s to a question', async (code, state, works) => {
    const fault = ({ operation }: { readonly operation: string }) =>
      operation === 'ListMessageMoveTasks' ? { status: 400, code } : undefined;
    const { of } = await doctor({ state: { fault } });
    expect(of('permissions')).toMatchObject([{ found: `permissions: ${works} read calls work` }]);
    const [check] = of('permission:sqs:ListMessageMoveTasks');
    expect(check?.state ?? 'ok').toBe(state);
  });

  it('no credentials: says so, and what could not be checked', async () => {
    const { code, of, checks } = await doctor({ state: denied('GetCallerIdentity') });
    expect(code).toBe(4);
    expect(of('credentials')).toMatchObject([{ state: 'failure' }]);
    expect(checks.map(({ id }) => id)).toContain('account');
  });

  it('stopping is denied to this person', async () => {
    iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames }) => ({
      EvaluationResults: ActionNames.map((EvalActionName: string) => ({
        EvalActionName,
        EvalDecision: 'implicitDeny',
      })),
    }));
    const { code, of } = await doctor();
    expect(code).toBe(0);
    expect(of('kill-rights')).toMatchObject([
      { state: 'warning', found: expect.stringContaining('lambda:UpdateEventSourceMapping') },
    ]);
  });

  it('the simulator is denied: it is not known', async () => {
    iam.on(SimulatePrincipalPolicyCommand).rejects(new Error('denied'));
    expect((await doctor()).of('kill-rights')).toMatchObject([{ state: 'not-checked' }]);
  });
});

describe('concurrency of the account', () => {
  it.each([
    [1_000, 'ok', null],
    [105, 'ok', null],
    [104, 'warning', /reserveConcurrency: false/],
    [10, 'warning', /reserveConcurrency: false/],
  ] as const)('a limit of %d is %s', async (ConcurrentExecutions, state, fix) => {
    const { of } = await doctor({
      state: {
        fault: ({ operation }) =>
          operation === 'GetAccountSettings'
            ? { body: { AccountLimit: { ConcurrentExecutions } } }
            : undefined,
      },
    });
    const [check] = of('concurrency');
    expect(check).toMatchObject({ state, found: expect.stringContaining(String(ConcurrentExecutions)) });
    if (fix !== null) expect(check?.fix).toMatch(fix);
  });

  it('that is denied is told by the permissions alone', async () => {
    const { of } = await doctor({
      state: {
        fault: ({ operation }) =>
          operation === 'GetAccountSettings' ? { status: 403, code: 'AccessDeniedException' } : undefined,
      },
    });
    expect(of('concurrency')).toEqual([]);
    expect(of('permission:lambda:GetAccountSettings')).toHaveLength(1);
  });
});

describe('clock', () => {
  it.each([
    [0, 'ok'],
    [2 * 60_000, 'warning'],
    [-10 * 60_000, 'failure'],
  ])('%d ms off', async (skewMs, state) => {
    const { of } = await doctor({ io: { now: () => Date.now() + skewMs } });
    expect(of('clock')).toMatchObject([{ state }]);
  });
});

describe('channels', () => {
  it('none is configured', async () => {
    const { of } = await doctor();
    expect(of('channels')).toMatchObject([
      { state: 'warning', fix: expect.stringContaining('FIREBREAK_SLACK_WEBHOOK_URL') },
    ]);
  });

  it('a webhook that is none: exit code 2, as for other settings', async () => {
    const { code, of } = await doctor({ io: { env: { FIREBREAK_SLACK_WEBHOOK_URL: 'hooks.slack.com' } } });
    expect(of('slack-settings')).toMatchObject([{ state: 'failure' }]);
    expect(code).toBe(2);
  });

  it.each([
    ['confirmed', [`${TOPIC}:1`], 'ok'],
    ['one of two', [`${TOPIC}:1`, 'PendingConfirmation'], 'warning'],
    ['nobody', ['PendingConfirmation'], 'failure'],
  ])('SNS subscription: %s', async (_, arns, state) => {
    sns.on(ListSubscriptionsByTopicCommand).resolves({
      Subscriptions: arns.map((SubscriptionArn) => ({ Protocol: 'email', SubscriptionArn })),
    });
    const { of } = await doctor({ config: { notify: { snsTopicArn: TOPIC } } });
    expect(of('sns')).toMatchObject([{ state }]);
    expect(of('delivery')).toMatchObject([
      { state: 'not-checked', fix: 'firebreak doctor --send sends a sample' },
    ]);
  });

  it('--send sends the sample', async () => {
    sns.on(PublishCommand).resolves({ MessageId: '1' });
    sns.on(ListSubscriptionsByTopicCommand).resolves({
      Subscriptions: [{ Protocol: 'email', SubscriptionArn: `${TOPIC}:1` }],
    });
    const { code, of } = await doctor({ config: { notify: { snsTopicArn: TOPIC } }, args: ['--send'] });
    expect(code).toBe(0);
    expect(of('delivery')).toMatchObject([{ state: 'ok' }]);
    expect(sns.commandCalls(PublishCommand)).toHaveLength(1);
  });

  it('--send: what does not arrive is a failure', async () => {
    sns.on(PublishCommand).rejects(Object.assign(new Error('x'), { name: 'NotFoundException' }));
    sns.on(ListSubscriptionsByTopicCommand).resolves({
      Subscriptions: [{ Protocol: 'email', SubscriptionArn: `${TOPIC}:1` }],
    });
    const { code, of } = await doctor({ config: { notify: { snsTopicArn: TOPIC } }, args: ['--send'] });
    expect(code).toBe(4);
    expect(of('delivery')).toMatchObject([
      { state: 'failure', fix: expect.stringContaining('topic does not exist') },
    ]);
  });
});

describe('configuration', () => {
  it('every problem is a failure of its own: exit code 2', async () => {
    const { code, of } = await doctor({ config: { pageUsd: 'much', kil: {} } });
    expect(code).toBe(2);
    expect(of('config').map(({ found }) => found)).toEqual([
      expect.stringContaining('pageUsd: must be a number'),
      expect.stringContaining('did you mean kill?'),
    ]);
  });
});

describe('the opt-in to the kill switch', () => {
  const optIn = { 'firebreak:kill': 'allowed' };
  const account = (tags: Record<string, string>, mappingTags: Record<string, string>) => ({
    functions: [{ name: 'orders-worker', tags }],
    mappings: [mapping('orders-worker', queueArn('orders'), { UUID: 'esm-1', Tags: mappingTags })],
  });
  const auto = { kill: { mode: 'auto' } };

  it('function and mapping both carry the tag', async () => {
    const { of } = await doctor({ state: account(optIn, optIn), config: auto });
    expect(of('kill-tags')).toMatchObject([
      { state: 'ok', found: expect.stringContaining('1 of 1 function with the tag firebreak:kill') },
    ]);
  });

  it('the mapping does not: names the command that tags it', async () => {
    const { of } = await doctor({ state: account(optIn, { team: 'x' }), config: auto });
    expect(of('kill-tags')).toMatchObject([
      {
        state: 'warning',
        fix: `aws lambda tag-resource --resource arn:aws:lambda:${REGION}:${ACCOUNT}:event-source-mapping:esm-1 --tags firebreak:kill=allowed`,
      },
    ]);
  });

  it.each([
    ['asks for approval', 'approve', 'warning'],
    ['is only observed', 'observe', 'ok'],
  ])('a function that %s needs its mapping tagged only where it may be stopped', async (_, value, state) => {
    const { of } = await doctor({ state: account({ 'firebreak:kill': value }, {}), config: auto });
    expect(of('kill-tags')).toMatchObject([{ state }]);
  });

  it.each([
    ['another value', { 'firebreak:kill': 'yes' }, auto, 'that is no opt-in'],
    ['nobody, though mode is auto', {}, auto, 'none of 1 function carries'],
    [
      'protected as well',
      optIn,
      { kill: { mode: 'auto', protect: ['orders-worker'] } },
      'is in kill.protect: it is never stopped',
    ],
  ])('%s', async (_, tags, config, message) => {
    const { of } = await doctor({ state: account(tags, optIn), config });
    expect(of('kill-tags').map(({ state, found }) => [state, found])).toContainEqual([
      'warning',
      expect.stringContaining(message),
    ]);
  });
});

describe('in a terminal', () => {
  it('a line for each check, its fix below, a summary', async () => {
    const io = fakeIo();
    const code = await run(['doctor', '--store', folder, '--config', 'none.json', '--region', REGION], io);
    expect(code).toBe(4);
    expect(io.out()).toContain(
      'FAILURE      configuration none.json: no such file\n             fix: correct the file',
    );
    expect(io.out()).toMatch(/\n\n1 warning, 2 failures, 1 not checked\n$/);
    expect(io.err()).toBe('firebreak: doctor: 2 failures\n');
    expect(io.out()).not.toContain('\u001b');
  });

  it('says that it is busy where somebody waits, and takes it back', async () => {
    const io = fakeIo({ isTty: true });
    await run(['doctor', '--store', folder, '--endpoint-url', 'http://127.0.0.1:1', '--region', REGION], io);
    const [waiting, after] = io.err().split('\r\u001b[K');
    expect(waiting).toMatch(/^asking AWS;/);
    expect(after).toBe('firebreak: doctor: 1 failure\n');
  });

  it('a watch that runs counts as a monitor', async () => {
    const now = Date.now();
    await fileStore(join(folder, ACCOUNT, REGION)).putTick({
      at: now - 60_000,
      functions: 3,
      queues: 1,
      gaps: [],
    });
    const { of } = await doctor();
    expect(of('tick')).toMatchObject([
      { state: 'ok', found: expect.stringContaining('firebreak watch looked') },
    ]);
    expect(of('inventory')).toMatchObject([
      { state: 'warning', found: 'inventory: the last tick knew 3 functions, there are 1' },
    ]);
    expect(of('baselines')).toMatchObject([{ state: 'warning' }]);
  });
});
