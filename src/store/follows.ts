import type { KillRecord } from '../model/kill.ts';

/** Whether `next` was made from `stored`, so that nobody's change in between is lost. A restored record is final. */
export function follows(next: KillRecord, stored: KillRecord): boolean {
  return stored.state !== 'restored' && next.id === stored.id && next.revision === stored.revision + 1;
}
