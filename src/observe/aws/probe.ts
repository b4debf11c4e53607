import {
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListTagsCommand,
} from '@aws-sdk/client-lambda';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
} from '@aws-sdk/client-sqs';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import { functionArn, queueArn } from './arn.ts';
import { CALLS, type Operation } from './calls.ts';
import { type Failure, failureOf } from './failure.ts';
import type { Identity } from './inventory.ts';
import { call, type SendOptions, type Wire } from './wire.ts';

/** What became of one call that was tried. */
export interface Probe {
  readonly operation: Operation;
  readonly permission: string;
  /** `null`: it is allowed, whether or not there is something to read. */
  readonly failure: Failure | null;
}

/** Asked for where there is nothing real to ask for: that it does not exist is said only to who may ask. */
const NOBODY = 'firebreak-doctor-probe';

/**
 * Tries every call that observing makes, once and for one thing, one after the other. The whole costs one metric of
 * GetMetricData ($0.00001) and three SQS requests.
 */
export async function probeReads(
  wire: Wire,
  subject: Identity & {
    readonly functionName: string | undefined;
    readonly queueName: string | undefined;
    readonly now: EpochMs;
  },
): Promise<readonly Probe[]> {
  const probes: Probe[] = [];
  for (const [name, send] of Object.entries(sendsOf(wire, subject))) {
    const operation = name as keyof ReturnType<typeof sendsOf>;
    const { permission } = CALLS[operation];
    probes.push({
      operation,
      permission: permission ?? operation,
      failure: await failureWith(wire, operation, send),
    });
  }
  return probes;
}

async function failureWith(
  wire: Wire,
  operation: Operation,
  send: (options: SendOptions) => Promise<Answer>,
): Promise<Failure | null> {
  try {
    await call(wire, operation, send, operation === 'GetMetricData' ? 1 : undefined);
    return null;
  } catch (error) {
    const failure = failureOf(error, operation);
    return isAnswer(error, failure) ? null : failure;
  }
}

/** AWS looks at permissions first: who is told that there is no such thing, or that it is of the wrong kind, may ask. */
function isAnswer(error: unknown, { kind }: Failure): boolean {
  if (kind === 'missing') return true;
  const name = error instanceof Error ? error.name : '';
  return kind === 'other' && /^(Invalid|Validation|Unsupported)/.test(name);
}

type Answer = { readonly $metadata?: { readonly attempts?: number | undefined } };
type Send = (options: SendOptions) => Promise<Answer>;

function sendsOf(
  { clients: { lambda, sqs, cloudWatch } }: Wire,
  subject: Parameters<typeof probeReads>[1],
): Readonly<Record<Exclude<Operation, 'GetCallerIdentity'>, Send>> {
  const FunctionName = subject.functionName ?? NOBODY;
  const queueName = subject.queueName ?? NOBODY;
  const metric = { Namespace: 'AWS/Lambda', MetricName: 'Invocations' };
  const EndTime = new Date(Math.floor(subject.now / MINUTE_MS) * MINUTE_MS);
  const StartTime = new Date(EndTime.getTime() - 5 * MINUTE_MS);
  const Stat = 'Sum';
  let queueUrl = `https://sqs.${subject.region}.amazonaws.com/${subject.account}/${queueName}`;
  return {
    ListFunctions: (options) => lambda.send(new ListFunctionsCommand({ MaxItems: 1 }), options),
    ListEventSourceMappings: (options) =>
      lambda.send(new ListEventSourceMappingsCommand({ MaxItems: 1 }), options),
    GetFunction: (options) => lambda.send(new GetFunctionCommand({ FunctionName }), options),
    GetFunctionConcurrency: (options) =>
      lambda.send(new GetFunctionConcurrencyCommand({ FunctionName }), options),
    ListTags: (options) =>
      lambda.send(new ListTagsCommand({ Resource: functionArn(subject, FunctionName) }), options),
    GetFunctionEventInvokeConfig: (options) =>
      lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }), options),
    GetAccountSettings: (options) => lambda.send(new GetAccountSettingsCommand({}), options),
    GetQueueUrl: async (options) => {
      const answer = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }), options);
      queueUrl = answer.QueueUrl ?? queueUrl;
      return answer;
    },
    GetQueueAttributes: (options) =>
      sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }), options),
    ListMessageMoveTasks: (options) =>
      sqs.send(
        new ListMessageMoveTasksCommand({ SourceArn: queueArn(subject, queueName), MaxResults: 1 }),
        options,
      ),
    ListMetrics: (options) =>
      cloudWatch.send(new ListMetricsCommand({ ...metric, RecentlyActive: 'PT3H' }), options),
    GetMetricStatistics: (options) =>
      cloudWatch.send(
        new GetMetricStatisticsCommand({ ...metric, StartTime, EndTime, Period: 300, Statistics: [Stat] }),
        options,
      ),
    GetMetricData: (options) =>
      cloudWatch.send(
        new GetMetricDataCommand({
          StartTime,
          EndTime,
          MetricDataQueries: [{ Id: 'probe', MetricStat: { Metric: metric, Period: 300, Stat } }],
        }),
        options,
      ),
  };
}
