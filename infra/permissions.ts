import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { DEFAULT_CONFIG } from '../src/model/config.ts';
import { OWN_FUNCTION_TAG } from '../src/model/kill.ts';
import type { KillSwitchProps } from './props.ts';

/** Reads that know no resource-level permissions (service authorization reference: Lambda, CloudWatch, SQS; 2026). */
export function readAccount(): PolicyStatement {
  return new PolicyStatement({
    sid: 'ReadAccount',
    actions: [
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'lambda:GetAccountSettings',
      'lambda:ListEventSourceMappings',
      'lambda:ListFunctions',
      'sqs:ListQueues',
    ],
    resources: ['*'],
  });
}

/** Reads of single functions and queues, in this account and region only. */
export function readFleet(scope: Construct): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadFunctions',
      actions: ['lambda:GetFunctionConcurrency', 'lambda:ListFunctionEventInvokeConfigs', 'lambda:ListTags'],
      resources: [functionArn(scope, '*')],
    }),
    new PolicyStatement({
      sid: 'ReadQueues',
      actions: ['sqs:GetQueueAttributes', 'sqs:ListMessageMoveTasks'],
      resources: [Stack.of(scope).formatArn({ service: 'sqs', resource: '*' })],
    }),
  ];
}

export function useTable(table: Table): PolicyStatement {
  return new PolicyStatement({
    sid: 'UseTable',
    // A transaction needs what its parts need (DynamoDB developer guide, transactions and IAM, 2026).
    actions: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
    resources: [table.tableArn],
  });
}

/** Telling people: the topic (and its key, through SNS only), the bus, and the secret of the webhook. */
export function notify(input: {
  readonly scope: Construct;
  readonly topic: ITopic;
  readonly key: IKey | null;
  readonly bus: EventBus;
  readonly slackSecret: ISecret | undefined;
}): PolicyStatement[] {
  const { scope, topic, key, bus, slackSecret } = input;
  const statements = [
    new PolicyStatement({ sid: 'PublishAlerts', actions: ['sns:Publish'], resources: [topic.topicArn] }),
    new PolicyStatement({ sid: 'PutEvents', actions: ['events:PutEvents'], resources: [bus.eventBusArn] }),
  ];
  if (key !== null) {
    const service = `sns.${Stack.of(scope).region}.amazonaws.com`;
    statements.push(
      new PolicyStatement({
        sid: 'EncryptAlerts',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': service } },
      }),
    );
  }
  if (slackSecret !== undefined) {
    statements.push(
      new PolicyStatement({
        sid: 'ReadSlackWebhook',
        actions: ['secretsmanager:GetSecretValue'],
        resources: [slackSecret.secretFullArn ?? `${slackSecret.secretArn}-??????`],
      }),
    );
    if (slackSecret.encryptionKey !== undefined) {
      statements.push(
        new PolicyStatement({
          sid: 'DecryptSlackWebhook',
          actions: ['kms:Decrypt'],
          resources: [slackSecret.encryptionKey.keyArn],
        }),
      );
    }
  }
  return statements;
}

/** Starting these functions and no other: the schedules theirs, the tick the one that may act on its decision. */
export function invoke(functions: readonly IFunction[]): PolicyStatement {
  return new PolicyStatement({
    sid: 'Invoke',
    actions: ['lambda:InvokeFunction'],
    resources: functions.map(({ functionArn }) => functionArn),
  });
}

export function readCost(): PolicyStatement {
  return new PolicyStatement({ sid: 'ReadCost', actions: ['ce:GetCostAndUsage'], resources: ['*'] });
}

/**
 * The only statements that can change anything of the customer's: settings of functions and event source mappings
 * that carry the opt-in tag, and never of firebreak's own functions or of protected ones, whatever tags they carry.
 */
export function stopAndRestore(scope: Construct, kill: KillSwitchProps): PolicyStatement[] {
  const tag = `aws:ResourceTag/${kill.optInTag ?? DEFAULT_CONFIG.kill.optInTag}`;
  const optedIn = { StringEquals: { [tag]: kill.optInValue ?? DEFAULT_CONFIG.kill.optInValue } };
  const statements = [
    new PolicyStatement({
      sid: 'LimitFunctions',
      actions: ['lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
      resources: [functionArn(scope, '*')],
      conditions: optedIn,
    }),
    new PolicyStatement({
      sid: 'SwitchEventSources',
      actions: ['lambda:UpdateEventSourceMapping'],
      resources: [eventSourceArn(scope)],
      conditions: optedIn,
    }),
    new PolicyStatement({
      sid: 'NeverItself',
      effect: Effect.DENY,
      actions: ['lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
      resources: [functionArn(scope, '*')],
      conditions: { Null: { [`aws:ResourceTag/${OWN_FUNCTION_TAG}`]: 'false' } },
    }),
  ];
  const protectedArns = (kill.protect ?? []).map((name) => functionArn(scope, name));
  if (protectedArns.length > 0) statements.push(...neverProtected(scope, protectedArns));
  return statements;
}

function neverProtected(scope: Construct, functionArns: readonly string[]): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'NeverProtected',
      effect: Effect.DENY,
      actions: ['lambda:DeleteFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
      resources: [...functionArns],
    }),
    new PolicyStatement({
      sid: 'NeverSourcesOfProtected',
      effect: Effect.DENY,
      actions: ['lambda:UpdateEventSourceMapping'],
      resources: [eventSourceArn(scope)],
      conditions: { ArnEquals: { 'lambda:FunctionArn': [...functionArns] } },
    }),
  ];
}

/** What planning a kill, verifying it and restoring read. */
export function readForKill(scope: Construct): PolicyStatement[] {
  return [
    new PolicyStatement({
      sid: 'ReadMappings',
      actions: ['lambda:GetAccountSettings', 'lambda:ListEventSourceMappings', 'lambda:ListFunctions'],
      resources: ['*'],
    }),
    new PolicyStatement({
      sid: 'ReadSettings',
      actions: ['lambda:GetFunctionConcurrency', 'lambda:ListTags'],
      resources: [functionArn(scope, '*'), eventSourceArn(scope)],
    }),
    new PolicyStatement({
      sid: 'ReadEventSources',
      actions: ['lambda:GetEventSourceMapping'],
      resources: [eventSourceArn(scope)],
    }),
  ];
}

/** Into its own log group and no other. */
export function writeLogs(logGroup: ILogGroup): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteLogs',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [logGroup.logGroupArn],
  });
}

/** X-Ray knows no resources (service authorization reference, 2026). */
export function writeTraces(): PolicyStatement {
  return new PolicyStatement({
    sid: 'WriteTraces',
    actions: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
    resources: ['*'],
  });
}

export function sendTo(queue: IQueue): PolicyStatement {
  return new PolicyStatement({
    sid: 'KeepFailures',
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
  });
}

function functionArn(scope: Construct, name: string): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: name,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

function eventSourceArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'event-source-mapping',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
