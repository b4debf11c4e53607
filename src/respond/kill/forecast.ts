import { formatCount, formatDuration } from '../../model/format.ts';
import type { EventSource, LambdaFunction, Queue } from '../../model/inventory.ts';
import type { Forecast } from '../../model/kill.ts';
import { SECOND_MS } from '../../model/time.ts';
import type { KillQuery } from './query.ts';

/**
 * What each lever would do to the messages that wait, bad ones and good ones alike. A disabled mapping receives nothing, so
 * receive counts stand still. Reserved concurrency 0 alone does not stop the pollers: each receive is throttled and counts,
 * until the redrive policy takes the message (Lambda developer guide, SQS error handling; SQS developer guide, dead-letter
 * queues; 2026). It is a bound: pollers that are throttled slow down, and messages that were received before go sooner.
 */
export function forecastsOf(fn: LambdaFunction, query: KillQuery): readonly Forecast[] {
  return fn.eventSources
    .filter(({ kind, enabled }) => kind === 'sqs' && enabled)
    .flatMap((source) => forQueue(source, query));
}

function forQueue({ source }: EventSource, query: KillQuery): readonly Forecast[] {
  const queue: Queue | undefined = query.inventory.queues.find(({ name }) => name === source);
  if (queue === undefined) return [];
  const { redrive, visibilityTimeoutSeconds } = queue;
  const depth = query.depths?.get(source);
  const waiting = depth === undefined ? null : depth.visible + depth.notVisible;
  const deadLetterQueue = redrive?.deadLetterQueue ?? null;
  return [
    { source, deadLetterQueue, lever: 'disable-event-source', messages: 0, withinMs: null },
    {
      source,
      deadLetterQueue,
      lever: 'reserved-concurrency-zero',
      messages: redrive === null ? 0 : waiting,
      withinMs: redrive === null ? null : redrive.maxReceiveCount * visibilityTimeoutSeconds * SECOND_MS,
    },
  ];
}

/** `Good messages moved to orders-dlq: 0 this way; up to 1,240 within about 3 min with reserved concurrency 0 alone.` */
export function forecastText(forecasts: readonly Forecast[]): readonly string[] {
  return forecasts.flatMap(({ source, deadLetterQueue, lever, messages, withinMs }) => {
    if (lever !== 'reserved-concurrency-zero' || deadLetterQueue === null || withinMs === null) return [];
    const count = messages === null ? `all that wait in ${source}` : `up to ${formatCount(messages)}`;
    return [
      `Good messages moved to ${deadLetterQueue}: 0 this way, since the mapping of ${source} is disabled first; ${count} within about ` +
        `${formatDuration(withinMs)} (maxReceiveCount x visibility timeout) with reserved concurrency 0 alone.`,
    ];
  });
}
