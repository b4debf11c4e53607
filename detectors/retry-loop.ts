import type { Finding } from '../src/model/finding.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Series, Window } from '../src/model/window.ts';
import { NATS_TO_OPEN, type RateTests, rateTests } from '../src/stats/sequential.ts';
import type { Detector } from './detector.ts';
import { type Attempts, attemptsOf, healthyDurationMs } from './evidence/attempts.ts';
import { coldShare } from './evidence/cold-share.ts';
import { type Consumer, consumersOf } from './evidence/consumer.ts';
import { failureEpisode } from './evidence/failure-episode.ts';
import { hasHistory } from './evidence/history.ts';
import { isQuiet } from './evidence/quiet.ts';
import { amplificationOf, evidenceOf, lossOf, selfEndOf } from './evidence/retry-loop-evidence.ts';
import { retryRoundMinutes } from './evidence/retry-rounds.ts';
import { usualShare } from './evidence/shares.ts';
import { wastedShareOf } from './evidence/wasted-share.ts';

/**
 * Retry loop: a queue's messages fail, come back after the visibility timeout, and every attempt is billed in full.
 *
 * It hides in four disguises: the handler throws (Errors), it times out (Errors and Duration come minutes late), it
 * reports partial batch failures (Errors stays 0), or it is throttled (neither Errors nor Invocations). What all share
 * is on the queue: more is received than deleted, and what is sent does not explain it. Where Errors is complete it is
 * exact and is used; elsewhere Received minus Deleted is.
 *
 * A sequential test on the failed share of delivery attempts, against the function's own history, turns weak minutes
 * into one decision of a known false-alarm rate; that a bad deploy of some minutes does not open it is decided apart.
 *
 * Known to look alike and left alone: a deploy that fails for some minutes, a backlog being worked off, a spike that is
 * throttled and recovers, a function that has always failed as often as now, a minute without datapoints.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const retryLoop: Detector = {
  id: 'retry-loop',
  doc: 'Messages fail, return to their queue and are tried again; every attempt is billed.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Errors/Sum',
    'AWS/Lambda/Throttles/Sum',
    'AWS/Lambda/Duration/Sum',
    'AWS/Lambda/ConcurrentExecutions/Maximum',
    'AWS/Lambda/Duration/Maximum',
    'AWS/SQS/NumberOfMessagesReceived/Sum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
    'AWS/SQS/ApproximateNumberOfMessagesNotVisible/Maximum',
  ],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    for (const consumer of consumersOf(window, baselines)) {
      const finding = evaluateConsumer(consumer, window);
      if (finding !== null) findings.push(finding);
    }
    return findings;
  },
};

/** Deploys and dependency hiccups fail for up to this long and recover by themselves (assumption). */
const BLIP_MINUTES = 6;

function evaluateConsumer(consumer: Consumer, window: Window): Finding | null {
  if (isQuiet(consumer, window.minutes)) return null;
  const data = attemptsOf(consumer, window.minutes);
  const episode = failureEpisode(data, {
    tests: testFor(consumer, data),
    quietMinutes: quietMinutesOf(consumer),
    isSilenceFailing: areSeveral(consumer, data),
    running: runsThatAreShort(consumer, window.minutes),
  });
  if (episode === null) return null;
  const { fn, queue } = consumer;
  const onsetAt = window.startAt + episode.onsetMinute * MINUTE_MS;
  const roundMinutes = retryRoundMinutes(consumer, data, episode);
  return {
    detector: 'retry-loop',
    functions: [fn.name],
    queues: [queue.name],
    onsetAt,
    lastEvidenceAt: window.startAt + (episode.lastFailingMinute + 1) * MINUTE_MS,
    nats: episode.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: episode.persistenceMinutes,
    isOngoing: episode.isOngoing,
    blipMinutes: BLIP_MINUTES,
    wastedShare: wastedShareOf(consumer, data, episode),
    amplification: amplificationOf(consumer, episode, window.minutes),
    loss: lossOf(consumer, episode, window),
    selfEnd: selfEndOf(consumer),
    ...(roundMinutes === null ? {} : { roundMinutes }),
    evidence: evidenceOf(consumer, { episode, data, window }),
  };
}

function testFor({ functionBaseline, queueBaseline, source }: Consumer, data: Attempts): RateTests {
  if (!hasHistory(functionBaseline)) return rateTests(coldShare(data));
  const errors = usualShare({
    mean: functionBaseline.errorShare,
    p95: functionBaseline.errorShareP95,
    attempts: functionBaseline.invocationsPerHour * functionBaseline.activeHours,
  });
  const throttled = functionBaseline.throttleShare;
  const returned =
    source.partialBatchResponses && queueBaseline !== undefined
      ? usualShare({
          mean: queueBaseline.failedReceiveShare,
          p95: queueBaseline.failedReceiveShareP95,
          attempts: queueBaseline.sentPerHour * queueBaseline.activeHours,
        })
      : 0;
  return rateTests(Math.max(errors + throttled, returned));
}

/** Quiet minutes before an episode can be over, at least; a retry cycle of the queue where that is longer. */
const QUIET_MINUTES_MIN = 5;

function quietMinutesOf({ queue, fn }: Consumer): number {
  return Math.max(
    QUIET_MINUTES_MIN,
    Math.ceil((queue.visibilityTimeoutSeconds + fn.timeoutSeconds) / 60) + 1,
  );
}

/** A run that takes so many times as long as usual, and minutes, hangs. */
const HANGING_MULTIPLE = 3;

/** Runs at once; absent: one takes minutes as a rule, so that nothing is known of those that began long before. */
function runsThatAreShort(consumer: Consumer, minutes: number): Series | undefined {
  const isShort = healthyDurationMs(consumer, minutes) * HANGING_MULTIPLE <= MINUTE_MS;
  return isShort ? consumer.lambda.concurrentExecutions : undefined;
}

/** Up to so many receives, as AWS advises, a message that cannot be processed is set aside before it costs anything. */
const FEW_RECEIVES = 5;

/** Two, less what is counted in the minute after. */
const MORE_THAN_ONE = 1.5;

/**
 * Whether it is more than one message that is tried until it is dead-lettered, which every queue sees now and then. A
 * message comes back after the visibility timeout: failures nearer to each other are of different messages.
 */
function areSeveral({ queue }: Consumer, { failed }: Attempts): boolean {
  if ((queue.redrive?.maxReceiveCount ?? Number.POSITIVE_INFINITY) > FEW_RECEIVES) return true;
  const reach = Math.floor(queue.visibilityTimeoutSeconds / 60);
  let within = 0;
  for (let i = 0; i < failed.length; i++) {
    within += Math.max(0, failed[i] as number);
    if (i >= reach) within -= Math.max(0, failed[i - reach] as number);
    if (reach > 0 && within >= MORE_THAN_ONE) return true;
  }
  return false;
}
