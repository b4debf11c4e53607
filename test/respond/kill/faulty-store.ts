import { UnavailableError } from '../../../src/model/errors.ts';
import type { KillDeps } from '../../../src/respond/kill/deps.ts';
import { type MemoryData, memoryStore } from '../../../src/store/memory-store.ts';

/** What happens to one call: it fails before or after it took effect. Both are what a crash at that point looks like. */
export type StoreFault = 'before' | 'after' | null;

/** A store whose calls go wrong in that order; then all is well. */
export function faultyStore(data: MemoryData, faults: StoreFault[]): KillDeps['store'] {
  const inner = memoryStore(data);
  const faulty = async <T>(act: () => Promise<T>): Promise<T> => {
    const fault = faults.shift() ?? null;
    if (fault === 'before') throw new UnavailableError('store out of reach');
    const result = await act();
    if (fault === 'after') throw new UnavailableError('answer of the store lost');
    return result;
  };
  return {
    openKill: (functionName) => faulty(() => inner.openKill(functionName)),
    kills: () => faulty(() => inner.kills()),
    createKill: (record) => faulty(() => inner.createKill(record)),
    updateKill: (record) => faulty(() => inner.updateKill(record)),
  };
}
