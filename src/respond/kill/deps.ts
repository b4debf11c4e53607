import { UnavailableError } from '../../model/errors.ts';
import type { KillRecord } from '../../model/kill.ts';
import { type EpochMs, MINUTE_MS, SECOND_MS } from '../../model/time.ts';
import type { Store } from '../../store/store.ts';
import type { KillPort } from './port.ts';

export interface KillDeps {
  readonly store: Pick<Store, 'openKill' | 'kills' | 'createKill' | 'updateKill'>;
  readonly port: KillPort;
  readonly now: () => EpochMs;
  readonly sleep: (ms: number) => Promise<void>;
  /** Hears, a line each, what is being done. */
  readonly progress?: (line: string) => void;
  /** Stops the waiting when the person interrupts; what is begun stays in the record. */
  readonly signal?: AbortSignal;
}

/**
 * How long a setting may take. A mapping usually settles within a minute, sometimes takes minutes (assumption: AWS gives no
 * figure; acceptance tests of the Terraform provider that switch a mapping take two to five, 2026).
 */
const WAIT_MS = 5 * MINUTE_MS;
/** Lambda's control plane allows 15 calls a second for the whole account (Lambda quotas, 2026): look seldom. */
const PAUSES_MS = [1, 1, 2, 3].map((seconds) => seconds * SECOND_MS);
const PAUSE_MAX_MS = 5 * SECOND_MS;
/** Somebody else changed the record while we worked: begin again, this often at most. */
export const ATTEMPTS_MAX = 8;

/** Counts what is slept, so that waiting ends whatever the clock does. */
export interface Patience {
  /** `false`: it has been long enough. */
  wait(): Promise<boolean>;
}

/** @throws UnavailableError from `wait` when the person interrupts. */
export function patience(deps: KillDeps): Patience {
  let sleptMs = 0;
  let pauses = 0;
  return {
    async wait() {
      if (sleptMs >= WAIT_MS) return false;
      const pauseMs = PAUSES_MS[pauses] ?? PAUSE_MAX_MS;
      pauses += 1;
      sleptMs += pauseMs;
      await deps.sleep(pauseMs);
      if (deps.signal?.aborted === true) throw new UnavailableError('interrupted');
      return true;
    },
  };
}

/** Whether the stored record is still the very one that we wrote or read. */
export function isSameRevision(stored: KillRecord | null, ours: KillRecord): stored is KillRecord {
  return stored !== null && stored.id === ours.id && stored.revision === ours.revision;
}
