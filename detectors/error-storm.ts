import type { Finding } from '../src/model/finding.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_TO_OPEN } from '../src/stats/sequential.ts';
import type { Detector } from './detector.ts';
import {
  deployEvidence,
  errorEpisode,
  errorShares,
  failingEvidence,
  type Invoked,
  invokedBy,
} from './evidence/invoked.ts';

/**
 * Error storm: a function that callers invoke directly fails far more often than it used to, and keeps failing.
 * Callers that try again multiply it; nothing bounds that from Lambda's side.
 *
 * Functions that read a queue or a stream, or are invoked asynchronously, have detectors of their own, which know how
 * their retries end. Left alone: a deploy that fails for some minutes, single failures, a function that has always
 * failed as often as now.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const errorStorm: Detector = {
  id: 'error-storm',
  doc: 'A directly invoked function keeps failing; its callers try again.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Errors/Sum',
    'AWS/Lambda/AsyncEventsReceived/Sum',
    'AWS/Lambda/Duration/Sum',
    'AWS/Lambda/Duration/Maximum',
  ],
  evaluate(window, baselines) {
    return invokedBy(window, baselines, 'direct').flatMap((invoked) => evaluateFunction(invoked, window));
  },
};

/** As for retry-loop, and the part of a minute at either end. */
const BLIP_MINUTES = 7;
const QUIET_MINUTES = 10;

function evaluateFunction(invoked: Invoked, window: Window): Finding[] {
  const episode = errorEpisode(invoked, window.minutes, QUIET_MINUTES);
  if (episode === null) return [];
  const { fn } = invoked;
  const onsetAt = window.startAt + episode.onsetMinute * MINUTE_MS;
  return [
    {
      detector: 'error-storm',
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
      amplification: null,
      loss: null,
      selfEnd: { kind: 'never' },
      evidence: [failingEvidence(invoked, episode), ...deployEvidence(fn, onsetAt)],
    },
  ];
}
