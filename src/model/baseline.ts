import type { Calibration, MonthGbSeconds } from './bill.ts';
import type { BudgetSpend } from './budget.ts';
import type { EpochMs } from './time.ts';

/**
 * What is normal for one function, from whole hours before the window (up to 14 days). Hours within an open incident
 * of the function are left out, and figures are robust, so that a runaway never becomes its own baseline.
 */
export interface FunctionBaseline {
  /** Hours with at least one invocation that went into it. 0: no history, detectors use their priors. */
  readonly activeHours: number;
  /** Hours in all, quiet ones included. */
  readonly hours: number;
  /** Whether all of it, or nearly, is a weekend: then it does not say what is usual once that is over. */
  readonly isOfWeekend: boolean;
  /** Invocations per active hour: median. */
  readonly invocationsPerHour: number;
  /** Errors / Invocations over all hours, and its 95th percentile over active hours; 0..1. */
  readonly errorShare: number;
  readonly errorShareP95: number;
  /** Throttles / (Throttles + Invocations) over all hours; 0..1. */
  readonly throttleShare: number;
  /** Mean and median-of-hours of the average Duration in ms; NaN without data. */
  readonly durationMs: number;
  /** 95th percentile over hours of the hourly average Duration, ms; NaN without data. */
  readonly durationP95Ms: number;
  /** 95th percentile over hours of the hourly Maximum Duration, ms; NaN without data. */
  readonly durationMaximumP95Ms: number;
  /** Per hour of the day (24 values, UTC): median of the hourly Maximum of ConcurrentExecutions; NaN without data. */
  readonly concurrencyByHour: Float64Array;
  /** Per hour of the day (24 values, UTC): median of Invocations in that hour; NaN without data. */
  readonly invocationsByHour: Float64Array;
  /** Per hour of the day (24 values, UTC): median of GB-seconds in that hour; NaN without data. */
  readonly gbSecondsByHour: Float64Array;
  /** Highest hourly Invocations, GB-seconds and concurrency of normal hours. */
  readonly invocationsMaximum: number;
  readonly gbSecondsMaximum: number;
  readonly concurrencyMaximum: number;
}

export interface QueueBaseline {
  readonly activeHours: number;
  readonly hours: number;
  readonly isOfWeekend: boolean;
  /** max(0, Received - Deleted) / Received over all hours; 0..1. */
  readonly failedReceiveShare: number;
  readonly failedReceiveShareP95: number;
  /** Sent per active hour: median, and the highest hour. */
  readonly sentPerHour: number;
  readonly sentMaximum: number;
  /** For a dead-letter queue: arrivals an hour, from growth of its depth and deletes; median and highest hour. */
  readonly arrivalsPerHour: number;
  readonly arrivalsMaximum: number;
}

/** Normal behaviour of a whole inventory. A name that is absent has no history yet. */
export interface Baselines {
  readonly builtAt: EpochMs;
  readonly functions: ReadonlyMap<string, FunctionBaseline>;
  readonly queues: ReadonlyMap<string, QueueBaseline>;
  /** What each budget has spent. Absent: none is set. */
  readonly budgets?: readonly BudgetSpend[];
  /** How far firebreak's dollars were from the bill of late. Absent: no bill was read. */
  readonly calibration?: Calibration;
  /** GB-seconds of the running month on the bill. Absent: no bill of this month was read. */
  readonly monthGbSeconds?: MonthGbSeconds;
}
