import type { Evidence, Finding, Loss } from '../src/model/finding.ts';
import { formatCount, formatDuration } from '../src/model/format.ts';
import { MINUTE_MS, SECOND_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { last, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import {
  deployEvidence,
  type ErrorEpisode,
  errorEpisode,
  errorShares,
  failingEvidence,
  type Invoked,
  invokedBy,
} from './evidence/invoked.ts';

/**
 * Asynchronous retry storm: events fail, and Lambda invokes the function again for each, one and two minutes later, so
 * that up to three invocations are paid per event; then the event is dropped unless a destination takes it. Throttled
 * events are tried for up to six hours.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const asyncRetryStorm: Detector = {
  id: 'async-retry-storm',
  doc: 'Asynchronous events fail, are retried twice each, and are then lost or sent to a destination.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Errors/Sum',
    'AWS/Lambda/AsyncEventsReceived/Sum',
    'AWS/Lambda/AsyncEventsDropped/Sum',
    'AWS/Lambda/AsyncEventAge/Maximum',
    'AWS/Lambda/DeadLetterErrors/Sum',
    'AWS/Lambda/Duration/Sum',
    'AWS/Lambda/Duration/Maximum',
  ],
  evaluate(window, baselines) {
    return invokedBy(window, baselines, 'asynchronous').flatMap((invoked) =>
      evaluateFunction(invoked, window),
    );
  },
};

/** As for retry-loop: what is tried again once it is over succeeds. */
const BLIP_MINUTES = 7;
const QUIET_MINUTES = 10;

function evaluateFunction(invoked: Invoked, window: Window): Finding[] {
  const episode = errorEpisode(invoked, window.minutes, QUIET_MINUTES);
  if (episode === null) return [];
  const { fn, lambda } = invoked;
  const from = Math.floor(episode.onsetMinute);
  const onsetAt = window.startAt + episode.onsetMinute * MINUTE_MS;
  const events = sum(lambda.asyncEventsReceived, from);
  const invocations = sum(lambda.invocations, from);
  return [
    {
      detector: 'async-retry-storm',
      functions: [fn.name],
      queues: [],
      onsetAt,
      lastEvidenceAt: window.startAt + (episode.lastFailingMinute + 1) * MINUTE_MS,
      nats: episode.nats,
      natsToOpen: NATS_TO_OPEN,
      persistenceMinutes: episode.persistenceMinutes,
      isOngoing: episode.isOngoing,
      blipMinutes: BLIP_MINUTES,
      wastedShare: errorShares(invoked),
      amplification: {
        receivesPerDelete: null,
        invocationsPerUnit: events > 0 ? invocations / events : null,
      },
      loss: lossOf(invoked, episode, window.minutes),
      selfEnd: { kind: 'never' },
      evidence: [
        failingEvidence(invoked, episode),
        ...retryEvidence(invoked, { events, invocations, from }),
        ...deployEvidence(fn, onsetAt),
      ],
    },
  ];
}

/** Events that were dropped, or could not be sent to the dead-letter queue. */
function lossOf({ lambda }: Invoked, episode: ErrorEpisode, minutes: number): Loss | null {
  if (lambda.asyncEventsDropped === undefined) return null;
  const from = Math.floor(episode.onsetMinute);
  const lost = sum(lambda.asyncEventsDropped, from) + sum(lambda.deadLetterErrors, from);
  const hour = Math.max(from, minutes - 60);
  const lately = sum(lambda.asyncEventsDropped, hour) + sum(lambda.deadLetterErrors, hour);
  return { lost, lostPerHour: (lately * 60) / Math.max(1, minutes - hour), expiresAt: null };
}

function retryEvidence(
  { fn, lambda }: Invoked,
  seen: { readonly events: number; readonly invocations: number; readonly from: number },
): Evidence[] {
  const lines: Evidence[] = [];
  if (seen.events > 0 && seen.invocations > seen.events) {
    const factor = (seen.invocations / seen.events).toFixed(1);
    lines.push({
      kind: 'retry-amplification',
      text: `${formatCount(seen.invocations)} invocations for ${formatCount(seen.events)} events: ${factor} per event`,
    });
  }
  const ageMs = last(lambda.asyncEventAgeMaximumMs);
  if (ageMs > 2 * MINUTE_MS)
    lines.push({
      kind: 'event-age',
      text: `events wait up to ${formatDuration(ageMs)} before they are processed`,
    });
  const dropped = sum(lambda.asyncEventsDropped, seen.from);
  if (dropped > 0) lines.push({ kind: 'dropped', text: `${formatCount(dropped)} events were dropped` });
  const settings = fn.asyncInvoke;
  if (settings !== null && settings.onFailure === null) {
    const age = formatDuration(settings.maximumEventAgeSeconds * SECOND_MS);
    lines.push({
      kind: 'no-destination',
      text: `${fn.name} has no on-failure destination: after ${settings.maximumRetryAttempts} retries or ${age} an event is lost`,
    });
  }
  return lines;
}
