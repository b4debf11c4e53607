import { type Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OWN_FUNCTION_TAG } from '../src/model/kill.ts';
import { acknowledge, acknowledgeFunctionWildcards } from './acknowledge.ts';
import { type Permission, sendTo, writeLogs, writeTraces } from './permissions.ts';

type HandlerModule = 'tick' | 'shard' | 'survey' | 'cost' | 'kill';

export interface HandlerFunctionProps {
  /** Module of the bundle: `tick` is `tick.mjs` and exports `handler`. */
  readonly module: HandlerModule;
  readonly description: string;
  readonly code: Code;
  readonly memoryMB: number;
  readonly timeout: Duration;
  /** How long an event may wait before it is dropped unseen. */
  readonly eventAge: Duration;
  /** Where events go that failed or waited too long; `null`: they are worthless by then. */
  readonly failures: IQueue | null;
  /** `null`: none is reserved. */
  readonly reservedConcurrency: number | null;
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do, beside logging, tracing and keeping failures. */
  readonly permissions: readonly Permission[];
  readonly tracing: boolean;
  readonly logRetention: RetentionDays | undefined;
}

/** One of firebreak's own functions with its own role and an explicit log group, so that nothing outlives the stack. */
export class HandlerFunction extends Construct {
  readonly fn: LambdaFunction;

  constructor(scope: Construct, id: string, props: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = this.createRole(props, logGroup);
    this.fn = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${props.module}.handler`,
      code: props.code,
      // Grants that constructs would add are left out: its permissions are spelled out below.
      role: role.withoutPolicyUpdates(),
      logGroup,
      // The handlers write JSON lines themselves, and metrics that CloudWatch reads from raw lines only.
      loggingFormat: LoggingFormat.TEXT,
      tracing: props.tracing ? Tracing.ACTIVE : Tracing.DISABLED,
      memorySize: props.memoryMB,
      timeout: props.timeout,
      environment: { ...props.environment },
      // Each run starts from what is stored: the next one makes up for a failed one better than a repeat does.
      retryAttempts: 0,
      maxEventAge: props.eventAge,
      ...(props.failures === null ? {} : { onFailure: new SqsDestination(props.failures) }),
      ...(props.reservedConcurrency === null
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    acknowledge(this.fn, {
      'Serverless-LambdaDLQ':
        'Failed events go to an on-failure destination, which also says why they failed.',
    });
    if (props.failures === null) {
      acknowledge(this.fn, {
        'Serverless-LambdaAsyncFailureDestination':
          'An event that nobody wants any more: the next one is due.',
      });
    }
    Tags.of(this.fn).add(OWN_FUNCTION_TAG, props.module);
    this.node.addMetadata(OWN_FUNCTION_TAG, props.module);
  }

  /** Everything the function may do, in one place, and there before the function is. */
  private createRole(props: HandlerFunctionProps, logGroup: LogGroup): Role {
    const permissions = [
      ...props.permissions,
      writeLogs(logGroup),
      ...(props.tracing ? [writeTraces()] : []),
      ...(props.failures === null ? [] : [sendTo(props.failures)]),
    ];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `firebreak ${props.module}`,
      inlinePolicies: {
        [props.module]: new PolicyDocument({ statements: permissions.map(({ statement }) => statement) }),
      },
    });
    acknowledgeFunctionWildcards(role, permissions);
    return role;
  }
}
