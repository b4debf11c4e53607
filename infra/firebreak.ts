import { CustomResource, Duration, Names, RemovalPolicy } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { checkProps } from './check-props.ts';
import { MonitorDashboard } from './dashboard.ts';
import { createHandlers, type Handlers } from './handlers.ts';
import { HealthAlarms } from './health-alarms.ts';
import { sendToHub } from './hub.ts';
import { ownMetrics } from './own-metrics.ts';
import type { FirebreakProps } from './props.ts';
import { SCHEDULES, Schedules } from './schedules.ts';
import { ShardedTick } from './sharding.ts';
import { createTable } from './table.ts';
import { createTopics } from './topics.ts';

/**
 * firebreak, watching the account and region it is deployed to.
 *
 * A tick each minute reads, decides and alerts; a survey each hour learns what is normal; once a day the bill is
 * compared. Nothing deployed can change anything of yours unless `killSwitch` lets it.
 *
 * @example new Firebreak(stack, 'Firebreak', { alertEmails: ['oncall@example.com'] });
 */
export class Firebreak extends Construct {
  /** Where alerts go. */
  readonly alertTopic: ITopic;
  /** Where firebreak says that it is itself silent or failing. */
  readonly healthTopic: ITopic;
  /** Every transition of an incident, as an event. */
  readonly eventBus: EventBus;
  /** Incidents, kill records, baselines. */
  readonly table: Table;
  /** Events that could not be handed to a function, or that it failed on. */
  readonly deadLetters: Queue;
  /** Looks each minute, decides and alerts. */
  readonly tickFunction: IFunction;
  /** Learns each hour what is normal. */
  readonly surveyFunction: IFunction;
  /** `undefined` unless Cost Explorer is read. */
  readonly costFunction: IFunction | undefined;
  /** `undefined` unless the kill switch may act. */
  readonly killFunction: IFunction | undefined;

  constructor(scope: Construct, id: string, props: FirebreakProps = {}) {
    super(scope, id);
    checkProps(props);
    this.deadLetters = createDeadLetters(this);
    const topics = createTopics(this, props, this.deadLetters);
    this.alertTopic = topics.alerts;
    this.healthTopic = topics.health;
    this.eventBus = new EventBus(this, 'Bus', { description: 'firebreak: every transition of an incident' });
    this.table = createTable(this, props);
    const monitor = Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });
    const handlers = createHandlers(this, props, {
      topics,
      bus: this.eventBus,
      table: this.table,
      deadLetters: this.deadLetters,
      monitor,
    });
    this.tickFunction = handlers.tick.fn;
    this.surveyFunction = handlers.survey.fn;
    this.costFunction = handlers.cost?.fn;
    this.killFunction = handlers.kill?.fn;
    const sharded = shardTicks(this, props, handlers);
    this.schedule(handlers, sharded);
    this.watchItself(handlers, sharded, { monitor, props });
    if (props.hubBusArn !== undefined) {
      sendToHub(this, { bus: this.eventBus, hubBusArn: props.hubBusArn, deadLetters: this.deadLetters });
    }
    if (handlers.kill !== null) this.guardDeletion(handlers.kill.fn);
  }

  /**
   * A stack that can stop functions is not deleted while some are stopped. It depends on all the rest, so it is made last and
   * asked first: refused, nothing else is gone.
   */
  private guardDeletion(kill: IFunction): void {
    const others = [...this.node.children];
    const guard = new CustomResource(this, 'DeletionGuard', {
      resourceType: 'Custom::FirebreakDeletionGuard',
      serviceToken: kill.functionArn,
      // A kill function that does not answer must not hold up a deployment for the hour that is the default.
      serviceTimeout: Duration.minutes(5),
    });
    guard.node.addDependency(...others);
  }

  private schedule({ tick, survey, cost }: Handlers, sharded: ShardedTick | null): void {
    const specs = [
      { ...SCHEDULES.tick, id: 'Tick', description: 'firebreak: watch', target: sharded ?? tick.fn },
      { ...SCHEDULES.survey, id: 'Survey', description: 'firebreak: learn', target: survey.fn },
      ...(cost === null
        ? []
        : [
            {
              ...SCHEDULES.cost,
              id: 'Cost',
              description: 'firebreak: compare with the bill',
              target: cost.fn,
            },
          ]),
    ];
    new Schedules(this, 'Schedules', specs, this.deadLetters);
  }

  private watchItself(
    { tick, shard, survey, cost, kill }: Handlers,
    sharded: ShardedTick | null,
    { monitor, props }: { readonly monitor: string; readonly props: FirebreakProps },
  ): void {
    const own = ownMetrics(monitor);
    const { alarms } = new HealthAlarms(this, 'HealthAlarms', {
      own,
      tick: tick.fn,
      stateMachineArn: sharded?.stateMachineArn ?? null,
      others: {
        ...(shard === null ? {} : { Shard: shard.fn }),
        Survey: survey.fn,
        ...(cost === null ? {} : { Cost: cost.fn }),
        ...(kill === null ? {} : { Kill: kill.fn }),
      },
      deadLetters: this.deadLetters,
      hasCeiling: props.monitorBudgetUsd !== undefined,
      health: this.healthTopic,
      alerts: this.alertTopic,
    });
    if (props.dashboard === false) return;
    const handlers = [tick, shard, survey, cost, kill].filter((handler) => handler !== null);
    new MonitorDashboard(this, 'Monitor', { own, alarms, handlers });
  }
}

/** `null`: one invocation reads, decides and tells. */
function shardTicks(
  scope: Construct,
  { maximumShards, tracing = true }: FirebreakProps,
  { tick, shard }: Handlers,
): ShardedTick | null {
  if (maximumShards === undefined || shard === null) return null;
  return new ShardedTick(scope, 'ShardedTick', {
    ...{ tick: tick.fn, shard: shard.fn, shardsMax: maximumShards, tracing },
  });
}

function createDeadLetters(scope: Construct): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    retentionPeriod: Duration.days(14),
    enforceSSL: true,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  acknowledge(queue, {
    'AwsSolutions-SQS3': 'It is itself the dead-letter queue.',
    'Serverless-SQSRedrivePolicy': 'It is itself the dead-letter queue.',
  });
  return queue;
}
