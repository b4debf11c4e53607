import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListQueueTagsCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { openTopicInbox } from '../inboxes.ts';
import { MINUTE_MS } from '../metrics.ts';
import { createQueue } from '../pipeline.ts';
import { cloudFormation, signedFor } from '../stack.ts';
import { describeWithEmulator, openWorld } from '../world.ts';

const world = openWorld('emulator-services');

describeWithEmulator('the other services in the emulator', () => {
  it('DynamoDB refuses a conditional write, alone and in a transaction', async () => {
    const TableName = 'conditional';
    await world.dynamo.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      }),
    );
    const put = { TableName, Item: { pk: { S: 'one' } }, ConditionExpression: 'attribute_not_exists(pk)' };
    await world.dynamo.send(new PutItemCommand(put));
    await expect(world.dynamo.send(new PutItemCommand(put))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
    });
    const transaction = new TransactWriteItemsCommand({ TransactItems: [{ Put: put }] });
    await expect(world.dynamo.send(transaction)).rejects.toMatchObject({
      name: 'TransactionCanceledException',
    });
  });

  it('SNS delivers to a subscribed queue', async () => {
    const topic = await openTopicInbox(world, 'alerts');
    await world.sns.send(
      new PublishCommand({ TopicArn: topic.topicArn, Subject: 'retry loop', Message: '{"usd":12}' }),
    );
    expect(await topic.read()).toEqual([{ subject: 'retry loop', message: '{"usd":12}', attributes: {} }]);
    expect(await topic.read()).toEqual([]);
  });

  it('Secrets Manager keeps a secret, and says which one it has not', async () => {
    await world.secrets.send(
      new CreateSecretCommand({ Name: 'webhook', SecretString: 'https://slack.invalid/x' }),
    );
    const { SecretString } = await world.secrets.send(new GetSecretValueCommand({ SecretId: 'webhook' }));
    expect(SecretString).toBe('https://slack.invalid/x');
    const missing = world.secrets.send(new GetSecretValueCommand({ SecretId: 'no-such' }));
    await expect(missing).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describeWithEmulator('EventBridge Scheduler in the emulator', () => {
  it('fires each minute, and tells the target for when it was scheduled', async () => {
    const queue = await createQueue(world, 'scheduled', {});
    await fetch(`${world.endpoint}/schedules/minutely`, {
      method: 'POST',
      headers: { ...signedFor(world, 'scheduler'), 'content-type': 'application/json' },
      body: JSON.stringify({
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: queue.arn,
          RoleArn: 'arn:aws:iam::000000000000:role/scheduler',
          Input: '{"scheduledAt":"<aws.scheduler.scheduled-time>"}',
        },
      }),
    });
    const [message] = await world.eventually(
      async () => {
        const receive = new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 20 });
        return (await world.sqs.send(receive)).Messages ?? [];
      },
      (messages) => messages.length > 0,
    );
    const { scheduledAt } = JSON.parse(message?.Body ?? '{}') as { readonly scheduledAt: string };
    expect(Math.abs(Date.parse(scheduledAt) - world.now())).toBeLessThan(3 * MINUTE_MS);
  });
});

const TEMPLATE = {
  Resources: {
    Dlq: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'cfn-dlq' } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'cfn',
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dlq', 'Arn'] }, maxReceiveCount: 4 },
        Tags: [{ Key: 'team', Value: 'orders' }],
      },
    },
    Worker: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'cfn-worker',
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: 'arn:aws:iam::000000000000:role/worker',
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        ReservedConcurrentExecutions: 7,
        Tags: [{ Key: 'firebreak:kill', Value: 'allowed' }],
      },
    },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'cfn-table',
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      },
    },
    MathAlarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmName: 'cfn-math',
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Threshold: 1,
        Metrics: [{ Id: 'e', Expression: '1 + 1' }],
      },
    },
  },
};

describeWithEmulator('CloudFormation in the emulator', () => {
  it('keeps the properties that firebreak reads, and deletes a stack by its ARN', async () => {
    const created = await cloudFormation(world, 'CreateStack', {
      StackName: 'stack',
      TemplateBody: JSON.stringify(TEMPLATE),
    });
    const stackId = /<StackId>(.*)<\/StackId>/.exec(created)?.[1] ?? '';
    const status = () => cloudFormation(world, 'DescribeStacks', { StackName: stackId });
    await world.eventually(status, (text) => text.includes('<StackStatus>CREATE_COMPLETE<'));

    const QueueUrl = `${world.endpoint}/${world.account}/cfn`;
    const queue = await world.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
    );
    expect(JSON.parse(queue.Attributes?.['RedrivePolicy'] ?? '{}')).toMatchObject({ maxReceiveCount: 4 });
    expect((await world.sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toMatchObject({
      team: 'orders',
    });
    const worker = await world.lambda.send(new GetFunctionCommand({ FunctionName: 'cfn-worker' }));
    expect(worker.Concurrency?.ReservedConcurrentExecutions).toBe(7);
    expect(worker.Tags).toMatchObject({ 'firebreak:kill': 'allowed' });
    const ttl = await world.dynamo.send(new DescribeTimeToLiveCommand({ TableName: 'cfn-table' }));
    expect(ttl.TimeToLiveDescription).toMatchObject({
      AttributeName: 'expiresAt',
      TimeToLiveStatus: 'ENABLED',
    });
    const alarms = await world.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ['cfn-math'] }));
    expect(alarms.MetricAlarms?.[0]?.StateValue).not.toBe('ALARM');

    await cloudFormation(world, 'DeleteStack', { StackName: stackId });
    await world.eventually(status, (text) => text.includes('<StackStatus>DELETE_COMPLETE<'));
    const gone = world.lambda.send(new GetFunctionCommand({ FunctionName: 'cfn-worker' }));
    await expect(gone).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describeWithEmulator('Step Functions in the emulator', () => {
  it('an execution starts by the same clock as everything', async () => {
    const call = async (action: string, body: object): Promise<Record<string, string>> => {
      const response = await fetch(world.endpoint, {
        method: 'POST',
        headers: {
          ...signedFor(world, 'states'),
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `AWSStepFunctions.${action}`,
        },
        body: JSON.stringify(body),
      });
      return (await response.json()) as Record<string, string>;
    };
    const { stateMachineArn } = await call('CreateStateMachine', {
      name: 'clock',
      roleArn: 'arn:aws:iam::000000000000:role/states',
      definition: JSON.stringify({
        StartAt: 'At',
        States: { At: { Type: 'Pass', Parameters: { 'at.$': '$$.Execution.StartTime' }, End: true } },
      }),
    });
    const { executionArn } = await call('StartExecution', { stateMachineArn });
    const { output = '{}' } = await world.eventually(
      () => call('DescribeExecution', { executionArn }),
      ({ status }) => status === 'SUCCEEDED',
    );
    const { at } = JSON.parse(output) as { readonly at: string };
    expect(Math.abs(Date.parse(at) - world.now())).toBeLessThan(3 * MINUTE_MS);
  });
});
