import { createRequire } from 'node:module';
import type { Inventory } from '../../../src/model/inventory.ts';
import { type Alarm, alarmsOf } from '../cloudwatch/definition.ts';
import { accountStack } from './account-stack.ts';

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
  const template = accountStack(inventory).synthesize() as object;
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
