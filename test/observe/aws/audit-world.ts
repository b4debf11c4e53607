import {
  AccessAnalyzerClient,
  type AnalyzerSummary,
  type FindingSummaryV2,
  GetFindingV2Command,
  ListAnalyzersCommand,
  ListFindingsV2Command,
} from '@aws-sdk/client-accessanalyzer';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetPolicyCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListProvisionedConcurrencyConfigsCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

export const ACCOUNT = '111111111111';
const FUNCTION_ARN = `arn:aws:lambda:eu-central-1:${ACCOUNT}:function`;
const QUEUE_ARN = `arn:aws:sqs:eu-central-1:${ACCOUNT}`;
const REPORT =
  'REPORT RequestId: 0\tDuration: 900.00 ms\tBilled Duration: 1100 ms\tMemory Size: 512 MB\tMax Memory Used: 301 MB\tInit Duration: 200.00 ms\t\n';

function named(name: string): Error {
  return Object.assign(new Error(`${name} of the mock`), { name });
}
const NOT_FOUND = named('ResourceNotFoundException');
export const DENIED = named('AccessDeniedException');

/** Client mocks that answer like an account with one queue worker and one API function. */
export function auditWorld() {
  const lambda = mockClient(LambdaClient);
  const sqs = mockClient(SQSClient);
  const cloudWatch = mockClient(CloudWatchClient);
  const logs = mockClient(CloudWatchLogsClient);
  const iam = mockClient(IAMClient);
  const sts = mockClient(STSClient);
  const accessAnalyzer = mockClient(AccessAnalyzerClient);
  const mocks = { lambda, sqs, cloudWatch, logs, iam, sts, accessAnalyzer };
  const reset = () => {
    for (const mock of Object.values(mocks)) mock.reset();
    sts.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT });
    listings(lambda);
    details(lambda);
    queues(sqs);
    surroundings({ cloudWatch, logs, iam });
    unusedAccess(accessAnalyzer);
  };
  return { ...mocks, reset };
}

type Mocks = ReturnType<typeof auditWorld>;

function listings(lambda: Mocks['lambda']): void {
  lambda.on(ListFunctionsCommand, { Marker: undefined }).resolves({
    Functions: [
      {
        FunctionName: 'worker',
        LastModified: '2026-11-01T00:00:00.000+0000',
        Runtime: 'nodejs24.x',
        MemorySize: 512,
        Timeout: 30,
        Architectures: ['arm64'],
        CodeSize: 1000,
        Layers: [{ CodeSize: 500 }],
        Role: `arn:aws:iam::${ACCOUNT}:role/service-role/worker-role`,
        TracingConfig: { Mode: 'Active' },
        LoggingConfig: { LogFormat: 'JSON', LogGroup: '/custom/worker' },
        DeadLetterConfig: { TargetArn: `${QUEUE_ARN}:async-dlq` },
        Environment: { Variables: { DB_PASSWORD: 'correct-horse-battery', TABLE: 'orders' } },
      },
    ],
    NextMarker: 'page-2',
  });
  lambda.on(ListFunctionsCommand, { Marker: 'page-2' }).resolves({
    Functions: [
      { FunctionName: 'api', LastModified: 'x', MemorySize: 256, Timeout: 10, PackageType: 'Image' },
    ],
  });
  lambda.on(ListEventSourceMappingsCommand).resolves({
    EventSourceMappings: [
      {
        UUID: 'mapping-1',
        FunctionArn: `${FUNCTION_ARN}:worker`,
        EventSourceArn: `${QUEUE_ARN}:orders`,
        State: 'Enabled',
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 5 },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
      },
      {
        UUID: 'mapping-2',
        FunctionArn: `${FUNCTION_ARN}:worker`,
        EventSourceArn: `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/ledger/stream/2026`,
        State: 'Disabled',
        MaximumRetryAttempts: 3,
        BisectBatchOnFunctionError: true,
        DestinationConfig: { OnFailure: { Destination: `${QUEUE_ARN}:failures` } },
      },
    ],
  });
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 400 } });
}

function details(lambda: Mocks['lambda']): void {
  lambda.on(GetFunctionConcurrencyCommand).resolves({});
  lambda
    .on(GetFunctionConcurrencyCommand, { FunctionName: 'worker' })
    .resolves({ ReservedConcurrentExecutions: 0 });
  lambda.on(GetFunctionRecursionConfigCommand).resolves({ RecursiveLoop: 'Terminate' });
  lambda.on(GetFunctionEventInvokeConfigCommand).rejects(NOT_FOUND);
  lambda.on(GetFunctionEventInvokeConfigCommand, { FunctionName: 'worker' }).resolves({
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
  lambda.on(ListProvisionedConcurrencyConfigsCommand).resolves({ ProvisionedConcurrencyConfigs: [] });
  lambda.on(ListProvisionedConcurrencyConfigsCommand, { FunctionName: 'api' }).resolves({
    ProvisionedConcurrencyConfigs: [
      { FunctionArn: `${FUNCTION_ARN}:api:live`, RequestedProvisionedConcurrentExecutions: 4 },
    ],
  });
  lambda.on(GetPolicyCommand).rejects(NOT_FOUND);
  lambda.on(GetPolicyCommand, { FunctionName: 'worker' }).resolves({
    Policy: JSON.stringify({
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'lambda:InvokeFunction' },
        {
          Effect: 'Allow',
          Principal: { Service: 'apigateway.amazonaws.com' },
          Action: 'lambda:InvokeFunction',
        },
      ],
    }),
  });
}

