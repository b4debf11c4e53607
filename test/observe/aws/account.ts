import { HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';
import type { FakeMetric, FakeState } from './fake-aws.ts';
import { mapping, queueArn } from './fake-aws.ts';

/** A tick of the tests; the newest readable minute begins at {@link NEWEST}. */
export const NOW = Date.parse('2026-11-24T12:00:30Z');
export const NEWEST = Date.parse('2026-11-24T11:58:00Z');
/** Two weeks and more before. */
const HISTORY_HOURS = 400;

/** A metric of a function with these values in the minutes up to the newest readable one; `null`: no datapoint. */
export function lambdaMetric(name: string, metric: string, values: readonly (number | null)[]): FakeMetric {
  return { namespace: 'AWS/Lambda', metric, dimensions: { FunctionName: name }, points: upToNewest(values) };
}

/** The same of the whole region. */
export function regionMetric(metric: string, values: readonly (number | null)[]): FakeMetric {
  return { namespace: 'AWS/Lambda', metric, dimensions: {}, points: upToNewest(values) };
}

export function queueMetric(name: string, metric: string, values: readonly (number | null)[]): FakeMetric {
  return { namespace: 'AWS/SQS', metric, dimensions: { QueueName: name }, points: upToNewest(values) };
}

function upToNewest(values: readonly (number | null)[]): ReadonlyMap<number, number> {
  const startAt = NEWEST - (values.length - 1) * MINUTE_MS;
  return new Map(
    values.flatMap((value, i): [number, number][] =>
      value === null ? [] : [[startAt + i * MINUTE_MS, value]],
    ),
  );
}

/** One worker that reads one queue, with a dead-letter queue; nothing published yet. */
export function orders(more: Partial<FakeState> = {}): Partial<FakeState> {
  return {
    functions: [{ name: 'orders-worker' }],
    mappings: [mapping('orders-worker', queueArn('orders'))],
    queues: [{ name: 'orders', deadLetterQueue: 'orders-dlq' }, { name: 'orders-dlq' }],
    ...more,
  };
}

/** The same with minutes and two weeks of hours behind it, repeatable. */
export function busyOrders(): Partial<FakeState> {
  const lambda = ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'];
  const sqs = ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted'];
  return orders({
    metrics: [
      ...lambda.map((metric, i) => lambdaMetric('orders-worker', metric, history(10 - i))),
      ...sqs.map((metric, i) => queueMetric('orders', metric, history(10 - i))),
      queueMetric('orders', 'ApproximateNumberOfMessagesVisible', history(9)),
    ],
  });
}

/** A datapoint every half hour, for some hours more than a baseline needs, and every other minute lately. */
function history(largest: number): readonly (number | null)[] {
  const minutes = (HISTORY_HOURS * HOUR_MS) / MINUTE_MS;
  return Array.from({ length: minutes }, (_, i) =>
    i % 30 === 0 || (i > minutes - 60 && i % 2 === 0) ? (i * 7) % (largest + 1) : null,
  );
}
