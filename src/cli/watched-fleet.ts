import type { EpochMs } from '../model/time.ts';
import type { InventoryRead } from '../observe/aws/inventory.ts';
import { readingPlan } from '../observe/aws/reading-plan.ts';
import type { Watched } from '../price/monitor-pace.ts';
import type { Fleet } from '../price/monitor-plan.ts';

/** An account's functions, as far as the price of watching them depends on it. */
export function watchedFleet(
  { inventory, memory }: Pick<InventoryRead, 'inventory' | 'memory'>,
  now: EpochMs,
): { readonly fleet: Fleet; readonly watched: readonly Watched[] } {
  const { watched } = readingPlan(inventory, memory, { now, thrift: 0 });
  const active = watched.filter(({ isActive }) => isActive).length;
  const fleet = {
    functions: inventory.functions.length,
    queues: inventory.queues.length,
    activeShare: watched.length === 0 ? 0 : active / watched.length,
  };
  return { fleet, watched };
}
