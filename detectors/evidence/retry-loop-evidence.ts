import type { Amplification, Evidence, Loss, SelfEnd } from '../../src/model/finding.ts';
import { formatCount, formatDuration } from '../../src/model/format.ts';
import { MINUTE_MS, SECOND_MS } from '../../src/model/time.ts';
import type { QueueSeries, Window } from '../../src/model/window.ts';
import { last, maximum, sum } from '../../src/stats/series.ts';
import type { Attempts } from './attempts.ts';
import { throttledBy } from './concurrency-pool.ts';
import type { Consumer } from './consumer.ts';
import { deadLetterFlow } from './dead-letter-arrivals.ts';
import type { Episode } from './failure-episode.ts';
import { percent } from './shares.ts';
import { hasTimedOut } from './timed-out.ts';

/** Receives per delete and invocations per distinct message since onset, as far back as the window goes. */
export function amplificationOf(consumer: Consumer, episode: Episode, minutes: number): Amplification {
  const from = Math.floor(episode.onsetMinute);
  const { received, deleted, sent } = consumer.sqs;
  const receivedSum = sum(received, from, minutes);
  const deletedSum = sum(deleted, from, minutes);
  const distinct = sum(sent, from, minutes) + depthAt(consumer.sqs, from);
  const invoked = sum(consumer.lambda.invocations, from, minutes);
  const isSeen = received !== undefined && deleted !== undefined && receivedSum > 0;
  return {
    receivesPerDelete: isSeen ? receivedSum / deletedSum : null,
    invocationsPerUnit: sent !== undefined && distinct > 0 && invoked > 0 ? invoked / distinct : null,
  };
}

function depthAt(sqs: QueueSeries, minute: number): number {
  return (sqs.visible?.[minute] || 0) + (sqs.notVisible?.[minute] || 0);
}

/** Messages that reached the dead-letter queue since onset. */
export function lossOf(consumer: Consumer, episode: Episode, window: Window): Loss | null {
  const { queue, deadLetter } = consumer;
  const from = Math.floor(episode.onsetMinute);
  const expiresAt = queue.redrive === null ? expiryOf(consumer, episode, window) : null;
  const flow = deadLetter === undefined ? null : deadLetterFlow(deadLetter, window.minutes);
  if (flow === null) return expiresAt === null ? null : { lost: 0, lostPerHour: 0, expiresAt };
  const lastHour = Math.max(from, window.minutes - 60);
  const lately = sum(flow.arrived, lastHour);
  return {
    lost: sum(flow.arrived, from),
    lostPerHour: (lately * 60) / Math.max(1, window.minutes - lastHour),
    expiresAt,
  };
}

function expiryOf(consumer: Consumer, episode: Episode, window: Window): number | null {
  const retentionMs = consumer.queue.messageRetentionSeconds * SECOND_MS;
  return window.startAt + episode.onsetMinute * MINUTE_MS + retentionMs;
}

export function selfEndOf({ queue }: Consumer): SelfEnd {
  return queue.redrive === null
    ? { kind: 'retention', afterSeconds: queue.messageRetentionSeconds }
    : { kind: 'dead-letter-queue', attempts: queue.redrive.maxReceiveCount };
}

/** What it rests on, strongest first, in plain words. */
export function evidenceOf(
  consumer: Consumer,
  seen: { readonly episode: Episode; readonly data: Attempts; readonly window: Window },
): Evidence[] {
  const { episode, window } = seen;
  const lines = [failing(consumer, episode, seen.data.unit), disguise(consumer, episode, window)];
  lines.push(...amplified(consumer, episode, window), ...inFlight(consumer, episode, window));
  lines.push(...configuration(consumer));
  return lines.filter((line) => line !== null);
}

function failing(consumer: Consumer, episode: Episode, unit: Attempts['unit']): Evidence {
  const usual = consumer.functionBaseline;
  const compared = usual === undefined ? 'no history yet' : `usually ${percent(usual.errorShare)}`;
  const what = unit === 'receives' ? 'deliveries' : 'invocations';
  return {
    kind: 'failed-share',
    text: `${percent(episode.failedShare)} of ${what} fail (${formatCount(Math.round(episode.failed))} of ${formatCount(Math.round(episode.attempts))}; ${compared})`,
  };
}

