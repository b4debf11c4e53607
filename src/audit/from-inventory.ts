import type { Inventory } from '../model/inventory.ts';
import type { EpochMs } from '../model/time.ts';
import type { AuditSubject } from './subject.ts';

/**
 * What an audit can know from the inventory that a tick reads anyway: functions, mappings and queues. Roles, logs, alarms
 * and invokers are not in it, and every rule that needs them answers "cannot say".
 */
export function auditSubjectOfInventory(inventory: Inventory, readAt: EpochMs): AuditSubject {
  return {
    origin: { kind: 'account', account: inventory.account },
    region: inventory.region,
    readAt,
    accountConcurrencyLimit: inventory.accountConcurrencyLimit,
    functions: inventory.functions.map((fn) => ({
      name: fn.name,
      runtime: fn.runtime,
      memoryMB: fn.memoryMB,
      timeoutSeconds: fn.timeoutSeconds,
      architecture: fn.architecture,
      ephemeralStorageMB: fn.ephemeralStorageMB,
      billing: fn.billing ?? 'on-demand',
      packageBytes: fn.packageBytes,
      reservedConcurrency: fn.reservedConcurrency,
      asyncInvoke: fn.asyncInvoke ?? undefined,
      eventSources: fn.eventSources.map((source) => ({
        id: source.id,
        kind: source.kind,
        source: source.source,
        enabled: source.enabled,
        batchSize: source.batchSize,
        maximumBatchingWindowSeconds: source.maximumBatchingWindowSeconds,
        maximumConcurrency: source.maximumConcurrency,
        partialBatchResponses: source.partialBatchResponses,
        maximumRetryAttempts: source.maximumRetryAttempts,
      })),
    })),
    queues: inventory.queues.map((queue) => ({
      name: queue.name,
      fifo: queue.name.endsWith('.fifo'),
      visibilityTimeoutSeconds: queue.visibilityTimeoutSeconds,
      messageRetentionSeconds: queue.messageRetentionSeconds,
      redrive: queue.redrive,
    })),
    roles: new Map(),
    gaps: [],
  };
}
