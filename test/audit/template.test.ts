import { describe, expect, it } from 'vitest';
import type { AuditFunction, AuditSubject } from '../../src/audit/subject.ts';
import { auditSubjectOfTemplate } from '../../src/audit/template.ts';
import { InputError } from '../../src/model/errors.ts';
import { NOW } from './builders.ts';

function read(template: unknown): AuditSubject {
  const text = typeof template === 'string' ? template : JSON.stringify(template);
  return auditSubjectOfTemplate({ text, file: 'app.template', region: 'eu-central-1', now: NOW });
}

function functionOf(properties: object, others: object = {}): AuditFunction {
  const { functions } = read({
    Resources: { Worker: { Type: 'AWS::Lambda::Function', Properties: properties }, ...others },
  });
  return functions[0] ?? expect.fail('no function');
}

describe('a function of a template', () => {
  it('has the defaults of CloudFormation where the template is silent', () => {
    expect(functionOf({})).toMatchObject({
      name: 'Worker',
      memoryMB: 128,
      timeoutSeconds: 3,
      architecture: 'x86_64',
      ephemeralStorageMB: 512,
      reservedConcurrency: null,
      recursiveLoop: 'Terminate',
      tracing: 'PassThrough',
      logFormat: 'Text',
      deadLetterTarget: null,
      asyncInvoke: null,
      asyncInvokers: [],
      eventSources: [],
      environment: [],
      logGroup: { name: '/aws/lambda/Worker', retentionDays: null },
    });
  });

  it('has what the template says', () => {
    const fn = functionOf({
      FunctionName: 'orders-worker',
      MemorySize: 1024,
      Timeout: '60',
      Architectures: ['arm64'],
      EphemeralStorage: { Size: 2048 },
      ReservedConcurrentExecutions: 0,
      RecursiveLoop: 'Allow',
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON' },
      Runtime: 'nodejs24.x',
    });
    expect(fn).toMatchObject({
      name: 'orders-worker',
      memoryMB: 1024,
      timeoutSeconds: 60,
      architecture: 'arm64',
      ephemeralStorageMB: 2048,
      reservedConcurrency: 0,
      recursiveLoop: 'Allow',
      tracing: 'Active',
      logFormat: 'JSON',
      runtime: 'nodejs24.x',
    });
  });

  it('leaves unknown what only a deployment knows', () => {
    const fn = functionOf({
      MemorySize: { 'Fn::ImportValue': 'memory' },
      Timeout: { Ref: 'NoSuchParameter' },
      ReservedConcurrentExecutions: { 'Fn::ImportValue': 'concurrency' },
      LoggingConfig: { LogGroup: { 'Fn::ImportValue': 'logs' } },
      Environment: { Variables: { TOKEN: { 'Fn::ImportValue': 'token' } } },
    });
    expect(fn.memoryMB).toBeUndefined();
    expect(fn.timeoutSeconds).toBeUndefined();
    expect(fn.reservedConcurrency).toBeUndefined();
    expect(fn.logGroup).toBeUndefined();
    expect(fn.environment).toEqual([{ name: 'TOKEN', looksLike: null }]);
  });

  it.each([
    [
      'an image has no runtime and no package',
      { PackageType: 'Image' },
      { runtime: null, packageBytes: null },
    ],
    ['managed instances are recognised', { CapacityProviderConfig: {} }, { billing: 'managed-instances' }],
    ['durable functions are recognised', { DurableConfig: {} }, { billing: 'durable' }],
  ])('%s', (_, properties, expected) => {
    expect(functionOf(properties)).toMatchObject(expected);
  });

  it('collects who invokes it, how events fail, its log group and its provisioned concurrency', () => {
    const fn = functionOf(
      {},
      {
        Allow: {
          Type: 'AWS::Lambda::Permission',
          Properties: { FunctionName: { 'Fn::GetAtt': ['Worker', 'Arn'] }, Principal: 'sns.amazonaws.com' },
        },
        Api: {
          Type: 'AWS::Lambda::Permission',
          Properties: { FunctionName: { Ref: 'Live' }, Principal: 'apigateway.amazonaws.com' },
        },
        Invoke: {
          Type: 'AWS::Lambda::EventInvokeConfig',
          Properties: {
            FunctionName: { Ref: 'Worker' },
            MaximumRetryAttempts: 0,
            DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Failures', 'Arn'] } } },
          },
        },
        Failures: { Type: 'AWS::SQS::Queue' },
        Logs: {
          Type: 'AWS::Logs::LogGroup',
          Properties: {
            LogGroupName: { 'Fn::Join': ['', ['/aws/lambda/', { Ref: 'Worker' }]] },
            RetentionInDays: 7,
          },
        },
        Live: {
          Type: 'AWS::Lambda::Alias',
          Properties: {
            Name: 'live',
            FunctionName: { Ref: 'Worker' },
            ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
          },
        },
      },
    );
    expect(fn).toMatchObject({
      asyncInvokers: ['SNS'],
      syncInvokers: ['apigateway.amazonaws.com'],
      asyncInvoke: { maximumRetryAttempts: 0, maximumEventAgeSeconds: 21_600, onFailure: 'Failures' },
      logGroup: { name: '/aws/lambda/Worker', retentionDays: 7 },
      provisionedConcurrency: [{ qualifier: 'live', executions: 5 }],
    });
  });
});

