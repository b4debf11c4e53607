import type { Baselines, FunctionBaseline, QueueBaseline } from '../../src/model/baseline.ts';
import type { EventSource, LambdaFunction, Queue } from '../../src/model/inventory.ts';
import type { FunctionSeries, QueueSeries, Window } from '../../src/model/window.ts';
import { perWindow } from './per-window.ts';

/** A function that reads a queue, with everything known about the pair. */
export interface Consumer {
  readonly fn: LambdaFunction;
  readonly source: EventSource;
  readonly queue: Queue;
  readonly lambda: FunctionSeries;
  readonly sqs: QueueSeries;
  /** Absent: the function or queue has no history. */
  readonly functionBaseline: FunctionBaseline | undefined;
  readonly queueBaseline: QueueBaseline | undefined;
  /** Series of its dead-letter queue, where there is one and it could be read. */
  readonly deadLetter: QueueSeries | undefined;
}

const EMPTY = {};

/**
 * Every pair of an SQS event source mapping. Disabled ones too: what runs when a mapping is disabled runs to its end and is
 * billed, and belongs to the incident.
 */
export const consumersOf = perWindow(findConsumers);

function findConsumers(window: Window, baselines: Baselines): readonly Consumer[] {
  const queues = new Map(window.inventory.queues.map((queue) => [queue.name, queue]));
  const consumers: Consumer[] = [];
  for (const fn of window.inventory.functions) {
    for (const source of fn.eventSources) {
      if (source.kind !== 'sqs') continue;
      const queue = queues.get(source.source);
      if (queue === undefined) continue;
      const deadLetterName = queue.redrive?.deadLetterQueue;
      consumers.push({
        fn,
        source,
        queue,
        lambda: window.functions.get(fn.name) ?? EMPTY,
        sqs: window.queues.get(queue.name) ?? EMPTY,
        functionBaseline: baselines.functions.get(fn.name),
        queueBaseline: baselines.queues.get(queue.name),
        deadLetter: deadLetterName === undefined ? undefined : window.queues.get(deadLetterName),
      });
    }
  }
  return consumers;
}

const NONE: readonly Consumer[] = [];

/** The same, of one function. */
export function consumersOfFunction(
  { name }: LambdaFunction,
  window: Window,
  baselines: Baselines,
): readonly Consumer[] {
  return byFunction(window, baselines).get(name) ?? NONE;
}

const byFunction = perWindow((window, baselines): ReadonlyMap<string, readonly Consumer[]> => {
  const consumers = new Map<string, Consumer[]>();
  for (const consumer of consumersOf(window, baselines)) {
    const { name } = consumer.fn;
    const known = consumers.get(name);
    if (known === undefined) consumers.set(name, [consumer]);
    else known.push(consumer);
  }
  return consumers;
});

/** Names of the functions whose enabled mappings read a queue. */
export function consumersOfQueue(name: string, { inventory }: Window): string[] {
  return inventory.functions
    .filter(({ eventSources }) =>
      eventSources.some(({ kind, source, enabled }) => kind === 'sqs' && enabled && source === name),
    )
    .map((fn) => fn.name);
}
