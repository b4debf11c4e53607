import type { Lever } from './incident.ts';
import type { EpochMs } from './time.ts';

/** A setting that the kill switch changes, with the value it found. `null` concurrency: there was no reservation. */
export type KillStep =
  | {
      readonly kind: 'disable-event-source';
      readonly eventSourceId: string;
      readonly source: string;
      readonly priorEnabled: boolean;
    }
  | { readonly kind: 'reserved-concurrency-zero'; readonly priorReservedConcurrency: number | null };

/** What a kill would do, shown before it does it. */
export interface KillPlan {
  readonly functionName: string;
  readonly account: string;
  readonly region: string;
  readonly lever: Lever;
  readonly steps: readonly KillStep[];
  /** What it means for callers and messages, a sentence each. */
  readonly consequences: readonly string[];
  /** Reasons for which it is refused; empty: it may go ahead. */
  readonly refusals: readonly string[];
}

/**
 * `recorded` is written before anything is touched; `killed` after it was verified; `restored` after the prior state
 * was read back. A record that stays at `recorded` or `restoring` is a half-done act: running the command again finishes it.
 */
export type KillState = 'recorded' | 'killed' | 'restoring' | 'restored';

export interface KillRecord {
  readonly id: string;
  /** 1 when it is written first, one more with every change: whoever changes an outdated copy is told so. */
  readonly revision: number;
  readonly functionName: string;
  readonly account: string;
  readonly region: string;
  readonly state: KillState;
  readonly lever: Lever;
  readonly steps: readonly KillStep[];
  readonly incidentId: string | null;
  readonly requestedBy: string;
  readonly reason: string;
  readonly recordedAt: EpochMs;
  readonly killedAt: EpochMs | null;
  readonly restoredAt: EpochMs | null;
}

/** Functions of firebreak itself carry this tag, whatever its value; the kill switch never touches them. */
export const OWN_FUNCTION_TAG = 'firebreak:component';

/** What `decide` asks for where the automatic kill switch is enabled. */
export interface KillRequest {
  readonly incidentId: string;
  readonly functionName: string;
  readonly lever: Lever;
  readonly reason: string;
}