describe('queues, mappings, roles and alarms of a template', () => {
  const subject = read({
    Resources: {
      Orders: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'orders.fifo',
          FifoQueue: true,
          VisibilityTimeout: 120,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: '4' },
        },
      },
      Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
      Worker: {
        Type: 'AWS::Lambda::Function',
        Properties: { Role: { 'Fn::GetAtt': ['WorkerRole', 'Arn'] } },
      },
      FromQueue: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: 'Worker' },
          EventSourceArn: { 'Fn::GetAtt': ['Orders', 'Arn'] },
          ScalingConfig: { MaximumConcurrency: 5 },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      FromTable: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: 'arn:aws:lambda:eu-central-1:111111111111:function:Worker:live',
          EventSourceArn: 'arn:aws:dynamodb:eu-central-1:111111111111:table/ledger/stream/2026',
          Enabled: false,
        },
      },
      WorkerRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          ManagedPolicyArns: [
            { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/AdministratorAccess']] },
          ],
          Policies: [
            {
              PolicyName: 'inline',
              PolicyDocument: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
            },
          ],
        },
      },
      Attached: {
        Type: 'AWS::IAM::Policy',
        Properties: {
          Roles: [{ Ref: 'WorkerRole' }],
          PolicyDocument: {
            Statement: [
              { Effect: 'Deny', Action: '*', Resource: '*' },
              { Effect: 'Allow', NotAction: 'iam:*', Resource: { 'Fn::GetAtt': ['Orders', 'Arn'] } },
            ],
          },
        },
      },
      Depth: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateNumberOfMessagesVisible',
          Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }],
          AlarmActions: [{ Ref: 'Topic' }],
        },
      },
      Topic: { Type: 'AWS::SNS::Topic' },
    },
  });

  it('reads queues with their redrive', () => {
    expect(subject.queues).toEqual([
      {
        name: 'orders.fifo',
        fifo: true,
        visibilityTimeoutSeconds: 120,
        messageRetentionSeconds: 345_600,
        redrive: { deadLetterQueue: 'Dead', maxReceiveCount: 4 },
      },
      {
        name: 'Dead',
        fifo: false,
        visibilityTimeoutSeconds: 30,
        messageRetentionSeconds: 1_209_600,
        redrive: null,
      },
    ]);
  });

  it('reads mappings by reference and by ARN', () => {
    expect(subject.functions[0]?.eventSources).toMatchObject([
      {
        kind: 'sqs',
        source: 'orders.fifo',
        maximumConcurrency: 5,
        partialBatchResponses: true,
        enabled: true,
      },
      { kind: 'dynamodb', source: 'ledger', enabled: false, maximumRetryAttempts: -1 },
    ]);
  });

  it('reads what a role may do, inline and attached, and not what it is denied', () => {
    expect(subject.functions[0]?.role).toBe('WorkerRole');
    expect(subject.roles.get('WorkerRole')).toEqual({
      id: 'WorkerRole',
      managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      allows: [
        { policy: 'inline', actions: ['s3:*'], resources: ['*'] },
        { policy: 'Attached', actions: ['*'], resources: ['(known when deployed)'] },
      ],
    });
  });

  it('reads alarms with the names they will have', () => {
    expect(subject.alarms).toEqual([
      {
        name: 'Depth',
        notifies: true,
        metrics: [
          {
            namespace: 'AWS/SQS',
            metric: 'ApproximateNumberOfMessagesVisible',
            dimensions: { QueueName: 'Dead' },
          },
        ],
      },
    ]);
  });
});

