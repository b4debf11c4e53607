import { createRequire } from 'node:module';
import type { Inventory } from '../../../src/model/inventory.ts';
import { type Alarm, alarmsOf } from '../cloudwatch/definition.ts';

/** What the plugin uses of the Serverless Framework. It brings no types that compile. */
interface Serverless {
  readonly service: {
    readonly provider: { readonly name: 'aws'; readonly compiledCloudFormationTemplate: object };
    readonly custom: object;
    readonly resources: object;
    getAllFunctions(): readonly string[];
  };
  readonly cli: { log(text: string): void };
  getProvider(name: 'aws'): object;
}
type Plugin = new (
  serverless: Serverless,
  options: object,
  utilities: { readonly log: object },
) => { createSlicWatchResources(): void };

const require = createRequire(import.meta.url);
const SlicWatch = require('serverless-slic-watch-plugin') as Plugin;

const quiet = () => undefined;
const LOG = { error: quiet, warning: quiet, warn: quiet, notice: quiet, info: quiet, debug: quiet };

/** The alarms that slic-watch adds to a service of these functions and queues with its defaults. */
export function slicWatchAlarms(inventory: Inventory): readonly Alarm[] {
  const template = serviceTemplate(inventory);
  const plugin = new SlicWatch(
    {
      service: {
        provider: { name: 'aws', compiledCloudFormationTemplate: template },
        custom: {},
        resources: {},
        // Functions of serverless.yml may override the defaults; none of these does.
        getAllFunctions: () => [],
      },
      cli: { log: quiet },
      getProvider: () => ({}),
    },
    {},
    { log: LOG },
  );
  plugin.createSlicWatchResources();
  // References are objects of its own until they are written down.
  return alarmsOf(JSON.parse(JSON.stringify(template)));
}

/** What the Serverless Framework compiles a service to, as far as alarms are about it. */
function serviceTemplate({ functions, queues, account, region }: Inventory): object {
  const resources: Record<string, object> = {};
  const queueIds = new Map(queues.map(({ name }, i) => [name, `Queue${i}`]));
  for (const { name } of queues)
    resources[queueIds.get(name) ?? name] = { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } };
  functions.forEach((fn, i) => {
    const id = `Function${i}`;
    resources[id] = {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: fn.name, Timeout: fn.timeoutSeconds, MemorySize: fn.memoryMB },
    };
    fn.eventSources.forEach(({ kind, source }, j) => {
      const queueId = kind === 'sqs' ? queueIds.get(source) : undefined;
      resources[`${id}Source${j}`] = {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          FunctionName: { Ref: id },
          EventSourceArn:
            queueId === undefined
              ? `arn:aws:${kind}:${region}:${account}:stream/${source}`
              : { 'Fn::GetAtt': [queueId, 'Arn'] },
        },
      };
    });
  });
  return { Resources: resources };
}
