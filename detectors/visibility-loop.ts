import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount, formatDuration } from '../src/model/format.ts';
import { MINUTE_MS, SECOND_MS } from '../src/model/time.ts';
import type { Series, Window } from '../src/model/window.ts';
import { NATS_TO_OPEN, rateTests } from '../src/stats/sequential.ts';
import { last, maximum, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import type { Attempts } from './evidence/attempts.ts';
import { type Consumer, consumersOf } from './evidence/consumer.ts';
import { type Episode, failureEpisode } from './evidence/failure-episode.ts';
import { ERROR_SHARE_MAX, type SlowRuns, slowRuns } from './evidence/slow-runs.ts';

/**
 * Visibility loop: a run takes longer than the queue's visibility timeout, so its messages are delivered again while it is
 * still at work. Every run succeeds, Errors is 0, and each message is processed two, three or more times.
 *
 * Two facts must meet. Duration above the visibility timeout alone is harmless where the handler extends it. More Received
 * than Sent and backlog explain is a retry loop where runs fail. Deletes say nothing: a late one may be counted twice, or
 * not count at all. A sequential test on the redelivered share turns the second fact into a decision.
 *
 * Left alone: a backlog being worked off, slow runs below the timeout, heartbeats that extend it, failing runs.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export const visibilityLoop: Detector = {
  id: 'visibility-loop',
  doc: 'Runs outlast the visibility timeout: every message is processed again and again, and nothing fails.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Errors/Sum',
    'AWS/Lambda/Duration/Sum',
    'AWS/Lambda/Duration/Maximum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
    'AWS/SQS/NumberOfMessagesReceived/Sum',
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/ApproximateNumberOfMessagesNotVisible/Maximum',
  ],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    for (const consumer of consumersOf(window, baselines)) {
      const slow = slowRuns(consumer, window.minutes);
      const found = slow === null ? null : evaluateConsumer(consumer, slow, window);
      if (found !== null) findings.push(found);
    }
    return findings;
  },
};

/** A dependency that is slow for some minutes makes a few messages come twice, and is gone. */
const BLIP_MINUTES = 6;

/** Redelivered share that no queue is above: SQS delivers at least once, rarely more (assumption). */
const USUAL_SHARE = 0.03;

function evaluateConsumer(consumer: Consumer, slow: SlowRuns, window: Window): Finding | null {
  const { fn, queue, lambda } = consumer;
  const data = redeliveries(consumer, slow, window.minutes);
  if (data === null) return null;
  const quietMinutes = 2 * Math.ceil(queue.visibilityTimeoutSeconds / 60) + 3;
  const episode = failureEpisode(data, {
    tests: rateTests(USUAL_SHARE),
    quietMinutes,
    isSilenceFailing: false,
  });
  if (episode === null) return null;
  const from = Math.floor(episode.onsetMinute);
  const runsFrom = Math.min(from, slow.first);
  if (sum(lambda.errors, runsFrom) > ERROR_SHARE_MAX * sum(lambda.invocations, runsFrom)) return null;
  // What comes again first was received a visibility timeout earlier.
  const receivedMinute = episode.onsetMinute - queue.visibilityTimeoutSeconds / 60;
  const onsetMinute = Math.max(0, Math.min(episode.onsetMinute, Math.max(slow.first, receivedMinute)));
  return {
    detector: 'visibility-loop',
    functions: [fn.name],
    queues: [queue.name],
    onsetAt: window.startAt + onsetMinute * MINUTE_MS,
    lastEvidenceAt: window.startAt + (episode.lastFailingMinute + 1) * MINUTE_MS,
    nats: episode.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: episode.persistenceMinutes,
    isOngoing: episode.isOngoing,
    blipMinutes: BLIP_MINUTES,
    wastedShare: redeliveredShares(data),
    amplification: amplificationOf(consumer, from),
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: evidenceOf(consumer, episode, window),
  };
}

/**
 * Deliveries in each minute, and those that neither new messages nor a backlog worked off explain. Only while runs outlast
 * the timeout, and until the last of them is back. `null`: the queue's counts cannot be read.
 */
function redeliveries({ sqs }: Consumer, slow: SlowRuns, minutes: number): Attempts | null {
  const { sent, received, visible } = sqs;
  if (sent === undefined || received === undefined) return null;
  const to = Math.min(minutes, slow.until);
  const attempts = new Float64Array(minutes);
  const failed = new Float64Array(minutes);
  let carried = 0;
  let depth = visible?.[Math.max(0, slow.first - 1)] || 0;
  for (let i = slow.first; i < to; i++) {
    const count = received[i] as number;
    if (Number.isNaN(count)) continue;
    const waiting = visible === undefined ? 0 : (visible[i] as number);
    const workedOff = Number.isNaN(waiting) ? 0 : depth - waiting;
    if (!Number.isNaN(waiting)) depth = waiting;
    // What a minute has too few (a batching window, a delay) the next ones may have too many.
    const again = count - (sent[i] || 0) - workedOff + carried;
    carried = Math.min(0, again);
    attempts[i] = count;
    failed[i] = Math.min(count, Math.max(0, again));
  }
  return { attempts, failed, unit: 'receives', together: 1 };
}

/** Minutes before and after over which deliveries are averaged. */
const SMOOTH_MINUTES = 5;

function redeliveredShares({ attempts, failed }: Attempts): Series {
  const minutes = attempts.length;
  return attempts.map((_, i) => {
    const from = Math.max(0, Math.min(i, minutes - SMOOTH_MINUTES) - SMOOTH_MINUTES);
    const to = Math.min(minutes, i + SMOOTH_MINUTES + 1);
    const tried = sum(attempts, from, to);
    return tried > 0 ? Math.min(1, sum(failed, from, to) / tried) : 0;
  });
}

function amplificationOf({ sqs, lambda }: Consumer, from: number): Finding['amplification'] {
  const sent = sum(sqs.sent, from);
  const deleted = sum(sqs.deleted, from);
  return {
    receivesPerDelete: sqs.deleted === undefined ? null : sum(sqs.received, from) / deleted,
    invocationsPerUnit: sent > 0 ? sum(lambda.invocations, from) / sent : null,
  };
}

function evidenceOf({ fn, lambda, sqs, queue }: Consumer, episode: Episode, window: Window): Evidence[] {
  const from = Math.floor(episode.onsetMinute);
  const runs = sum(lambda.invocations, from);
  const averageMs = sum(lambda.durationSumMs, from) / runs;
  const longestMs = maximum(lambda.durationMaximumMs, from);
  const took = formatDuration(runs > 0 && averageMs > 0 ? averageMs : longestMs);
  const timeoutMs = queue.visibilityTimeoutSeconds * SECOND_MS;
  const timeout = formatDuration(timeoutMs);
  const isLonger = Math.max(averageMs || 0, longestMs || 0) > timeoutMs;
  const lines: Evidence[] = [
    {
      kind: 'outlasts-visibility',
      text: isLonger
        ? `${fn.name} takes ${took} on average, the visibility timeout of ${queue.name} is ${timeout}: messages are delivered again while it works on them`
        : `${fn.name} takes ${took} on average, and fewer messages of ${queue.name} are in flight than it works on: its visibility timeout is shorter than the ${timeout} it was`,
    },
    {
      kind: 'redelivered',
      text: `${formatCount(sum(sqs.received, from))} messages received, ${formatCount(sum(sqs.sent, from))} sent; ${formatCount(sum(lambda.errors, from))} invocations failed`,
    },
  ];
  const waiting = last(sqs.notVisible, window.minutes);
  if (waiting > 0) lines.push({ kind: 'in-flight', text: `${formatCount(waiting)} messages in flight` });
  return lines;
}
