import type { Inventory } from './inventory.ts';
import type { EpochMs } from './time.ts';

/**
 * One value a minute, index 0 the oldest minute of the window. `NaN`: CloudWatch published no datapoint
 * for that minute (for a counter of an otherwise recorded series: nothing happened, or the point is lost).
 * A series that is `undefined` was not recorded or could not be read: "cannot say", never zero.
 */
export type Series = Float64Array;

/** AWS/Lambda metrics of one function. Counters and Duration are stamped with the start of the invocation. */
export interface FunctionSeries {
  readonly invocations?: Series | undefined;
  readonly errors?: Series | undefined;
  readonly throttles?: Series | undefined;
  /** Duration, statistic Sum, in ms. */
  readonly durationSumMs?: Series | undefined;
  readonly durationAverageMs?: Series | undefined;
  readonly durationMaximumMs?: Series | undefined;
  /** ConcurrentExecutions, statistic Maximum. Not late: running invocations are in it. */
  readonly concurrentExecutions?: Series | undefined;
  readonly asyncEventsReceived?: Series | undefined;
  readonly asyncEventsDropped?: Series | undefined;
  readonly asyncEventAgeMaximumMs?: Series | undefined;
  readonly iteratorAgeMaximumMs?: Series | undefined;
  readonly deadLetterErrors?: Series | undefined;
  readonly recursiveInvocationsDropped?: Series | undefined;
}

/** AWS/SQS metrics of one queue, and the depths that GetQueueAttributes gave at earlier ticks. */
export interface QueueSeries {
  readonly sent?: Series | undefined;
  readonly received?: Series | undefined;
  readonly deleted?: Series | undefined;
  /** ApproximateNumberOfMessagesVisible, Maximum. */
  readonly visible?: Series | undefined;
  /** ApproximateNumberOfMessagesNotVisible, Maximum: in flight, or waiting for the visibility timeout. */
  readonly notVisible?: Series | undefined;
  readonly ageOfOldestSeconds?: Series | undefined;
  /** As `visible`, from GetQueueAttributes: one reading a tick, in the minute of the tick. */
  readonly attributeVisible?: Series | undefined;
  readonly attributeNotVisible?: Series | undefined;
}

/** The newest GetQueueAttributes reading, fresher than any datapoint. */
export interface QueueDepth {
  readonly readAt: EpochMs;
  readonly visible: number;
  readonly notVisible: number;
}

export type MoveTaskStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';

/** A dead-letter queue redrive, as ListMessageMoveTasks reports it. */
export interface MoveTask {
  /** The dead-letter queue that is emptied. */
  readonly queue: string;
  readonly startedAt: EpochMs;
  readonly status: MoveTaskStatus;
  readonly moved: number;
}

/** Something that could not be read this time. It is reported, and never taken for zero. */
export interface ReadGap {
  readonly resource: string;
  readonly operation: string;
  readonly reason: string;
}

/**
 * What one tick sees: the inventory and the newest minutes of every series that are already readable.
 * Every series has `minutes` values; minute `i` starts at `startAt + i * MINUTE_MS`.
 */
export interface Window {
  readonly startAt: EpochMs;
  readonly minutes: number;
  readonly inventory: Inventory;
  readonly functions: ReadonlyMap<string, FunctionSeries>;
  readonly queues: ReadonlyMap<string, QueueSeries>;
  readonly depths: ReadonlyMap<string, QueueDepth>;
  readonly moveTasks: readonly MoveTask[];
  readonly gaps: readonly ReadGap[];
  /**
   * Functions that run and whose turn to be read was not now, with the dollars an hour of their last reading. Absent: all were
   * read. They have no series, which says nothing against them.
   */
  readonly unread?: ReadonlyMap<string, number>;
}

/** Minutes of series in a window: long enough for slow queues, short enough for GetMetricData's fast lane (3 h). */
export const WINDOW_MINUTES = 180;
