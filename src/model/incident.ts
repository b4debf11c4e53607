import type { Amplification, DetectorId, Evidence, Loss } from './finding.ts';
import type { EpochMs } from './time.ts';

/**
 * - `pending`: evidence is emerging; nobody is told.
 * - `open`: a warning (ticket) was sent.
 * - `critical`: worth waking someone for.
 * - `resolved`: quiet for long enough; kept for a while so that a return re-opens it.
 */
export type IncidentState = 'pending' | 'open' | 'critical' | 'resolved';

/** Highest severity reached. `info` sends no alert. */
export type Severity = 'info' | 'warning' | 'critical';

export type Lever = 'disable-event-source' | 'reserved-concurrency-zero' | 'none';

export interface Recommendation {
  readonly lever: Lever;
  /** The command to run, or what to look at where no lever helps. */
  readonly command: string;
}

/** Dollars of one incident. Every figure is an estimate from metrics; `assumptions` says on what it rests. */
export interface Burn {
  /** Spend of its functions now, dollars an hour. */
  readonly usdPerHour: number;
  /** The part of it that is waste, dollars an hour. */
  readonly wastedUsdPerHour: number;
  /** Minutes over which these two are averaged: a whole round, where it comes in rounds. Absent: the newest few. */
  readonly averagedMinutes?: number;
  /** Wasted since onset. */
  readonly wastedUsd: number;
  /** Further waste if nobody acts, until it ends by itself; over 30 days where it never does. */
  readonly projectedUsd: number;
  /** Further waste in the next 24 h if nobody acts: what severity is decided by. */
  readonly projected24hUsd: number;
  /** When it ends by itself; `null`: never. */
  readonly endsAt: EpochMs | null;
  /** Why it ends then, in words. */
  readonly endsBecause: string;
  /** Share of wastedUsd that is measured (Lambda, SQS); the rest comes from assumed downstream dollars. 0..1. */
  readonly measuredShare: number;
  readonly assumptions: readonly string[];
}

/**
 * Totals that no later data can change, and up to when they are accounted. What is newer is estimated anew from the
 * window at each tick, so that a late, repeated or skipped tick changes nothing.
 */
export interface Accounted {
  readonly untilAt: EpochMs;
  readonly wastedUsd: number;
  readonly spentUsd: number;
  readonly received: number;
  readonly deleted: number;
  readonly invocations: number;
}

export interface Incident {
  /** Readable, and stable once it is told: detector, subject and onset minute, e.g. `retry-loop-orders-worker-20261101-0412`. */
  readonly id: string;
  readonly detector: DetectorId;
  /** Everything that was found to have this one cause, its own detector first. */
  readonly detectors: readonly DetectorId[];
  readonly functionName: string | null;
  readonly queueName: string | null;
  /** Name of the budget that it is about; absent: about none. */
  readonly budget?: string;
  readonly functions: readonly string[];
  readonly queues: readonly string[];
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly onsetAt: EpochMs;
  /** Tick of the first evidence. */
  readonly pendingAt: EpochMs;
  /** Tick of the first alert. */
  readonly openedAt: EpochMs | null;
  readonly criticalAt: EpochMs | null;
  readonly resolvedAt: EpochMs | null;
  /** End of the newest minute that showed it. */
  readonly lastEvidenceAt: EpochMs;
  /** Tick at which it was last evaluated. */
  readonly evaluatedAt: EpochMs;
  readonly evidence: readonly Evidence[];
  readonly amplification: Amplification | null;
  /** Delay from onset to first alert in retry cycles (visibility timeouts); `null` where there is no queue. */
  readonly delayInRetryCycles: number | null;
  readonly loss: Loss | null;
  readonly burn: Burn;
  readonly accounted: Accounted;
  readonly recommendation: Recommendation;
  /** Wasted dollars told in the last alert: news is when they double. */
  readonly alertedWastedUsd: number;
  readonly alertedAt: EpochMs | null;
  /** Times it came back after it was resolved. */
  readonly reopened: number;
}
