import { RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { TABLE_KEYS } from '../../infra/table.ts';
import { VARIABLES } from '../../src/handlers/variables.ts';
import { EXPIRY, PARTITION_KEY, SORT_KEY } from '../../src/store/dynamo/table.ts';
import { functionOf, resourcesOf, synthesize } from './synth.ts';

const plain = synthesize();
const auto = synthesize({ killSwitch: { mode: 'auto' } });

const all = Object.entries(
  plain.template.toJSON()['Resources'] as Record<string, { Type: string; Properties?: object }>,
);

describe('the functions', () => {
  it.each(['tick', 'survey', 'cost'])(
    '%s: Node 24 on arm64, its own log group, tracing, no async retry',
    (module) => {
      const { Properties } = functionOf(plain.template, module);
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'Text', LogGroup: { Ref: expect.any(String) } },
      });
    },
  );

  it('retry no event that they failed on, and drop one that waited for more than two minutes', () => {
    const configs = Object.values(resourcesOf(plain.template, 'AWS::Lambda::EventInvokeConfig'));
    expect(configs).toHaveLength(3);
    for (const { Properties } of configs) {
      expect(Properties['MaximumRetryAttempts']).toBe(0);
      expect(Properties['MaximumEventAgeInSeconds']).toBeGreaterThanOrEqual(60);
      expect(Properties['MaximumEventAgeInSeconds']).toBeLessThanOrEqual(120);
    }
  });

  it('keep failed surveys and costs, but no stale tick', () => {
    const destinations = Object.values(resourcesOf(plain.template, 'AWS::Lambda::EventInvokeConfig')).map(
      ({ Properties }) => Properties['DestinationConfig'] !== undefined,
    );
    expect(destinations.sort()).toEqual([false, true, true]);
  });

  it('a tick ends before the next one is due', () => {
    expect(functionOf(plain.template, 'tick').Properties['Timeout']).toBeLessThan(60);
  });

  it('all that run by themselves reserve concurrency, no more than they need', () => {
    expect(functionOf(auto.template, 'tick').Properties['ReservedConcurrentExecutions']).toBe(2);
    expect(functionOf(auto.template, 'kill').Properties['ReservedConcurrentExecutions']).toBe(1);
    for (const module of ['survey', 'cost']) {
      expect(functionOf(auto.template, module).Properties['ReservedConcurrentExecutions']).toBe(1);
    }
  });

  it('none reserves concurrency in an account that cannot', () => {
    const { template } = synthesize({ reserveConcurrency: false, killSwitch: { mode: 'auto' } });
    for (const fn of Object.values(resourcesOf(template, 'AWS::Lambda::Function'))) {
      expect(fn.Properties['ReservedConcurrentExecutions']).toBeUndefined();
    }
  });

  it('are told the settings that differ from the defaults, and no secret', () => {
    const { template } = synthesize((stack: Stack) => ({
      pageUsd: 25,
      slackWebhookSecret: Secret.fromSecretCompleteArn(
        stack,
        'Slack',
        'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack-AbCdEf',
      ),
    }));
    const { Variables } = functionOf(template, 'tick').Properties['Environment'] as {
      Variables: Record<string, string>;
    };
    expect(JSON.parse(Variables[VARIABLES.config] ?? '')).toEqual({ pageUsd: 25 });
    expect(Variables[VARIABLES.slackSecretArn]).toMatch(/^arn:aws:secretsmanager:/);
    expect(JSON.stringify(template.toJSON())).not.toContain('{{resolve:secretsmanager');
  });

  it('tracing can be switched off, its permission with it', () => {
    const { template } = synthesize({ tracing: false });
    expect(functionOf(template, 'tick').Properties['TracingConfig']).toBeUndefined();
    expect(JSON.stringify(template.toJSON())).not.toContain('xray:');
  });

  it('Cost Explorer can be left out', () => {
    const { template } = synthesize({ costExplorer: false });
    expect(() => functionOf(template, 'cost')).toThrow();
    expect(JSON.stringify(template.toJSON())).not.toContain('ce:GetCostAndUsage');
  });
});

describe('the kill switch', () => {
  it.each([undefined, { mode: 'observe' }] as const)(
    'with %j nothing deployed can change a function or a queue',
    (killSwitch) => {
      const { template } = synthesize(killSwitch === undefined ? {} : { killSwitch });
      expect(() => functionOf(template, 'kill')).toThrow();
      expect(JSON.stringify(template.toJSON())).not.toMatch(
        /lambda:(Put|Update|Delete)|sqs:(Set|Delete|Purge)/,
      );
    },
  );

  it('approve: a person can run it, the tick cannot', () => {
    const { template } = synthesize({ killSwitch: { mode: 'approve' } });
    expect(functionOf(template, 'kill')).toBeDefined();
    const tick = functionOf(template, 'tick').Properties['Environment'];
    expect(JSON.stringify(tick)).not.toContain(VARIABLES.killFunction);
  });

  it('auto: the tick is told which function acts', () => {
    const tick = functionOf(auto.template, 'tick').Properties['Environment'];
    expect(JSON.stringify(tick)).toContain(VARIABLES.killFunction);
  });
});

