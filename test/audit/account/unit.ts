import type { FakeQueue } from '../../observe/aws/fake-aws.ts';

type Wire = Readonly<Record<string, unknown>>;

/** One function and what belongs to it, as AWS describes them over the wire: whatever an audit may find fault with. */
export interface Unit {
  readonly name: string;
  /** Over what ListFunctions says of any function. */
  readonly config: Wire;
  readonly mappings: readonly Wire[];
  readonly queues: readonly FakeQueue[];
  readonly reservedConcurrency: number | null;
  readonly recursiveLoop: 'Allow' | 'Terminate';
  /** `null`: never configured. */
  readonly eventInvokeConfig: Wire | null;
  readonly provisioned: {
    readonly executions: number;
    readonly utilization: number;
    readonly spillover: number;
  } | null;
  /** Services that its policy lets invoke it. */
  readonly invokers: readonly string[];
  readonly alarms: readonly UnitAlarm[];
  readonly role: UnitRole;
  readonly retentionDays: number | null;
  /** What its log group takes in within a day. */
  readonly logBytes: number;
  /** REPORT lines of the last day. */
  readonly reports: readonly string[];
}

export interface UnitAlarm {
  readonly namespace: string;
  readonly metric: string;
  readonly dimension: string;
  readonly value: string;
}

export interface UnitRole {
  readonly name: string;
  readonly managedPolicies: readonly string[];
  readonly statement: Wire;
  /** What IAM Access Analyzer has to say of it. */
  readonly findings: readonly UnitFinding[];
}

export interface UnitFinding {
  readonly status: 'ACTIVE' | 'ARCHIVED' | 'RESOLVED';
  readonly findingType: string;
  readonly account: string;
  /** Unused actions by service; none: all of the service. */
  readonly services: Readonly<Record<string, readonly string[]>>;
}

/** What feeds a function. */
export type UnitKind = 'queue' | 'stream' | 'events';

const RUNS = 24;
const ARN = 'arn:aws:lambda:us-east-1:111122223333:function';

/** A REPORT line; what a function prints beside it is not looked at. */
export function report(run: {
  readonly durationMs: number;
  readonly usedMB: number;
  readonly initMs?: number;
}): string {
  const init = run.initMs === undefined ? '' : `Init Duration: ${run.initMs.toFixed(2)} ms\t`;
  return `REPORT RequestId: 0\tDuration: ${run.durationMs.toFixed(2)} ms\tBilled Duration: ${Math.ceil(run.durationMs)} ms\tMemory Size: 512 MB\tMax Memory Used: ${run.usedMB} MB\t${init}\n`;
}

export function runs(run: Parameters<typeof report>[0]): readonly string[] {
  return Array.from({ length: RUNS }, () => report(run));
}

/** Findings that are none of this role's any more, or never were: an organization's analyzer knows other accounts. */
const SETTLED: readonly UnitFinding[] = (
  [
    ['ARCHIVED', '111122223333'],
    ['RESOLVED', '111122223333'],
    ['ACTIVE', '444455556666'],
  ] as const
).map(([status, account]) => ({ status, account, findingType: 'UnusedPermission', services: { s3: [] } }));

/** A function that no rule finds fault with. */
export function cleanUnit(name: string, kind: UnitKind): Unit {
  const onFunction = (metric: string) => ({
    ...{ namespace: 'AWS/Lambda', metric, dimension: 'FunctionName', value: name },
  });
  return {
    name,
    config: {
      Role: `arn:aws:iam::111122223333:role/service-role/${name}-role`,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: `/aws/lambda/${name}` },
      Environment: { Variables: { TABLE: `${name}-table`, SECRET_ARN: `arn:aws:secretsmanager:::${name}` } },
    },
    ...fedBy(name, kind),
    reservedConcurrency: kind === 'queue' ? null : 5,
    recursiveLoop: 'Terminate',
    eventInvokeConfig: {
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 900,
      DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:111122223333:failures' } },
    },
    provisioned: null,
    invokers: kind === 'events' ? ['sns.amazonaws.com'] : [],
    alarms: [
      ...['Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'].map(onFunction),
      ...(kind === 'queue' ? [depthAlarm(`${name}-dlq`)] : []),
    ],
    role: {
      name: `${name}-role`,
      managedPolicies: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
      statement: {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem'],
        Resource: `arn:aws:dynamodb:::table/${name}`,
      },
      findings: SETTLED,
    },
    retentionDays: 30,
    logBytes: 1e6,
    reports: [
      report({ durationMs: 8_000, usedMB: 300, initMs: 300 }),
      ...runs({ durationMs: 900, usedMB: 290 }),
    ],
  };
}

function depthAlarm(queue: string): UnitAlarm {
  const metric = 'ApproximateNumberOfMessagesVisible';
  return { namespace: 'AWS/SQS', metric, dimension: 'QueueName', value: queue };
}

function fedBy(name: string, kind: UnitKind): Pick<Unit, 'mappings' | 'queues'> {
  if (kind === 'events') return { mappings: [], queues: [] };
  const mapping = { UUID: `mapping-${name}`, FunctionArn: `${ARN}:${name}`, State: 'Enabled', BatchSize: 10 };
  if (kind === 'queue') {
    const EventSourceArn = `arn:aws:sqs:us-east-1:111122223333:${name}-jobs`;
    return {
      mappings: [{ ...mapping, EventSourceArn, ScalingConfig: { MaximumConcurrency: 5 } }],
      queues: [
        { name: `${name}-jobs`, deadLetterQueue: `${name}-dlq`, maxReceiveCount: 5 },
        { name: `${name}-dlq`, attributes: { MessageRetentionPeriod: '1209600' } },
      ],
    };
  }
  return {
    mappings: [
      {
        ...mapping,
        EventSourceArn: `arn:aws:dynamodb:us-east-1:111122223333:table/${name}/stream/2026`,
        MaximumRetryAttempts: 3,
        MaximumRecordAgeInSeconds: 3_600,
        BisectBatchOnFunctionError: true,
        DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:111122223333:failures' } },
      },
    ],
    queues: [],
  };
}
