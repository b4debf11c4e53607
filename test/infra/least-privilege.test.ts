import type { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BundledHandler, HANDLER_MODULES } from '../../infra/build/bundle.ts';
import { dynamoNotebooks } from '../../src/store/dynamo/notebooks.ts';
import type { Table } from '../../src/store/dynamo/table.ts';
import { evaluate, listOf, resolve, type Statement } from './iam.ts';
import { actionsOf } from './sdk-calls.ts';
import { functionOf, resourcesOf, type Synthesized, synthesize } from './synth.ts';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf';
const ARN = 'arn:aws:lambda:eu-west-1:111122223333';
const everything = synthesize((stack: Stack) => ({
  killSwitch: { mode: 'auto', protect: ['payments'] },
  allowGetFunction: true,
  maximumShards: 20,
  slackWebhookSecret: Secret.fromSecretCompleteArn(stack, 'Slack', SECRET),
}));

/** What Lambda, X-Ray and SNS do in a function's name; no SDK command of ours stands for it. */
const ON_BEHALF = [
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
  'kms:Decrypt',
  'kms:GenerateDataKey',
  'sqs:SendMessage',
];

function statementsOf({ template }: Synthesized, module: string): readonly Statement[] {
  const roles = Object.values(resourcesOf(template, 'AWS::IAM::Role'));
  const policies = roles.flatMap(
    ({ Properties }) =>
      (Properties['Policies'] ?? []) as readonly {
        readonly PolicyName: string;
        readonly PolicyDocument: { readonly Statement: readonly Statement[] };
      }[],
  );
  const policy = policies.find(({ PolicyName }) => PolicyName === module);
  if (policy === undefined) throw new Error(`no policy ${module}`);
  return policy.PolicyDocument.Statement;
}

/** ARN of a resource of the stack, as the evaluator resolves it. */
function arnIn({ template }: Synthesized, type: string): string {
  return `arn-of:${Object.keys(resourcesOf(template, type))[0]}`;
}

/** ARN of the log group that a function writes to, as the evaluator resolves it. */
function logGroupOf({ template }: Synthesized, module: string): string {
  const { LoggingConfig } = functionOf(template, module).Properties as {
    readonly LoggingConfig: { readonly LogGroup: { readonly Ref: string } };
  };
  return `arn-of:${LoggingConfig.LogGroup.Ref}`;
}