describe('what is kept and what goes with the stack', () => {
  it('the table has the attributes that the store expects, TTL, and point-in-time recovery', () => {
    expect(TABLE_KEYS).toEqual({ partition: PARTITION_KEY, sort: SORT_KEY, expiry: EXPIRY });
    plain.template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: EXPIRY, Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it.each([
    ['goes where nothing can be stopped', {}, 'Delete'],
    [
      'stays where it may hold the settings of a stopped function',
      { killSwitch: { mode: 'auto' } },
      'Retain',
    ],
    ['does what it is told', { removalPolicy: RemovalPolicy.RETAIN }, 'Retain'],
  ] as const)('the table %s', (_, props, expected) => {
    const tables = Object.values(resourcesOf(synthesize(props).template, 'AWS::DynamoDB::Table'));
    expect(tables.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual([expected]);
  });

  it('every log group is in the stack, ends with it, and forgets after a month', () => {
    const functions = Object.values(resourcesOf(plain.template, 'AWS::Lambda::Function'));
    const groups = resourcesOf(plain.template, 'AWS::Logs::LogGroup');
    const used = functions.map(({ Properties }) => {
      const config = Properties['LoggingConfig'] as { LogGroup?: { Ref: string } } | undefined;
      return config?.LogGroup?.Ref ?? '';
    });
    expect(new Set(used)).toEqual(new Set(Object.keys(groups)));
    for (const group of Object.values(groups)) {
      expect(group.DeletionPolicy).toBe('Delete');
      expect(group.Properties['RetentionInDays']).toBe(30);
    }
  });

  it('no custom resource and no name of its own: two copies fit into one account, none leaves anything behind', () => {
    expect(all.map(([, { Type }]) => Type).filter((type) => type.startsWith('Custom::'))).toEqual([]);
    const nameFields: Record<string, string> = {
      'AWS::Lambda::Function': 'FunctionName',
      'AWS::SQS::Queue': 'QueueName',
      'AWS::SNS::Topic': 'TopicName',
      'AWS::DynamoDB::Table': 'TableName',
      'AWS::IAM::Role': 'RoleName',
      'AWS::CloudWatch::Alarm': 'AlarmName',
      'AWS::CloudWatch::Dashboard': 'DashboardName',
    };
    const named = all.filter(([, { Type, Properties }]) => (nameFields[Type] ?? '-') in (Properties ?? {}));
    expect(named).toEqual([]);
  });
});

describe('the template', () => {
  it('is the same each time: a deployment without changes changes nothing', () => {
    const props = {
      killSwitch: { mode: 'auto' },
      maximumShards: 20,
      alertEmails: ['a@example.com'],
    } as const;
    expect(synthesize(props).template.toJSON()).toEqual(synthesize(props).template.toJSON());
  });
});

describe('the topics', () => {
  it('alerts are encrypted with a key of the account that CloudWatch alarms of the account may use', () => {
    plain.template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'CloudWatchAlarmsPublish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
    plain.template.hasResourceProperties('AWS::SNS::Topic', {
      DisplayName: 'firebreak alerts',
      KmsMasterKeyId: Match.anyValue(),
    });
  });

  it('the health topic depends on no key: what silences the alerts must not silence the alarm about it', () => {
    plain.template.hasResourceProperties('AWS::SNS::Topic', {
      DisplayName: 'firebreak health',
      KmsMasterKeyId: Match.absent(),
    });
  });

  it('both let CloudWatch alarms publish, and refuse what is not encrypted on its way', () => {
    const policies = Object.values(resourcesOf(plain.template, 'AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(2);
    for (const policy of policies) {
      const text = JSON.stringify(policy);
      expect(text).toContain('cloudwatch.amazonaws.com');
      expect(text).toContain('"aws:SecureTransport":"false"');
    }
  });

  it('health goes to the people who get alerts, unless others are named', () => {
    const endpoints = (props: object) =>
      Object.values(resourcesOf(synthesize(props).template, 'AWS::SNS::Subscription')).map(
        ({ Properties }) => Properties['Endpoint'],
      );
    expect(endpoints({ alertEmails: ['a@example.com'] })).toEqual(['a@example.com', 'a@example.com']);
    expect(endpoints({ alertEmails: ['a@example.com'], healthEmails: ['b@example.com'] })).toEqual([
      'a@example.com',
      'b@example.com',
    ]);
  });

  it("a topic of one's own is used as it is: no key and no other topic for alerts is made", () => {
    const { template } = synthesize((stack: Stack) => ({
      alertTopic: Topic.fromTopicArn(stack, 'Mine', 'arn:aws:sns:eu-west-1:111122223333:mine'),
    }));
    template.resourceCountIs('AWS::KMS::Key', 0);
    template.resourceCountIs('AWS::SNS::Topic', 1);
  });
});