function queues(sqs: Mocks['sqs']): void {
  const url = `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}`;
  sqs.on(ListQueuesCommand).resolves({ QueueUrls: [`${url}/orders`, `${url}/orders-dlq`] });
  const base = {
    VisibilityTimeout: '30',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
  };
  sqs.on(GetQueueAttributesCommand, { QueueUrl: `${url}/orders` }).resolves({
    Attributes: {
      ...base,
      QueueArn: `${QUEUE_ARN}:orders`,
      MessageRetentionPeriod: '345600',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: `${QUEUE_ARN}:orders-dlq`, maxReceiveCount: 3 }),
    },
  });
  sqs.on(GetQueueAttributesCommand, { QueueUrl: `${url}/orders-dlq` }).resolves({
    Attributes: { ...base, QueueArn: `${QUEUE_ARN}:orders-dlq`, MessageRetentionPeriod: '1209600' },
  });
}

/** An analyzer that has a finding about each of two roles, one a page. */
function unusedAccess(accessAnalyzer: Mocks['accessAnalyzer']): void {
  accessAnalyzer.on(ListAnalyzersCommand).resolves({ analyzers: [analyzer('ACCOUNT_UNUSED_ACCESS')] });
  accessAnalyzer.on(ListFindingsV2Command).resolves({
    findings: [unusedFinding('finding-1', 'worker-role')],
    nextToken: 'page-2',
  });
  accessAnalyzer
    .on(ListFindingsV2Command, { nextToken: 'page-2' })
    .resolves({ findings: [unusedFinding('finding-2', 'not-ours')] });
  const service = (serviceNamespace: string, actions?: readonly string[]) => ({
    unusedPermissionDetails: { serviceNamespace, actions: actions?.map((action) => ({ action })) },
  });
  const finding = unusedFinding('finding-1', 'worker-role');
  accessAnalyzer
    .on(GetFindingV2Command, { id: 'finding-1' })
    .resolves({ ...finding, findingDetails: [service('dynamodb', ['Scan', 'Query'])], nextToken: 'page-2' });
  accessAnalyzer
    .on(GetFindingV2Command, { id: 'finding-1', nextToken: 'page-2' })
    .resolves({ ...finding, findingDetails: [service('s3')] });
}

export function analyzer(
  type: AnalyzerSummary['type'],
  status: AnalyzerSummary['status'] = 'ACTIVE',
): AnalyzerSummary {
  const arn = `arn:aws:access-analyzer:eu-central-1:${ACCOUNT}:analyzer/${type}`;
  return { arn, name: type, type, status, createdAt: new Date(0) };
}

export function unusedFinding(
  id: string,
  role: string,
  findingType: FindingSummaryV2['findingType'] = 'UnusedPermission',
): FindingSummaryV2 {
  const at = new Date(0);
  return {
    ...{ id, findingType, resource: `arn:aws:iam::${ACCOUNT}:role/service-role/${role}` },
    ...{ analyzedAt: at, createdAt: at, updatedAt: at, status: 'ACTIVE' },
    ...{ resourceType: 'AWS::IAM::Role', resourceOwnerAccount: ACCOUNT },
  };
}

function surroundings({ cloudWatch, logs, iam }: Pick<Mocks, 'cloudWatch' | 'logs' | 'iam'>): void {
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [
      {
        AlarmName: 'worker-errors',
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: 'worker' }],
        AlarmActions: [],
      },
      {
        AlarmName: 'math',
        AlarmActions: ['arn:aws:sns:eu-central-1:111111111111:topic'],
        Metrics: [
          {
            Id: 'm1',
            MetricStat: {
              Metric: { Namespace: 'AWS/SQS', MetricName: 'NumberOfMessagesSent' },
              Period: 60,
              Stat: 'Sum',
            },
          },
          { Id: 'e1', Expression: 'm1' },
        ],
      },
    ],
    CompositeAlarms: [{ AlarmRule: 'ALARM("worker-errors")', AlarmActions: ['arn:aws:sns:x'] }],
  });
  cloudWatch.on(GetMetricStatisticsCommand).resolves({ Datapoints: [] });
  cloudWatch
    .on(GetMetricStatisticsCommand, { MetricName: 'ProvisionedConcurrencyUtilization' })
    .resolves({ Datapoints: [{ Maximum: 0.25 }, { Maximum: 0.1 }] });
  logs.on(DescribeLogGroupsCommand).resolves({
    logGroups: [{ logGroupName: '/custom/worker', retentionInDays: 14, storedBytes: 2048 }],
  });
  logs.on(FilterLogEventsCommand).resolves({ events: [{ message: REPORT, timestamp: 5 }] });
  const role = (name: string) => ({
    RoleName: name,
    Arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    RolePolicyList: [
      {
        PolicyName: 'inline',
        PolicyDocument: encodeURIComponent(
          JSON.stringify({ Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } }),
        ),
      },
    ],
    AttachedManagedPolicies: [{ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/local` }],
  });
  iam.on(GetAccountAuthorizationDetailsCommand).resolves({
    RoleDetailList: [role('worker-role'), role('not-ours')],
    Policies: [
      {
        Arn: `arn:aws:iam::${ACCOUNT}:policy/local`,
        PolicyName: 'local',
        PolicyVersionList: [
          { IsDefaultVersion: false, Document: encodeURIComponent('{"Statement":[]}') },
          {
            IsDefaultVersion: true,
            Document: encodeURIComponent(
              JSON.stringify({ Statement: [{ Effect: 'Allow', NotAction: ['iam:*'], Resource: ['*'] }] }),
            ),
          },
        ],
      },
    ],
  });
}