describe.each(HANDLER_MODULES)('the role of the %s function', (module) => {
  let called: ReadonlySet<string>;
  const statements = statementsOf(everything, module);
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow');

  beforeAll(async () => {
    called = await actionsOf(module as BundledHandler);
  });

  it('allows every call that the function can make', () => {
    const granted = new Set(allowed.flatMap(({ Action }) => listOf(Action)));
    expect([...called].filter((action) => !granted.has(action))).toEqual([]);
  });

  it('allows nothing that the function never calls', () => {
    const granted = allowed
      .flatMap(({ Action }) => listOf(Action))
      .filter((action) => !ON_BEHALF.includes(action));
    expect(granted.filter((action) => !called.has(action))).toEqual([]);
  });

  it('allows what Lambda, X-Ray and SNS do in its name', () => {
    const may = (action: string, resource: string, context = {}) =>
      expect(evaluate(statements, { action, resource, context }), action).toBe('allowed');
    const logGroup = logGroupOf(everything, module);
    may('logs:CreateLogStream', logGroup);
    may('logs:PutLogEvents', logGroup);
    may('xray:PutTelemetryRecords', '*');
    may('xray:PutTraceSegments', '*');
    // Events that these two failed on are worthless by then.
    const keepsFailures = !['tick', 'shard'].includes(module);
    const dead = { action: 'sqs:SendMessage', resource: arnIn(everything, 'AWS::SQS::Queue') };
    expect(evaluate(statements, dead)).toBe(keepsFailures ? 'allowed' : 'not allowed');
    const context = { 'kms:ViaService': 'sns.eu-west-1.amazonaws.com' };
    const tells = ['tick', 'cost'].includes(module);
    for (const action of ['kms:Decrypt', 'kms:GenerateDataKey']) {
      const use = { action, resource: arnIn(everything, 'AWS::KMS::Key'), context };
      expect(evaluate(statements, use), action).toBe(tells ? 'allowed' : 'not allowed');
    }
  });

  it('allows no action by wildcard, and nothing that changes a queue, a function or a policy of its own', () => {
    const granted = allowed.flatMap(({ Action }) => listOf(Action));
    expect(granted.filter((action) => action.includes('*'))).toEqual([]);
    expect(
      granted.filter((action) => /^(iam|sqs:(Delete|Purge|Set|Receive)|lambda:UpdateFunction)/.test(action)),
    ).toEqual([]);
  });

  it('reaches no other table, topic, bus, secret, log group or queue than those of the stack', () => {
    const foreign = [
      ['dynamodb:GetItem', 'arn:aws:dynamodb:eu-west-1:111122223333:table/customers'],
      ['sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:customers'],
      ['events:PutEvents', 'arn:aws:events:eu-west-1:111122223333:event-bus/default'],
      ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf'],
      ['logs:PutLogEvents', 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/orders'],
      ['sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:orders'],
      ['lambda:InvokeFunction', `${ARN}:function:orders`],
    ] as const;
    for (const [action, resource] of foreign) {
      expect(evaluate(statements, { action, resource }), action).toBe('not allowed');
    }
  });
});

describe('the role of the tick function', () => {
  const statements = statementsOf(everything, 'tick');

  it.each([
    ['dynamodb:PutItem', 'AWS::DynamoDB::Table'],
    ['events:PutEvents', 'AWS::Events::EventBus'],
  ])('may %s on what is its own', (action, type) => {
    expect(evaluate(statements, { action, resource: arnIn(everything, type) })).toBe('allowed');
  });

  it('reads the one secret', () => {
    const action = 'secretsmanager:GetSecretValue';
    expect(evaluate(statements, { action, resource: SECRET })).toBe('allowed');
  });

  it('uses the key of the topic through SNS only', () => {
    const use = { action: 'kms:GenerateDataKey', resource: arnIn(everything, 'AWS::KMS::Key') };
    const through = (service: string) => ({ ...use, context: { 'kms:ViaService': service } });
    expect(evaluate(statements, through('sns.eu-west-1.amazonaws.com'))).toBe('allowed');
    expect(evaluate(statements, through('s3.eu-west-1.amazonaws.com'))).toBe('not allowed');
    expect(evaluate(statements, use)).toBe('not allowed');
  });

  it('may read functions and queues of its own account and region only', () => {
    for (const [action, service, name] of [
      ['lambda:ListTags', 'lambda', 'function:orders'],
      ['sqs:GetQueueAttributes', 'sqs', 'orders'],
    ] as const) {
      const at = (region: string, account: string) =>
        evaluate(statements, { action, resource: `arn:aws:${service}:${region}:${account}:${name}` });
      expect(at('eu-west-1', '111122223333')).toBe('allowed');
      expect(at('us-east-1', '111122223333')).toBe('not allowed');
      expect(at('eu-west-1', '999999999999')).toBe('not allowed');
    }
  });

  it('is not handed links to code unless it is allowed to', () => {
    const request = { action: 'lambda:GetFunction', resource: `${ARN}:function:orders` };
    expect(evaluate(statements, request)).toBe('allowed');
    expect(evaluate(statementsOf(synthesize(), 'tick'), request)).toBe('not allowed');
  });

  it('may start the kill function where that acts by itself, and nothing otherwise', () => {
    const invokes = (synthesized: Synthesized) =>
      statementsOf(synthesized, 'tick').filter(({ Action }) =>
        listOf(Action).includes('lambda:InvokeFunction'),
      );
    expect(invokes(everything).map(({ Resource }) => resolve(Resource))).toEqual([
      expect.stringContaining('Kill'),
    ]);
    expect(invokes(synthesize({ killSwitch: { mode: 'approve' } }))).toEqual([]);
  });
});

describe('the role of the kill function', () => {
  const statements = statementsOf(everything, 'kill');
  const changes = ['lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'];
  const optedIn = { 'aws:ResourceTag/firebreak:kill': 'allowed' };
  const own = { ...optedIn, 'aws:ResourceTag/firebreak:component': 'tick' };

  it.each([
    ['a function that opted in', 'orders', optedIn, 'allowed'],
    [
      'a function that asks for approval',
      'orders',
      { 'aws:ResourceTag/firebreak:kill': 'approve' },
      'allowed',
    ],
    [
      'a function that is only observed',
      'orders',
      { 'aws:ResourceTag/firebreak:kill': 'observe' },
      'not allowed',
    ],
    ['a function without the tag', 'orders', {}, 'not allowed'],
    [
      'a function with another value of the tag',
      'orders',
      { 'aws:ResourceTag/firebreak:kill': 'no' },
      'not allowed',
    ],
    ['a protected function, tagged or not', 'payments', optedIn, 'denied'],
    ["a function of firebreak's own, tagged or not", 'firebreak-tick', own, 'denied'],
  ] as const)('%s', (_, name, context, verdict) => {
    for (const action of changes) {
      expect(evaluate(statements, { action, resource: `${ARN}:function:${name}`, context })).toBe(verdict);
    }
  });

  it.each([
    ['a mapping that opted in', 'orders', optedIn, 'allowed'],
    ['a mapping without the tag', 'orders', {}, 'not allowed'],
    ['a mapping of a protected function, tagged or not', 'payments', optedIn, 'denied'],
  ] as const)('%s', (_, name, tags, verdict) => {
    const context = { ...tags, 'lambda:FunctionArn': `${ARN}:function:${name}` };
    const resource = `${ARN}:event-source-mapping:6f0ae7d6-0000-4000-8000-000000000000`;
    expect(evaluate(statements, { action: 'lambda:UpdateEventSourceMapping', resource, context })).toBe(
      verdict,
    );
  });

  it('follows the tag that was chosen instead', () => {
    const { template } = synthesize({
      killSwitch: { mode: 'auto', optInTag: 'team:stoppable', optInValue: 'yes' },
    });
    const chosen = statementsOf({ ...everything, template }, 'kill');
    const at = (context: Record<string, string>) =>
      evaluate(chosen, { action: changes[0] ?? '', resource: `${ARN}:function:orders`, context });
    expect(at({ 'aws:ResourceTag/team:stoppable': 'yes' })).toBe('allowed');
    expect(at(optedIn)).toBe('not allowed');
  });

  it('no other role can change a function or a mapping, whatever tags it carries', () => {
    for (const module of ['tick', 'shard', 'survey', 'cost', 'sharded-tick']) {
      for (const action of [...changes, 'lambda:UpdateEventSourceMapping']) {
        const request = { action, resource: `${ARN}:function:orders`, context: optedIn };
        expect(evaluate(statementsOf(everything, module), request)).toBe('not allowed');
      }
    }
  });
});

describe('the role of the shard function', () => {
  const statements = statementsOf(everything, 'shard');
  const resource = arnIn(everything, 'AWS::DynamoDB::Table');
  const may = (action: string, key: string) =>
    evaluate(statements, {
      action,
      resource,
      context: { 'dynamodb:LeadingKeys': key },
    });

  it('reads the plan, and writes readings', async () => {
    const keys: string[] = [];
    const table = {
      name: 'state',
      get: async ({ pk }: { pk: string }) => {
        keys.push(pk);
        return null;
      },
      put: async ({ pk }: { pk: string }) => {
        keys.push(pk);
        return { ok: true, replaced: null } as const;
      },
    } as unknown as Table;
    const notebooks = dynamoNotebooks(table);
    await notebooks.notebook('reading-plan');
    await notebooks.putNotebook('shard-7', { at: 0, text: 'text' });
    const [plan = '', reading = ''] = keys;
    expect(new Set(keys).size).toBe(2);
    expect(may('dynamodb:GetItem', plan)).toBe('allowed');
    expect(may('dynamodb:Query', plan)).toBe('allowed');
    for (const action of ['GetItem', 'Query', 'PutItem', 'DeleteItem']) {
      expect(may(`dynamodb:${action}`, reading), action).toBe('allowed');
    }
  });

  it('neither makes a plan nor sees incidents, kill records, alerts or what others keep', () => {
    expect(may('dynamodb:PutItem', 'NOTEBOOK#reading-plan')).toBe('not allowed');
    for (const key of ['NOTEBOOK#reading', 'NOTEBOOK#spend-tick', 'INCIDENTS', 'KILLS', 'OUTBOX', 'TICK']) {
      for (const action of ['GetItem', 'Query', 'PutItem', 'DeleteItem']) {
        expect(may(`dynamodb:${action}`, key), `${action} ${key}`).toBe('not allowed');
      }
    }
  });

  it('asks nothing of the control plane of Lambda', () => {
    const actions = statements.flatMap(({ Action }) => listOf(Action));
    expect(actions.filter((action) => action.startsWith('lambda:'))).toEqual([]);
  });
});

describe('the role of the state machine', () => {
  const inline = statementsOf(everything, 'sharded-tick');
  const attached = Object.values(resourcesOf(everything.template, 'AWS::IAM::Policy')).flatMap(
    ({ Properties }) => (Properties['PolicyDocument'] as { Statement: readonly Statement[] }).Statement,
  );
  const machine = arnIn(everything, 'AWS::StepFunctions::StateMachine');
  const other = 'arn:aws:states:eu-west-1:111122223333:stateMachine:orders';

  it('calls the shard and the tick function, and no other', () => {
    const [called] = inline.filter(({ Action }) => listOf(Action).includes('lambda:InvokeFunction'));
    expect(listOf(called?.Resource).map(resolve)).toEqual([
      expect.stringMatching(/^arn-of:FirebreakShard/),
      expect.stringMatching(/^arn-of:FirebreakTick/),
    ]);
  });

  it('starts itself, watches and stops what it started, and nothing else', () => {
    expect(evaluate(attached, { action: 'states:StartExecution', resource: machine })).toBe('allowed');
    expect(evaluate(attached, { action: 'states:StartExecution', resource: other })).toBe('not allowed');
    const execution = (name: string) => `arn:aws:states:eu-west-1:111122223333:execution:${name}:one`;
    for (const action of ['states:DescribeExecution', 'states:StopExecution']) {
      const own = evaluate(attached, { action, resource: execution(machine) });
      expect(own, action).toBe('allowed');
      expect(evaluate(attached, { action, resource: execution('orders') }), action).toBe('not allowed');
    }
    const granted = [...inline, ...attached].flatMap(({ Action }) => listOf(Action)).sort();
    expect(granted).toEqual([
      'lambda:InvokeFunction',
      'states:DescribeExecution',
      'states:StartExecution',
      'states:StopExecution',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });
});

describe('the role of the schedules', () => {
  it('starts the state machine in place of the tick, where there is one', () => {
    const statements = statementsOf(everything, 'schedules');
    const machine = arnIn(everything, 'AWS::StepFunctions::StateMachine');
    expect(evaluate(statements, { action: 'states:StartExecution', resource: machine })).toBe('allowed');
    const invoked = statements.filter(({ Action }) => listOf(Action).includes('lambda:InvokeFunction'));
    const targets = invoked.flatMap(({ Resource }) => listOf(Resource)).map(resolve);
    expect(targets.some((target) => target.includes('Tick'))).toBe(false);
  });

  it('starts the scheduled functions, keeps what failed, and can do nothing else', () => {
    const statements = statementsOf(synthesize(), 'schedules');
    expect(statements.flatMap(({ Action }) => listOf(Action)).sort()).toEqual([
      'lambda:InvokeFunction',
      'sqs:SendMessage',
    ]);
    for (const resource of statements.flatMap(({ Resource }) => listOf(Resource)).map(resolve)) {
      expect(resource).toMatch(/^arn-of:/);
    }
  });
});
