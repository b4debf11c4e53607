import type { Inventory, LambdaFunction } from '../model/inventory.ts';
import type { World } from './state.ts';

/** What exists, with the settings as they are now. */
export function readInventory(world: World): Inventory {
  const { scenario } = world;
  const tellsAge = scenario.recordLastModified ?? true;
  const enabled = new Map<string, boolean>();
  for (const source of world.sources) enabled.set(source.id, source.enabled);
  for (const { source } of world.shards) enabled.set(source.id, source.enabled);
  return {
    account: scenario.account,
    region: scenario.region,
    functions: world.functions.map(
      ({ spec, reserved, lastModifiedAt }): LambdaFunction => ({
        name: spec.name,
        memoryMB: spec.memoryMB,
        timeoutSeconds: spec.timeoutSeconds,
        architecture: spec.architecture,
        ephemeralStorageMB: spec.ephemeralStorageMB,
        reservedConcurrency: reserved < 0 ? null : reserved,
        tags: spec.tags,
        eventSources: spec.eventSources.map((source) => ({
          ...source,
          enabled: enabled.get(source.id) ?? true,
        })),
        asyncInvoke: spec.asyncInvoke,
        ...(tellsAge && lastModifiedAt !== undefined ? { lastModifiedAt } : {}),
        ...(spec.runtime === undefined ? {} : { runtime: spec.runtime }),
        ...(spec.packageBytes === undefined ? {} : { packageBytes: spec.packageBytes }),
      }),
    ),
    queues: world.queues.map(({ spec, visibilityMs }) => ({
      name: spec.name,
      visibilityTimeoutSeconds: visibilityMs / 1000,
      messageRetentionSeconds: spec.messageRetentionSeconds,
      redrive: spec.redrive,
    })),
    ...(scenario.accountConcurrencyLimit === undefined
      ? {}
      : { accountConcurrencyLimit: scenario.accountConcurrencyLimit }),
  };
}
