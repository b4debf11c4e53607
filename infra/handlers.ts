import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { VARIABLES } from '../src/handlers/variables.ts';
import { shippedHandlers } from './handler-code.ts';
import { HandlerFunction, type HandlerFunctionProps } from './handler-function.ts';
import { readForKill, stopAndRestore } from './kill-permissions.ts';
import {
  invoke,
  notify,
  type Permission,
  readAccount,
  readCost,
  readFunctions,
  readMetrics,
  readQueues,
  useReadings,
  useTable,
} from './permissions.ts';
import type { FirebreakProps, KillSwitchProps } from './props.ts';
import { settingsJson } from './settings.ts';
import type { Topics } from './topics.ts';

export interface Shared {
  readonly topics: Topics;
  readonly bus: EventBus;
  readonly table: Table;
  readonly deadLetters: IQueue;
  /** Name of this deployment, the dimension of its metrics. */
  readonly monitor: string;
}

export interface Handlers {
  readonly tick: HandlerFunction;
  /** `null` unless the reading may be spread over shards. */
  readonly shard: HandlerFunction | null;
  readonly survey: HandlerFunction;
  /** `null` unless Cost Explorer is read. */
  readonly cost: HandlerFunction | null;
  /** `null` unless the kill switch may act. */
  readonly kill: HandlerFunction | null;
}

/**
 * Two ticks may overlap for a moment; kills follow one another, so that their limits hold; of a survey or a look at the bill there
 * is never more than one.
 */
const TICKS_AT_ONCE = 2;
const KILLS_AT_ONCE = 1;
const SURVEYS_AT_ONCE = 1;
const COSTS_AT_ONCE = 1;

/** What every function is made from. */
interface Making {
  readonly scope: Construct;
  readonly props: FirebreakProps;
  readonly shared: Shared;
  readonly common: Common;
}
type Common = Pick<
  HandlerFunctionProps,
  'code' | 'environment' | 'tracing' | 'logRetention' | 'eventAge' | 'failures' | 'reservedConcurrency'
>;

/** firebreak's own functions, each with the least that its job needs. */
export function createHandlers(scope: Construct, props: FirebreakProps, shared: Shared): Handlers {
  const making = { scope, props, shared, common: commonProps(props, shared) };
  const mode = props.killSwitch?.mode;
  const kill =
    mode === 'approve' || mode === 'auto' ? createKill(making, { mode, ...props.killSwitch }) : null;
  return {
    tick: createTick(making, mode === 'auto' ? kill : null),
    shard: props.maximumShards === undefined ? null : createShard(making),
    survey: createSurvey(making),
    cost: props.costExplorer === false ? null : createCost(making),
    kill,
  };
}

function commonProps(props: FirebreakProps, shared: Shared): Common {
  return {
    code: props.handlerCode ?? shippedHandlers(),
    tracing: props.tracing ?? true,
    logRetention: props.logRetention,
    eventAge: Duration.seconds(120),
    failures: shared.deadLetters,
    reservedConcurrency: null,
    environment: {
      [VARIABLES.monitor]: shared.monitor,
      [VARIABLES.config]: settingsJson(props),
      [VARIABLES.table]: shared.table.tableName,
      [VARIABLES.alertTopicArn]: shared.topics.alerts.topicArn,
      [VARIABLES.eventBus]: shared.bus.eventBusName,
      ...(props.slackWebhookSecret === undefined
        ? {}
        : { [VARIABLES.slackSecretArn]: props.slackWebhookSecret.secretArn }),
    },
  };
}

/** `killer`: the function that carries out what the tick decides; `null`: nothing may. */
function createTick(
  { scope, props, shared, common }: Making,
  killer: HandlerFunction | null,
): HandlerFunction {
  const { topics, bus, table } = shared;
  const slackSecret = props.slackWebhookSecret;
  return new HandlerFunction(scope, 'Tick', {
    ...common,
    module: 'tick',
    description: 'firebreak: reads the newest minutes, decides, alerts',
    memoryMB: props.tickMemoryMB ?? 512,
    // The next tick comes after 60 s: one that takes longer is of no use to anybody.
    timeout: Duration.seconds(55),
    eventAge: Duration.seconds(60),
    failures: null,
    reservedConcurrency: reserved(props, TICKS_AT_ONCE),
    environment: {
      ...common.environment,
      ...(killer === null ? {} : { [VARIABLES.killFunction]: killer.fn.functionName }),
      ...(props.maximumShards === undefined ? {} : { [VARIABLES.shards]: String(props.maximumShards) }),
    },
    permissions: [
      ...readFleet(scope, props),
      useTable(table),
      ...notify({ scope, topic: topics.alerts, key: topics.key, bus, slackSecret }),
      ...(killer === null ? [] : [invoke([killer.fn])]),
    ],
  });
}

function createShard({ scope, shared, common }: Making): HandlerFunction {
  return new HandlerFunction(scope, 'Shard', {
    ...common,
    module: 'shard',
    description: 'firebreak: reads a part of a large fleet for the tick',
    memoryMB: 512,
    timeout: Duration.seconds(40),
    eventAge: Duration.seconds(60),
    failures: null,
    permissions: [readMetrics(), readQueues(scope, ['sqs:GetQueueAttributes']), ...useReadings(shared.table)],
  });
}

function createSurvey({ scope, props, shared, common }: Making): HandlerFunction {
  return new HandlerFunction(scope, 'Survey', {
    ...common,
    module: 'survey',
    description: 'firebreak: learns what is normal',
    memoryMB: 1_024,
    timeout: Duration.minutes(14),
    reservedConcurrency: reserved(props, SURVEYS_AT_ONCE),
    permissions: [...readFleet(scope, props), useTable(shared.table)],
  });
}

function createCost({ scope, props, shared, common }: Making): HandlerFunction {
  const { topics, bus, table } = shared;
  const slackSecret = props.slackWebhookSecret;
  return new HandlerFunction(scope, 'Cost', {
    ...common,
    module: 'cost',
    description: 'firebreak: tells what rose on the bill, and compares its dollars with it',
    memoryMB: 512,
    timeout: Duration.minutes(5),
    reservedConcurrency: reserved(props, COSTS_AT_ONCE),
    permissions: [
      readCost(),
      useTable(table),
      ...notify({ scope, topic: topics.alerts, key: topics.key, bus, slackSecret }),
    ],
  });
}

function createKill({ scope, props, shared, common }: Making, kill: KillSwitchProps): HandlerFunction {
  return new HandlerFunction(scope, 'Kill', {
    ...common,
    module: 'kill',
    description: 'firebreak: stops a function that opted in, and puts it back',
    memoryMB: 256,
    // A mapping may take minutes to switch, and there may be several.
    timeout: Duration.minutes(14),
    reservedConcurrency: reserved(props, KILLS_AT_ONCE),
    permissions: [
      ...readForKill(scope, props.allowGetFunction ?? false),
      ...stopAndRestore(scope, kill),
      useTable(shared.table),
    ],
  });
}

function reserved({ reserveConcurrency = true }: FirebreakProps, executions: number): number | null {
  return reserveConcurrency ? executions : null;
}

function readFleet(scope: Construct, props: FirebreakProps): readonly Permission[] {
  return [
    readAccount(),
    readFunctions(scope, props.allowGetFunction ?? false),
    readQueues(scope, ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ListMessageMoveTasks']),
  ];
}
