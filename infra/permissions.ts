import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A statement of a role, and why its resources have a wildcard, where they have one. */
export interface Permission {
  readonly statement: PolicyStatement;
  readonly whyWildcard: string | null;
}

/** Reads that know no resource-level permissions (service authorization reference: Lambda, CloudWatch; 2026). */
export function readAccount(): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'ReadAccount',
      actions: [
        'cloudwatch:GetMetricData',
        'cloudwatch:GetMetricStatistics',
        'cloudwatch:ListMetrics',
        'lambda:GetAccountSettings',
        'lambda:ListEventSourceMappings',
        'lambda:ListFunctions',
      ],
      resources: ['*'],
    }),
    whyWildcard: NO_RESOURCES,
  };
}

/** The one metric read of a shard. */
export function readMetrics(): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'ReadMetrics',
      actions: ['cloudwatch:GetMetricData'],
      resources: ['*'],
    }),
    whyWildcard: NO_RESOURCES,
  };
}

/** Reads of single functions, in this account and region only. */
export function readFunctions(scope: Construct, allowGetFunction: boolean): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'ReadFunctions',
      actions: [
        ...(allowGetFunction ? ['lambda:GetFunction'] : []),
        'lambda:GetFunctionConcurrency',
        'lambda:GetFunctionEventInvokeConfig',
        'lambda:ListTags',
      ],
      resources: [functionArn(scope, '*')],
    }),
    whyWildcard: FLEET,
  };
}

/** Reads of single queues, in this account and region only. */
export function readQueues(scope: Construct, actions: readonly string[]): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'ReadQueues',
      actions: [...actions],
      resources: [Stack.of(scope).formatArn({ service: 'sqs', resource: '*' })],
    }),
    whyWildcard: FLEET,
  };
}

export function useTable(table: Table): Permission {
  return exact({
    sid: 'UseTable',
    // A transaction needs what its parts need (DynamoDB developer guide, transactions and IAM, 2026).
    actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    resources: [table.tableArn],
  });
}

/**
 * What a shard needs of the table: the plan, and its own readings. Neither incidents nor kill records. Partitions as
 * `src/store/dynamo/notebooks.ts` names them; a test holds them equal.
 */
export function useReadings(table: Table): readonly Permission[] {
  const within = (keys: readonly string[]) => ({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...keys] },
  });
  return [
    exact({
      sid: 'ReadPlan',
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resources: [table.tableArn],
      conditions: within(['NOTEBOOK#reading-plan', 'NOTEBOOK#shard-*']),
    }),
    exact({
      sid: 'HandOver',
      actions: ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
      resources: [table.tableArn],
      conditions: within(['NOTEBOOK#shard-*']),
    }),
  ];
}

/** Telling people: the topic (and its key, through SNS only), the bus, and the secret of the webhook. */
export function notify(input: {
  readonly scope: Construct;
  readonly topic: ITopic;
  readonly key: IKey | null;
  readonly bus: EventBus;
  readonly slackSecret: ISecret | undefined;
}): readonly Permission[] {
  const { scope, topic, key, bus, slackSecret } = input;
  const service = `sns.${Stack.of(scope).region}.amazonaws.com`;
  return [
    exact({ sid: 'PublishAlerts', actions: ['sns:Publish'], resources: [topic.topicArn] }),
    exact({ sid: 'PutEvents', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
    ...(key === null
      ? []
      : [
          exact({
            sid: 'EncryptAlerts',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [key.keyArn],
            conditions: { StringEquals: { 'kms:ViaService': service } },
          }),
        ]),
    ...(slackSecret === undefined ? [] : readSecret(slackSecret)),
  ];
}

function readSecret(secret: ISecret): readonly Permission[] {
  const arn = secret.secretFullArn ?? `${secret.secretArn}-??????`;
  const key = secret.encryptionKey;
  return [
    exact({ sid: 'ReadSlackWebhook', actions: ['secretsmanager:GetSecretValue'], resources: [arn] }),
    ...(key === undefined
      ? []
      : [exact({ sid: 'DecryptSlackWebhook', actions: ['kms:Decrypt'], resources: [key.keyArn] })]),
  ];
}

/** Starting these functions and no other: the schedules theirs, the tick the one that may act on its decision. */
export function invoke(functions: readonly IFunction[]): Permission {
  return exact({
    sid: 'Invoke',
    actions: ['lambda:InvokeFunction'],
    resources: functions.map((fn) => fn.functionArn),
  });
}

/** Starting this state machine and no other. */
export function startExecution(stateMachineArn: string): Permission {
  return exact({ sid: 'Start', actions: ['states:StartExecution'], resources: [stateMachineArn] });
}

export function readCost(): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'ReadCost',
      actions: ['ce:GetCostAndUsage', 'cloudwatch:GetMetricStatistics', 'lambda:ListFunctions'],
      resources: ['*'],
    }),
    whyWildcard: NO_RESOURCES,
  };
}

/** Into its own log group and no other. */
export function writeLogs(logGroup: ILogGroup): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
    whyWildcard: 'The streams of its own log group, which Lambda names.',
  };
}

export function writeTraces(): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'WriteTraces',
      actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      resources: ['*'],
    }),
    whyWildcard: NO_RESOURCES,
  };
}

export function sendTo(queue: IQueue): Permission {
  return exact({ sid: 'KeepFailures', actions: ['sqs:SendMessage'], resources: [queue.queueArn] });
}

const NO_RESOURCES = 'These actions know no resource-level permissions (service authorization reference).';
const FLEET = 'Reads only, and the functions and queues to be watched are not known in advance.';

function exact(props: ConstructorParameters<typeof PolicyStatement>[0]): Permission {
  return { statement: new PolicyStatement(props), whyWildcard: null };
}

export function functionArn(scope: Construct, name: string): string {
  return lambdaArn(scope, 'function', name);
}

export function eventSourceArn(scope: Construct): string {
  return lambdaArn(scope, 'event-source-mapping', '*');
}

function lambdaArn(scope: Construct, resource: string, resourceName: string): string {
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return Stack.of(scope).formatArn({ service: 'lambda', resource, resourceName, arnFormat });
}