describe('intrinsic functions', () => {
  const parameters = {
    Parameters: {
      Stage: { Type: 'String', Default: 'prod' },
      // As whoever deploys it says: no default.
      Given: { Type: 'String' },
      Path: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/memory' },
    },
    Mappings: { Sizes: { prod: { memory: 2048 } } },
    Conditions: {
      IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] },
      IsTest: { 'Fn::Not': [{ Condition: 'IsProd' }] },
      Both: { 'Fn::And': [{ Condition: 'IsProd' }, { Condition: 'IsTest' }] },
      Either: { 'Fn::Or': [{ Condition: 'IsProd' }, { Condition: 'Unheard' }] },
      Endless: { 'Fn::Not': [{ Condition: 'Endless' }] },
    },
  };

  function named(FunctionName: unknown): string | undefined {
    return read({
      ...parameters,
      Resources: { Worker: { Type: 'AWS::Lambda::Function', Properties: { FunctionName } } },
    }).functions[0]?.name;
  }

  it.each([
    ['Ref of a parameter', { Ref: 'Stage' }, 'prod'],
    ['Ref of a parameter without a default', { Ref: 'Given' }, 'Worker'],
    [
      'Sub with parameters and pseudo parameters',
      { 'Fn::Sub': `\${Stage}-\${AWS::Region}-\${!literal}` },
      `prod-eu-central-1-\${literal}`,
    ],
    ['Sub with variables of its own', { 'Fn::Sub': [`\${a}-x`, { a: { Ref: 'Stage' } }] }, 'prod-x'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'Stage' }]] }, 'a-prod'],
    ['Select of Split', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    ['If, whose condition holds', { 'Fn::If': ['IsProd', 'yes', 'no'] }, 'yes'],
    ['If, whose condition does not', { 'Fn::If': ['Both', 'yes', 'no'] }, 'no'],
    ['Or with one side unknown', { 'Fn::If': ['Either', 'yes', 'no'] }, 'yes'],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'Stage' }, 'memory'] }, '2048'],
    ['NoValue: no name is given', { Ref: 'AWS::NoValue' }, 'Worker'],
    ['a parameter from Parameter Store is not known', { Ref: 'Path' }, 'Worker'],
    ['an import is not known', { 'Fn::ImportValue': 'name' }, 'Worker'],
    ['a name made of itself', { 'Fn::Sub': `\${Worker}-x` }, 'Worker-x'],
    ['a condition made of itself', { 'Fn::If': ['Endless', 'yes', 'no'] }, 'Worker'],
  ])('carries out %s', (_, value, expected) => {
    expect(named(value)).toBe(expected);
  });

  it('leaves out resources whose condition does not hold, and keeps those it cannot tell', () => {
    const resource = (Condition?: string) => ({ Type: 'AWS::SQS::Queue', Condition, Properties: {} });
    const { queues } = read({
      ...parameters,
      Resources: { A: resource('IsProd'), B: resource('IsTest'), C: resource('Unheard'), D: resource() },
    });
    expect(queues.map(({ name }) => name)).toEqual(['A', 'C', 'D']);
  });
});

describe('YAML and SAM', () => {
  const { functions, queues, roles } = read(`
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 120
    MemorySize: 256
Resources:
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "\${AWS::StackName}-jobs"
      VisibilityTimeout: 720
      RedrivePolicy:
        deadLetterTargetArn: !GetAtt Dead.Arn
        maxReceiveCount: 5
  Dead:
    Type: AWS::SQS::Queue
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      MemorySize: 512
      Tracing: Active
      Policies:
        - AWSLambdaBasicExecutionRole
        - Statement:
            - { Effect: Allow, Action: 'sqs:*', Resource: '*' }
      DeadLetterQueue: { Type: SQS, TargetArn: !GetAtt Dead.Arn }
      EventInvokeConfig: { MaximumRetryAttempts: 0 }
      Events:
        FromQueue:
          Type: SQS
          Properties: { Queue: !GetAtt Jobs.Arn, BatchSize: 5, ScalingConfig: { MaximumConcurrency: 8 } }
        Nightly:
          Type: Schedule
          Properties: { Schedule: rate(1 day) }
`);

  it('reads a SAM function as what it becomes', () => {
    expect(functions).toMatchObject([
      {
        name: 'Worker',
        timeoutSeconds: 120,
        memoryMB: 512,
        tracing: 'Active',
        deadLetterTarget: 'Dead',
        asyncInvoke: { maximumRetryAttempts: 0 },
        asyncInvokers: ['EventBridge'],
        role: 'WorkerRole',
        eventSources: [{ kind: 'sqs', source: 'stack-jobs', batchSize: 5, maximumConcurrency: 8 }],
      },
    ]);
    expect(roles.get('WorkerRole')).toMatchObject({
      managedPolicies: ['AWSLambdaBasicExecutionRole'],
      allows: [{ actions: ['sqs:*'], resources: ['*'] }],
    });
  });

  it('understands the short tags', () => {
    expect(queues[0]).toMatchObject({
      name: 'stack-jobs',
      redrive: { deadLetterQueue: 'Dead', maxReceiveCount: 5 },
    });
  });
});

describe('what is no template', () => {
  it.each([
    ['broken JSON', '{"Resources":', /app\.template: not JSON/],
    ['JSON without resources', '{"a":1}', /not a CloudFormation template: Resources/],
    ['broken YAML', 'Resources:\n  a: [', /not YAML/],
    ['plain text', 'hello', /not a CloudFormation template/],
    ['a resource without type', '{"Resources":{"A":{}}}', /Resources\.A\.Type/],
  ])('refuses %s in one line', (_, text, message) => {
    expect(() => read(text)).toThrow(InputError);
    expect(() => read(text)).toThrow(message);
  });

  it('names nested stacks as not read', () => {
    const { gaps } = read({ Resources: { Inner: { Type: 'AWS::CloudFormation::Stack' } } });
    expect(gaps).toEqual([
      { resource: 'Inner', operation: 'template', reason: 'nested stack: audit its template by itself' },
    ]);
  });
});
