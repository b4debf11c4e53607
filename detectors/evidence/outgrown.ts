import type { Evidence, Loss } from '../../src/model/finding.ts';
import { formatCount, formatDuration } from '../../src/model/format.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import { rateTests } from '../../src/stats/sequential.ts';
import { last, sum } from '../../src/stats/series.ts';
import type { Consumer } from './consumer.ts';
import { type Episode, failureEpisode } from './failure-episode.ts';

/**
 * More arrives at a queue than the concurrency of its consumer can process, and the rest adds up. Pollers slow down where
 * they are throttled, so that few attempts are refused, and the throttles alone say little of it.
 */
export interface Outgrown {
  readonly episode: Episode;
  readonly loss: Loss | null;
  /** Minutes that what waits would take if no more than usual arrived from now on. */
  readonly drainMinutes: number;
  readonly evidence: Evidence;
}

/** Share of what arrives that may be left at the end of a minute: it is counted in the next. */
const USUAL_LEFT_SHARE = 0.1;

/** Minutes over which what is left must come down before it is over. */
const QUIET_MINUTES = 15;

/** `null`: what arrives is processed, or nothing is refused. */
export function outgrown(consumer: Consumer, window: Window): Outgrown | null {
  const { sqs, lambda } = consumer;
  const { sent, deleted } = sqs;
  const { throttles } = lambda;
  if (sent === undefined || deleted === undefined || throttles === undefined) return null;
  const { minutes } = window;
  const data = {
    unit: 'receives' as const,
    together: 1,
    attempts: Float64Array.from(sent, (count) => count || 0),
    // Less than nothing is left where a backlog is being worked off: that speaks against it.
    failed: Float64Array.from(sent, (count, i) =>
      (throttles[i] as number) > 0 ? count - (deleted[i] || 0) || 0 : 0,
    ),
  };
  const episode = failureEpisode(data, {
    tests: rateTests(USUAL_LEFT_SHARE),
    quietMinutes: QUIET_MINUTES,
    isSilenceFailing: false,
  });
  if (episode === null) return null;
  const from = Math.floor(episode.onsetMinute);
  const rate = (counts: typeof sent) => sum(counts, from, minutes) / (minutes - from);
  const perMinute = { sent: rate(sent), deleted: rate(deleted) };
  const waiting = last(sqs.visible) || 0;
  const usualPerMinute = (consumer.queueBaseline?.sentPerHour ?? 0) / 60;
  return {
    episode,
    loss: lossOf(consumer, perMinute, window),
    drainMinutes: waiting / Math.max(1, perMinute.deleted - usualPerMinute),
    evidence: {
      kind: 'outgrown',
      text: `${formatCount(perMinute.sent)} messages a minute arrive at ${consumer.queue.name} and ${formatCount(perMinute.deleted)} are processed: ${formatCount(waiting)} wait${workOf(waiting / perMinute.deleted)}`,
    },
  };
}

/** What waits, in time: only where anything is processed and it is more than a few minutes of that. */
function workOf(minutes: number): string {
  return minutes >= TOLD_MINUTES && Number.isFinite(minutes)
    ? `, ${formatDuration(minutes * MINUTE_MS)} of work`
    : '';
}

const TOLD_MINUTES = 5;

/** A message waits for as long as it takes to process all that wait before it; in the end that is longer than it is kept. */
function lossOf(
  { queue, sqs }: Consumer,
  perMinute: { readonly sent: number; readonly deleted: number },
  { startAt, minutes }: Window,
): Loss | null {
  const growth = perMinute.sent - perMinute.deleted;
  if (growth <= 0) return null;
  const most = (perMinute.deleted * queue.messageRetentionSeconds) / 60;
  const minutesLeft = Math.max(0, most - (last(sqs.visible) || 0)) / growth;
  return { lost: 0, lostPerHour: 0, expiresAt: Math.round(startAt + (minutes + minutesLeft) * MINUTE_MS) };
}
