import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, Policy, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from './acknowledge.ts';
import { invoke, type Permission } from './permissions.ts';

export interface ShardedTickProps {
  readonly tick: IFunction;
  readonly shard: IFunction;
  readonly shardsMax: number;
  readonly tracing: boolean;
}

/** A plan is a small item; a shard stops reading after 25 s and hands over what it has; a tick ends after 55 s. */
const PLAN_SECONDS = 10;
const SHARD_SECONDS = 40;
const TICK_SECONDS = 58;
/** An execution that has not decided by then has nothing new to say. */
const EXECUTION_SECONDS = 120;

/**
 * The tick of a large fleet: find the plan that the last tick made, let that many shards read at once, decide. Whatever goes
 * wrong before the decision, it is made: what is missing is a gap.
 */
export class ShardedTick extends Construct {
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, props: ShardedTickProps) {
    super(scope, id);
    const permissions = [invoke([props.shard, props.tick]), ...(props.tracing ? [writeTraces()] : [])];
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      description: 'firebreak sharded tick',
      inlinePolicies: {
        'sharded-tick': new PolicyDocument({ statements: permissions.map(({ statement }) => statement) }),
      },
    });
    acknowledgeWildcards(role, permissions);
    const machine = new CfnStateMachine(this, 'StateMachine', {
      stateMachineType: 'STANDARD',
      roleArn: role.roleArn,
      definitionString: Stack.of(this).toJsonString(definition(props)),
      tracingConfiguration: { enabled: props.tracing },
    });
    acknowledge(machine, {
      'AwsSolutions-SF1':
        'Its functions log what they do; a log of every state at every minute would cost more than the states.',
    });
    this.stateMachineArn = machine.attrArn;
    this.letItStartShards(role, machine);
  }

  /** A distributed Map starts executions of the very state machine that it is in: known only once that exists. */
  private letItStartShards(role: Role, machine: CfnStateMachine): void {
    const ofMachine = Stack.of(this).formatArn({
      service: 'states',
      resource: 'execution',
      resourceName: `${machine.attrName}:*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const policy = new Policy(this, 'StartShards', {
      roles: [role],
      statements: [
        allow('StartShards', ['states:StartExecution'], machine.attrArn),
        allow('WatchShards', ['states:DescribeExecution', 'states:StopExecution'], ofMachine),
      ],
    });
    acknowledgeWildcards(policy, [
      {
        statement: allow('WatchShards', ['states:DescribeExecution'], ofMachine),
        whyWildcard: 'Executions of this state machine only; Step Functions names them.',
      },
    ]);
  }
}

function allow(sid: string, actions: readonly string[], resource: string): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.ALLOW, actions: [...actions], resources: [resource] });
}

function writeTraces(): Permission {
  return {
    statement: new PolicyStatement({
      sid: 'WriteTraces',
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
    whyWildcard: 'These actions know no resource-level permissions (service authorization reference).',
  };
}

/** Start of the execution: what all its steps take for now. */
const AT = { 'at.$': '$$.Execution.StartTime' };
const DECIDE_ANYWAY = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Decide' }];

function definition({ tick, shard, shardsMax }: ShardedTickProps): object {
  const { partition } = Stack.of(shard);
  const call = (fn: IFunction, payload: object, timeoutSeconds: number) => ({
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: fn.functionArn, ...payload },
    TimeoutSeconds: timeoutSeconds,
  });
  return {
    Comment: 'firebreak: read in shards, decide once',
    StartAt: 'Plan',
    TimeoutSeconds: EXECUTION_SECONDS,
    States: {
      Plan: {
        ...call(shard, { Payload: { step: 'plan', ...AT } }, PLAN_SECONDS),
        ResultSelector: { 'at.$': '$.Payload.at', 'shards.$': '$.Payload.shards' },
        ResultPath: '$.plan',
        Catch: DECIDE_ANYWAY,
        Next: 'Read',
      },
      Read: {
        Type: 'Map',
        ItemsPath: '$.plan.shards',
        ItemSelector: {
          step: 'read',
          ...AT,
          'planAt.$': '$.plan.at',
          'shard.$': '$$.Map.Item.Value',
          'of.$': 'States.ArrayLength($.plan.shards)',
        },
        MaxConcurrency: shardsMax,
        ToleratedFailurePercentage: 100,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
          StartAt: 'Shard',
          States: { Shard: { ...call(shard, { 'Payload.$': '$' }, SHARD_SECONDS), End: true } },
        },
        ResultPath: null,
        Catch: DECIDE_ANYWAY,
        Next: 'Decide',
      },
      Decide: {
        ...call(tick, { Payload: { ...AT, 'input.$': '$' } }, TICK_SECONDS),
        Retry: [
          {
            ErrorEquals: ['Lambda.TooManyRequestsException', 'Lambda.ServiceException'],
            IntervalSeconds: 2,
            MaxAttempts: 2,
            BackoffRate: 2,
          },
        ],
        End: true,
      },
    },
  };
}
