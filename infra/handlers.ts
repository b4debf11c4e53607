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
  readFleet,
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
  readonly survey: HandlerFunction;
  /** `null` unless Cost Explorer is read. */
  readonly cost: HandlerFunction | null;
  /** `null` unless the kill switch may act. */
  readonly kill: HandlerFunction | null;
}

/** Two ticks may overlap for a moment; kills follow one another, so that their limits hold. */
const TICKS_AT_ONCE = 2;
const KILLS_AT_ONCE = 1;

/** firebreak's own functions, each with the least that its job needs. */
export function createHandlers(scope: Construct, props: FirebreakProps, shared: Shared): Handlers {
  const common = commonProps(props, shared);
  const reserve = props.reserveConcurrency ?? true;
  const kill = mayAct(props.killSwitch) ? createKill(scope, props.killSwitch, shared, common, reserve) : null;
  const killer = props.killSwitch?.mode === 'auto' ? kill : null;
  const tick = new HandlerFunction(scope, 'Tick', {
    ...common,
    module: 'tick',
    description: 'firebreak: reads the newest minutes, decides, alerts',
    memoryMB: props.tickMemoryMB ?? 512,
    // The next tick comes after 60 s: one that takes longer is of no use to anybody.
    timeout: Duration.seconds(55),
    eventAge: Duration.seconds(60),
    failures: null,
    reservedConcurrency: reserve ? TICKS_AT_ONCE : null,
    environment: {
      ...common.environment,
      ...(killer === null ? {} : { [VARIABLES.killFunction]: killer.fn.functionName }),
    },
    permissions: [
      readAccount(),
      ...readFleet(scope, props.allowGetFunction ?? false),
      ...tell(scope, props, shared),
      ...(killer === null ? [] : [invoke([killer.fn])]),
    ],
  });
  const survey = new HandlerFunction(scope, 'Survey', {
    ...common,
    module: 'survey',
    description: 'firebreak: learns what is normal',
    memoryMB: 1_024,
    timeout: Duration.minutes(10),
    permissions: [
      readAccount(),
      ...readFleet(scope, props.allowGetFunction ?? false),
      useTable(shared.table),
    ],
  });
  return { tick, survey, cost: createCost(scope, props, common), kill };
}

type Common = Pick<
  HandlerFunctionProps,
  'code' | 'environment' | 'tracing' | 'logRetention' | 'eventAge' | 'failures' | 'reservedConcurrency'
>;

function commonProps(props: FirebreakProps, shared: Shared): Common {
  return {
    code: props.handlerCode ?? shippedHandlers(),
    tracing: props.tracing ?? true,
    logRetention: props.logRetention,
    eventAge: Duration.seconds(120),
    failures: shared.deadLetters,
    reservedConcurrency: null,
    environment: {
      NODE_OPTIONS: '--enable-source-maps',
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

function createCost(scope: Construct, props: FirebreakProps, common: Common): HandlerFunction | null {
  if (props.costExplorer === false) return null;
  return new HandlerFunction(scope, 'Cost', {
    ...common,
    module: 'cost',
    description: 'firebreak: compares its dollars with the bill',
    memoryMB: 256,
    timeout: Duration.minutes(2),
    permissions: [readCost()],
  });
}

function createKill(
  scope: Construct,
  kill: KillSwitchProps,
  shared: Shared,
  common: Common,
  reserve: boolean,
): HandlerFunction {
  return new HandlerFunction(scope, 'Kill', {
    ...common,
    module: 'kill',
    description: 'firebreak: stops a function that opted in, and puts it back',
    memoryMB: 256,
    timeout: Duration.minutes(5),
    reservedConcurrency: reserve ? KILLS_AT_ONCE : null,
    permissions: [...readForKill(scope), ...stopAndRestore(scope, kill), useTable(shared.table)],
  });
}

function tell(scope: Construct, props: FirebreakProps, shared: Shared): readonly Permission[] {
  return [
    useTable(shared.table),
    ...notify({
      scope,
      topic: shared.topics.alerts,
      key: shared.topics.key,
      bus: shared.bus,
      slackSecret: props.slackWebhookSecret,
    }),
  ];
}

function mayAct(kill: KillSwitchProps | undefined): kill is KillSwitchProps {
  return kill?.mode === 'approve' || kill?.mode === 'auto';
}
