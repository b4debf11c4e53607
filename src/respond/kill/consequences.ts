import { formatCount, formatDuration } from '../../model/format.ts';
import type { EventSource, LambdaFunction, Queue } from '../../model/inventory.ts';
import { SECOND_MS, utcText } from '../../model/time.ts';
import { forecastsOf, forecastText } from './forecast.ts';
import type { KillQuery } from './query.ts';
import { isChange } from './settings.ts';

/**
 * What a kill means for messages, callers and the bill, a sentence each, the most important first. The facts are those of
 * the Lambda developer guide (with-sqs, invocation-async, configuration-concurrency) and the SQS developer guide, 2026.
 */
export function consequencesOf(fn: LambdaFunction, query: KillQuery, isHard: boolean): readonly string[] {
  const enabled = fn.eventSources.filter((source) => source.enabled);
  const stoppedByUs = new Set(
    query.open?.steps.flatMap((step) =>
      isChange(step) && step.kind === 'disable-event-source' ? [step.eventSourceId] : [],
    ),
  );
  const isAllStopped =
    isHard || query.open?.steps.some(({ kind }) => kind === 'reserved-concurrency-zero') === true;
  return [
    ...enabled.map((source) => waiting(source, query)),
    ...enabled.flatMap((source) => sharedWith(source, query)),
    ...(isHard ? hardConsequences(fn) : []),
    ...forecastText(forecastsOf(fn, query)),
    `Invocations that are running finish and are billed: up to ${formatDuration(fn.timeoutSeconds * SECOND_MS)} each.`,
    ...(isAllStopped
      ? []
      : [
          `Nothing else that calls ${fn.name} is stopped: direct and asynchronous invocations, APIs and schedules go on. --hard stops those too.`,
        ]),
    ...fn.eventSources
      .filter(({ id, enabled: isEnabled }) => !isEnabled && !stoppedByUs.has(id))
      .map(({ source }) => `The mapping of ${source} is disabled already, and stays so after restore.`),
  ];
}

/** Who else is touched: another reader of a queue goes on, and gets what this one no longer takes. */
function sharedWith({ kind, source }: EventSource, { alsoReading }: KillQuery): readonly string[] {
  const others = alsoReading?.get(source) ?? [];
  if (others.length === 0) return [];
  const shown = others.slice(0, OTHERS_SHOWN).join(', ');
  const more = others.length > OTHERS_SHOWN ? ` and ${others.length - OTHERS_SHOWN} more` : '';
  const effect = kind === 'sqs' ? 'what waits goes there instead' : 'as before';
  const verbs = others.length === 1 ? ['reads', 'goes'] : ['read', 'go'];
  return [`${shown}${more} ${verbs[0]} ${source} too, and ${verbs[1]} on: ${effect}.`];
}

const OTHERS_SHOWN = 5;

function waiting(source: EventSource, query: KillQuery): string {
  if (source.kind !== 'sqs') {
    return (
      `Records wait in ${source.source}; restored, reading goes on where it stopped. They expire with the retention of the ` +
      `stream: 24 h for DynamoDB, 24 h or what was set for Kinesis.`
    );
  }
  const queue = queueOf(source, query);
  const depth = query.depths?.get(source.source);
  const count =
    depth === undefined
      ? ''
      : ` (${formatCount(depth.visible + depth.notVisible)} now, ${formatCount(depth.notVisible)} of them in flight)`;
  if (queue === null) {
    return `Messages wait in ${source.source}${count}; its retention could not be read: they expire when that ends.`;
  }
  const retentionMs = queue.messageRetentionSeconds * SECOND_MS;
  return (
    `Messages wait in ${source.source}${count}, untouched. None is lost before its retention of ` +
    `${formatDuration(retentionMs)} ends: one that arrives now expires at ${utcText(query.now + retentionMs)}, older ones earlier.`
  );
}

function hardConsequences(fn: LambdaFunction): readonly string[] {
  return [
    `Every caller of ${fn.name} gets 429 TooManyRequestsException until it is restored.`,
    asyncConsequence(fn),
  ];
}

function asyncConsequence({ asyncInvoke }: LambdaFunction): string {
  const begin = 'Asynchronous events are not retried but go at once to';
  if (asyncInvoke?.onFailure != null) return `${begin} ${asyncInvoke.onFailure}.`;
  return `${begin} the dead-letter queue or on-failure destination; where there is none, they are dropped.`;
}

function queueOf(source: EventSource, { inventory }: KillQuery): Queue | null {
  return inventory.queues.find(({ name }) => name === source.source) ?? null;
}
