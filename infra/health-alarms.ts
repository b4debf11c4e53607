import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { OwnMetric } from './own-metrics.ts';

export interface HealthAlarmsProps {
  readonly own: OwnMetric;
  readonly tick: IFunction;
  /** The other handlers that exist, by name. */
  readonly others: Readonly<Record<string, IFunction>>;
  readonly deadLetters: IQueue;
  /** The state machine that spreads reading over shards; `null`: there is none. */
  readonly stateMachineArn: string | null;
  /** Whether firebreak's own bill has a ceiling. */
  readonly hasCeiling: boolean;
  readonly health: ITopic;
  readonly alerts: ITopic;
}

/** A tick is scheduled within 60 s of its minute and runs a few seconds: later than this it looks at old news. */
const LAG_MS = 150_000;
/** Of the 60 s that a tick has. It reads for 40 of them at most: before that it should be known. */
const SLOW_TICK_MS = 35_000;

interface Spec {
  readonly id: string;
  readonly description: string;
  readonly metric: Metric;
  readonly threshold: number;
  readonly operator?: ComparisonOperator;
  /** Datapoints that must be beyond the threshold, of how many looked at. */
  readonly points: number;
  readonly of: number;
  readonly missing?: TreatMissingData;
}

/**
 * Whether firebreak itself is well. Every alarm says what to do in its description, tells both topics, and tells when
 * it is over; no data counts as fine, except for the heartbeat, where it is the alarm.
 */
export class HealthAlarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, props: HealthAlarmsProps) {
    super(scope, id);
    const actions = [new SnsAction(props.health), new SnsAction(props.alerts)];
    this.alarms = specsOf(props).map((spec) => this.alarm(spec, actions));
  }

  private alarm(spec: Spec, actions: readonly IAlarmAction[]): Alarm {
    const alarm = new Alarm(this, spec.id, {
      alarmDescription: spec.description,
      metric: spec.metric,
      threshold: spec.threshold,
      comparisonOperator: spec.operator ?? ComparisonOperator.GREATER_THAN_THRESHOLD,
      datapointsToAlarm: spec.points,
      evaluationPeriods: spec.of,
      treatMissingData: spec.missing ?? TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(...actions);
    alarm.addOkAction(...actions);
    return alarm;
  }
}

function specsOf(props: HealthAlarmsProps): readonly Spec[] {
  return [
    ...tickSpecs(props),
    ...deliverySpecs(props),
    ...(props.hasCeiling ? [ceilingSpec(props)] : []),
    ...(props.stateMachineArn === null ? [] : [shardedSpec(props.stateMachineArn)]),
    ...handlerSpecs(props),
  ];
}

function shardedSpec(stateMachineArn: string): Spec {
  return {
    id: 'ShardedTickFails',
    description:
      'firebreak executions fail: some minutes are not decided; see the state machine and the tick logs.',
    metric: new Metric({
      namespace: 'AWS/States',
      metricName: 'ExecutionsFailed',
      dimensionsMap: { StateMachineArn: stateMachineArn },
      statistic: Stats.SUM,
      period: Duration.minutes(1),
    }),
    threshold: 0,
    points: 3,
    of: 5,
  };
}

function tickSpecs({ own, tick }: HealthAlarmsProps): readonly Spec[] {
  return [
    {
      id: 'DeadMan',
      description:
        'firebreak is silent: no tick finished for 5 minutes. Nobody is watching; see the tick logs.',
      metric: own('Heartbeat', { statistic: Stats.SUM }),
      threshold: 1,
      operator: ComparisonOperator.LESS_THAN_THRESHOLD,
      points: 5,
      of: 5,
      missing: TreatMissingData.BREACHING,
    },
    {
      id: 'TickErrors',
      description: 'firebreak ticks fail. Some minutes are not watched; see the tick logs.',
      metric: tick.metricErrors({ period: Duration.minutes(1) }),
      threshold: 0,
      points: 3,
      of: 5,
    },
    {
      id: 'TickThrottles',
      description:
        'firebreak ticks are throttled: the account is out of concurrency. Look for the function that eats it.',
      metric: tick.metricThrottles({ period: Duration.minutes(1) }),
      threshold: 0,
      points: 2,
      of: 5,
    },
    {
      id: 'SlowTicks',
      description: 'firebreak ticks need most of their minute. Raise tickMemoryMB, then set maximumShards.',
      metric: own('TickDurationMs'),
      threshold: SLOW_TICK_MS,
      points: 3,
      of: 5,
    },
    {
      id: 'Lag',
      description: 'firebreak ticks finish long after the minute they were meant for: alerts come late.',
      metric: own('TickLagMs'),
      threshold: LAG_MS,
      points: 3,
      of: 5,
    },
    {
      id: 'ReadGaps',
      description:
        'firebreak has not been able to read everything for 15 minutes; the tick logs name what and why.',
      metric: own('ReadGaps'),
      threshold: 0,
      points: 15,
      of: 15,
    },
  ];
}

function deliverySpecs({ own, deadLetters }: HealthAlarmsProps): readonly Spec[] {
  return [
    {
      id: 'Undelivered',
      description:
        'firebreak alerts do not get through to some channel. Check the Slack webhook and the topic.',
      metric: own('Undelivered'),
      threshold: 0,
      points: 5,
      of: 5,
    },
    {
      id: 'DeadLetters',
      description: 'firebreak events could not be handed over or failed; they wait in its dead-letter queue.',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(1),
      }),
      threshold: 0,
      points: 1,
      of: 1,
    },
  ];
}

function ceilingSpec({ own }: HealthAlarmsProps): Spec {
  return {
    id: 'Ceiling',
    description:
      'firebreak reads less than it would, to stay below monitorBudgetUsd: some trouble is seen later. See firebreak status.',
    metric: own('MonitorThrift'),
    threshold: 0,
    points: 1,
    of: 1,
  };
}

function handlerSpecs({ others }: HealthAlarmsProps): readonly Spec[] {
  return Object.entries(others).flatMap(([name, fn]) => [
    {
      id: `${name}Errors`,
      description: `firebreak's ${name.toLowerCase()} function fails; see its logs.`,
      metric: fn.metricErrors({ period: Duration.minutes(5) }),
      threshold: 0,
      points: 1,
      of: 1,
    },
    {
      id: `${name}Throttles`,
      description: `firebreak's ${name.toLowerCase()} function is throttled: the account is out of concurrency.`,
      metric: fn.metricThrottles({ period: Duration.minutes(5) }),
      threshold: 0,
      points: 1,
      of: 1,
    },
  ]);
}
