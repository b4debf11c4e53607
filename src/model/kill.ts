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
  | { readonly kind: 'reserved-concurrency-zero'; readonly priorReservedConcurrency: number | null }
  /** Set by a canary alone, never by a kill: how many copies the mapping may run at once. `null`: as many as it likes. */
  | {
      readonly kind: 'limit-event-source';
      readonly eventSourceId: string;
      readonly source: string;
      readonly priorMaximumConcurrency: number | null;
    };

/**
 * Copies at once while a restore is tried out: the least that a mapping can be limited to (ScalingConfig.MaximumConcurrency,
 * 2 to 1,000; Lambda API reference, 2026).
 */
export const CANARY_CONCURRENCY = 2;

/** A restore that is tried out with little before everything comes back. */
export interface Canary {
  /** When the mapping ran again; `null`: not at present. */
  readonly startedAt: EpochMs | null;
  /** Without a sign of the loop until then, everything is put back. */
  readonly watchUntilAt: EpochMs | null;
  /** How often it was stopped again since the first kill: each doubles the wait before the next try. */
  readonly failures: number;
}

/** What a lever would do to the messages that wait in a queue. */
export interface Forecast {
  readonly source: string;
  readonly deadLetterQueue: string | null;
  readonly lever: Exclude<Lever, 'none'>;
  /** Messages that it would move to the dead-letter queue, good ones too; `null`: nobody knows how many wait. */
  readonly messages: number | null;
  /** Within about which time; `null`: none is moved. */
  readonly withinMs: number | null;
}

/** What a kill would do, shown before it does it. */
export interface KillPlan {
  readonly functionName: string;
  readonly account: string;
  readonly region: string;
  readonly lever: Lever;
  readonly steps: readonly KillStep[];
  /** What it means for callers and messages, a sentence each. */
  readonly consequences: readonly string[];
  /** Of each lever, for each queue: the one of the plan, and the one that it spares. */
  readonly forecasts: readonly Forecast[];
  /** Reasons for which it is refused; empty: it may go ahead. */
  readonly refusals: readonly string[];
}

/**
 * `recorded` is written before anything is touched; `killed` after it was verified; `canary-starting` before a restore is
 * tried out, `canary` once it runs; `restored` after the prior state was read back. A record that stays at `recorded`,
 * `canary-starting` or `restoring` is a half-done act: running the command again finishes it.
 */
export type KillState = 'recorded' | 'killed' | 'canary-starting' | 'canary' | 'restoring' | 'restored';

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
  /** Absent: a restore was never tried out since the kill. */
  readonly canary?: Canary;
}

/** `requestedBy` of what firebreak does by itself. */
export const AUTOMATIC = 'firebreak, automatically';

/** Functions of firebreak itself carry this tag, whatever its value; the kill switch never touches them. */
export const OWN_FUNCTION_TAG = 'firebreak:component';

/** What `decide` asks for where the automatic kill switch is enabled. */
export interface KillRequest {
  readonly incidentId: string;
  readonly functionName: string;
  readonly lever: Lever;
  readonly reason: string;
}

/**
 * What the watch over stopped functions asks for: a restore is to be tried out, made whole, or taken back. `stop` also finishes
 * a kill that was cut off.
 */
export interface CanaryStep {
  readonly functionName: string;
  /** The kill it is about: of another one it would be out of date. */
  readonly killId: string;
  readonly act: 'start' | 'finish' | 'stop';
  readonly reason: string;
}
