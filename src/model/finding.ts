import type { EpochMs } from './time.ts';
import type { Series } from './window.ts';

/** Public ids of the detectors: they are in alerts, traces and docs, and never change. */
export const DETECTOR_IDS = [
  'retry-loop',
  'concurrency-runaway',
  'duration-regression',
  'error-storm',
  'throttle-storm',
  'dead-letter-flood',
  'redrive-ping-pong',
  'stream-poison-record',
  'async-retry-storm',
  'recursion',
  'visibility-loop',
  'traffic-amplification',
  'cost-anomaly',
  'budget-burn-rate',
] as const;
export type DetectorId = (typeof DETECTOR_IDS)[number];

/** One piece of evidence: a stable kind for machines, one plain sentence for people. */
export interface Evidence {
  readonly kind: string;
  readonly text: string;
}

/** Retry amplification: how much work is done per unit of work wanted. `null`: cannot be said from what is readable. */
export interface Amplification {
  /** NumberOfMessagesReceived / NumberOfMessagesDeleted since onset; `Infinity` where nothing was deleted. */
  readonly receivesPerDelete: number | null;
  /** Invocations / distinct units of work since onset. */
  readonly invocationsPerUnit: number | null;
}

/** Messages that are being lost while this goes on. */
export interface Loss {
  /** Messages moved to a dead-letter queue (or dropped) since onset, beyond what is normal. */
  readonly lost: number;
  /** The same per hour, now. */
  readonly lostPerHour: number;
  /** Earliest instant at which messages expire unprocessed; `null`: none foreseen. */
  readonly expiresAt: EpochMs | null;
}

/** What ends the waste by itself. */
export type SelfEnd =
  | { readonly kind: 'never' }
  /** Nothing ends it, and each new unit of work adds to it for good: the waste grows as it has since then. */
  | { readonly kind: 'accumulating'; readonly sinceAt: EpochMs }
  /** Each message is tried this many times and then dead-lettered; new ones keep coming. */
  | { readonly kind: 'dead-letter-queue'; readonly attempts: number }
  /** Each message is retried until retention. */
  | { readonly kind: 'retention'; readonly afterSeconds: number }
  /** It stops once the backlog is worked off. */
  | { readonly kind: 'drained'; readonly afterSeconds: number };

/** How fast a budget is spent. */
export interface BudgetBurn {
  readonly name: string;
  /** Whether it is about many functions, whichever they are, and not about one. */
  readonly isOfMany: boolean;
  /** Spent in the window that decided, as a multiple of what the budget allows for such a time. */
  readonly pace: number;
  /** When nothing is left of it at that pace; `null`: nothing is left now. */
  readonly goneAt: EpochMs | null;
}

/** What a detector found: one failure, on one function and (or) one queue. Money and severity are decided elsewhere. */
export interface Finding {
  readonly detector: DetectorId;
  /** Functions it is about, the main one first; empty where only a queue is concerned. */
  readonly functions: readonly string[];
  /** Queues it is about, the main one first. */
  readonly queues: readonly string[];
  /** Estimate of when it began. */
  readonly onsetAt: EpochMs;
  /** End of the newest minute that still shows it. */
  readonly lastEvidenceAt: EpochMs;
  /** Evidence in nats (log-likelihood ratio) that this is no chance; capped by the detector. */
  readonly nats: number;
  /** The detector's own threshold for `nats`, from its stated false-alarm rate. */
  readonly natsToOpen: number;
  /**
   * Minutes' worth of trouble seen, each minute weighted 0..1 by how bad it was: what tells a loop from a blip.
   * `decide` weighs it against the money at stake.
   */
  readonly persistenceMinutes: number;
  /** Whether it is still going on at the end of the window; `false`: the newest minutes look healthy. */
  readonly isOngoing: boolean;
  /** How long harmless trouble of this kind usually lasts at the most: persistence below it may be a blip. */
  readonly blipMinutes: number;
  /**
   * Share of the function's spend that is waste, 0..1, per minute of the window (by start of the invocation);
   * `null`: it wastes no compute.
   */
  readonly wastedShare: Series | null;
  readonly amplification: Amplification | null;
  readonly loss: Loss | null;
  readonly selfEnd: SelfEnd;
  /** Whether it is work that is done and succeeds, and may be wanted: only a person can say. Absent: no. */
  readonly mayBeWanted?: boolean;
  /** Whether no more than a backlog being worked off may be behind it. Absent: it cannot say. */
  readonly mayBeBacklog?: boolean;
  /** How far apart its rounds are, where it comes in rounds, with quiet between them. Absent: it goes on without a pause. */
  readonly roundMinutes?: number;
  /** The budget that is burnt; absent: it is about no budget. */
  readonly budget?: BudgetBurn;
  /** Strongest first, in plain words. */
  readonly evidence: readonly Evidence[];
}
