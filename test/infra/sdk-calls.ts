import type { Metafile } from 'esbuild';
import { type BundledHandler, bundleHandler } from '../../infra/build/bundle.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** Commands that the SDK brings along and that are not called: a paginator's, and endpoint discovery (off by default). */
const NOT_CALLED = new Set(['dynamodb:Scan', 'dynamodb:DescribeEndpoints']);

/** Client packages and commands that have other names in IAM than in the SDK; `[]`: needs no permission. */
const PREFIXES: Readonly<Record<string, string>> = {
  'cost-explorer': 'ce',
  eventbridge: 'events',
  'secrets-manager': 'secretsmanager',
};
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'lambda:Invoke': ['lambda:InvokeFunction'],
  'sts:GetCallerIdentity': [],
  // Allowed as its parts (DynamoDB developer guide, transactions and IAM, 2026).
  'dynamodb:TransactWriteItems': ['dynamodb:DeleteItem', 'dynamodb:PutItem'],
};

/** IAM actions of every SDK command whose code is in a handler's bundle, after unused code was dropped. */
export async function actionsOf(handler: BundledHandler): Promise<ReadonlySet<string>> {
  const bundled = await bundleHandler(handler, temporaryFolder('bundle'));
  return new Set(commandsIn(bundled).flatMap((command) => ACTIONS[command] ?? [command]));
}

function commandsIn(metafile: Metafile): readonly string[] {
  const [output] = Object.values(metafile.outputs);
  const commands = Object.entries(output?.inputs ?? {}).flatMap(([path, { bytesInOutput }]) => {
    const match = /@aws-sdk\/client-([a-z-]+)\/dist-es\/commands\/(\w+)Command\.js$/.exec(path);
    if (match === null || bytesInOutput === 0) return [];
    const [, service = '', command] = match;
    return [`${PREFIXES[service] ?? service}:${command}`];
  });
  return commands.filter((command) => !NOT_CALLED.has(command));
}
