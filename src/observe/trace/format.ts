import type { Inventory } from '../../model/inventory.ts';
import type { EpochMs } from '../../model/time.ts';
import type { FunctionSeries, MoveTask, QueueSeries, Series } from '../../model/window.ts';

/** Until tick `untilTick` (exclusive) the datapoint of `period` lacked `value` (Sum), or showed it (`NaN`: nothing). */
export interface LateEntry {
  readonly period: number;
  readonly untilTick: number;
  readonly value: number;
}

export interface TraceSeries {
  readonly additive: boolean;
  readonly final: Series;
  readonly late: readonly LateEntry[];
}

export type FunctionMetric = keyof FunctionSeries;
export type QueueMetric = keyof QueueSeries;

/** A recorded trace, parsed: `firebreak-trace/1`. */
export interface Trace {
  readonly inventory: Inventory;
  readonly startAt: EpochMs;
  readonly periods: number;
  readonly publishDelayMs: number;
  readonly functions: ReadonlyMap<string, Partial<Record<FunctionMetric, TraceSeries>>>;
  readonly queues: ReadonlyMap<string, Partial<Record<QueueMetric, TraceSeries>>>;
  readonly moveTasks: readonly MoveTask[];
  /** Series that were recorded, for the bill of reading them. */
  readonly seriesCount: number;
}

/** `metric/stat` of a trace series to its place in the model. */
export const FUNCTION_METRICS: Readonly<Record<string, FunctionMetric>> = {
  'Invocations/Sum': 'invocations',
  'Errors/Sum': 'errors',
  'Throttles/Sum': 'throttles',
  'Duration/Sum': 'durationSumMs',
  'Duration/Average': 'durationAverageMs',
  'Duration/Maximum': 'durationMaximumMs',
  'ConcurrentExecutions/Maximum': 'concurrentExecutions',
  'AsyncEventsReceived/Sum': 'asyncEventsReceived',
  'AsyncEventsDropped/Sum': 'asyncEventsDropped',
  'AsyncEventAge/Maximum': 'asyncEventAgeMaximumMs',
  'IteratorAge/Maximum': 'iteratorAgeMaximumMs',
  'DeadLetterErrors/Sum': 'deadLetterErrors',
  'RecursiveInvocationsDropped/Sum': 'recursiveInvocationsDropped',
};

export const QUEUE_METRICS: Readonly<Record<string, QueueMetric>> = {
  'NumberOfMessagesSent/Sum': 'sent',
  'NumberOfMessagesReceived/Sum': 'received',
  'NumberOfMessagesDeleted/Sum': 'deleted',
  'ApproximateNumberOfMessagesVisible/Maximum': 'visible',
  'ApproximateNumberOfMessagesNotVisible/Maximum': 'notVisible',
  'ApproximateAgeOfOldestMessage/Maximum': 'ageOfOldestSeconds',
};

/** The same depths as GetQueueAttributes gave them at the tick, namespace `firebreak/SQS`. */
export const ATTRIBUTE_METRICS: Readonly<Record<string, QueueMetric>> = {
  'ApproximateNumberOfMessagesVisible/Maximum': 'attributeVisible',
  'ApproximateNumberOfMessagesNotVisible/Maximum': 'attributeNotVisible',
};
