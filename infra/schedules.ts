import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule, ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invoke, type Permission, sendTo, startExecution } from './permissions.ts';

interface StateMachineTarget {
  readonly stateMachineArn: string;
}

export interface ScheduleSpec {
  readonly id: string;
  readonly description: string;
  readonly target: IFunction | StateMachineTarget;
  /** EventBridge Scheduler expression. */
  readonly expression: string;
  /** Attempts to hand the event to Lambda after the first one. */
  readonly retries: number;
  /** 60 to 86,400 s: after that the event is given up. */
  readonly eventAgeSeconds: number;
}

/**
 * One minute's tick is worthless once the next is due, so it is retried once within its minute;
 * an hour's survey and a day's cost are worth waiting for.
 */
export const SCHEDULES = {
  tick: { expression: 'rate(1 minute)', retries: 1, eventAgeSeconds: 60 },
  survey: { expression: 'rate(1 hour)', retries: 3, eventAgeSeconds: 900 },
  // Cost Explorer has most of a day about half a day after its end (UTC).
  cost: { expression: 'cron(30 12 * * ? *)', retries: 5, eventAgeSeconds: 3_600 },
} as const;

/** The clock of the monitor: schedules in a group of their own, with one role that may start these targets only. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, specs: readonly ScheduleSpec[], deadLetters: IQueue) {
    super(scope, id);
    const group = new ScheduleGroup(this, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
    const role = new Role(this, 'Role', {
      description: 'firebreak schedules',
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          // Only schedules of this account (EventBridge Scheduler user guide, confused deputy, 2026). The group is
          // not named: Scheduler checks the role while it creates the schedule.
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
        },
      }),
      inlinePolicies: {
        schedules: new PolicyDocument({
          statements: [...permissionsFor(specs), sendTo(deadLetters)].map(({ statement }) => statement),
        }),
      },
    });
    for (const spec of specs) {
      new CfnSchedule(this, spec.id, {
        description: spec.description,
        groupName: group.scheduleGroupName,
        scheduleExpression: spec.expression,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: isFunction(spec.target) ? spec.target.functionArn : spec.target.stateMachineArn,
          roleArn: role.roleArn,
          input: JSON.stringify({ scheduledAt: '<aws.scheduler.scheduled-time>' }),
          retryPolicy: {
            maximumRetryAttempts: spec.retries,
            maximumEventAgeInSeconds: spec.eventAgeSeconds,
          },
          deadLetterConfig: { arn: deadLetters.queueArn },
        },
      });
    }
  }
}

function permissionsFor(specs: readonly ScheduleSpec[]): readonly Permission[] {
  const targets = specs.map(({ target }) => target);
  return [
    invoke(targets.filter(isFunction)),
    ...targets.flatMap((target) => (isFunction(target) ? [] : [startExecution(target.stateMachineArn)])),
  ];
}

function isFunction(target: ScheduleSpec['target']): target is IFunction {
  return 'functionArn' in target;
}