/** Which of the disguises it wears. */
function disguise({ lambda, source, fn }: Consumer, episode: Episode, window: Window): Evidence | null {
  const from = Math.floor(episode.onsetMinute);
  const throttles = sum(lambda.throttles, from);
  const errors = sum(lambda.errors, from);
  const longestMs = maximum(lambda.durationMaximumMs, from);
  if (throttles > errors && throttles > 0) {
    return {
      kind: 'throttled',
      text: `${formatCount(throttles)} deliveries were throttled by ${throttledBy(fn)}: messages are received, not processed, and return`,
    };
  }
  if (hasTimedOut(fn, longestMs)) {
    return {
      kind: 'timeout',
      text: `invocations run into the timeout of ${formatDuration(fn.timeoutSeconds * 1000)}: each attempt is billed in full`,
    };
  }
  if (errors > 0) return { kind: 'errors', text: `${formatCount(errors)} invocations ended in an error` };
  if (source.partialBatchResponses) {
    return {
      kind: 'partial-batch',
      text: 'Errors is 0: the handler reports failed messages in partial batch responses',
    };
  }
  const running = last(lambda.concurrentExecutions, window.minutes);
  return running > 0
    ? {
        kind: 'still-running',
        text: `${formatCount(running)} invocations are still running; their result is not known yet`,
      }
    : null;
}

function amplified(consumer: Consumer, episode: Episode, window: Window): Evidence[] {
  const { receivesPerDelete } = amplificationOf(consumer, episode, window.minutes);
  if (receivesPerDelete === null) return [];
  const from = Math.floor(episode.onsetMinute);
  const received = formatCount(sum(consumer.sqs.received, from));
  const deleted = formatCount(sum(consumer.sqs.deleted, from));
  const factor = Number.isFinite(receivesPerDelete)
    ? ` (${receivesPerDelete.toFixed(1)} receives per delete)`
    : '';
  return [
    { kind: 'retry-amplification', text: `${received} messages received, ${deleted} deleted${factor}` },
  ];
}

function inFlight(consumer: Consumer, episode: Episode, window: Window): Evidence[] {
  const before = consumer.sqs.notVisible?.[Math.max(0, Math.floor(episode.onsetMinute) - 1)] || 0;
  const now = last(consumer.sqs.notVisible, window.minutes);
  if (!(now > 2 * before + 1)) return [];
  const timeout = formatDuration(consumer.queue.visibilityTimeoutSeconds * SECOND_MS);
  return [
    {
      kind: 'in-flight',
      text: `${formatCount(now)} messages in flight, up from ${formatCount(before)}: they return after the visibility timeout of ${timeout}`,
    },
  ];
}

/** Settings that make it worse, known before anything failed. */
function configuration({ queue, fn }: Consumer): Evidence[] {
  const lines: Evidence[] = [];
  if (queue.redrive === null) {
    const retention = formatDuration(queue.messageRetentionSeconds * SECOND_MS);
    lines.push({
      kind: 'no-redrive-policy',
      text: `${queue.name} has no dead-letter queue: each message is retried for up to ${retention}`,
    });
  } else if (queue.redrive.maxReceiveCount >= ABSURD_RECEIVE_COUNT) {
    lines.push({
      kind: 'high-receive-count',
      text: `maxReceiveCount is ${queue.redrive.maxReceiveCount}: each message is tried that often`,
    });
  }
  if (queue.visibilityTimeoutSeconds < 6 * fn.timeoutSeconds) {
    lines.push({
      kind: 'short-visibility',
      text: `visibility timeout ${queue.visibilityTimeoutSeconds} s is below six times the function timeout of ${fn.timeoutSeconds} s`,
    });
  }
  return lines;
}

/** AWS advises 5 or a little more for Lambda consumers (services-sqs-configure, 2026); ten times that is a loop. */
const ABSURD_RECEIVE_COUNT = 50;
