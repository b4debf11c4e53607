import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatDuration } from '../src/model/format.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Series, Window } from '../src/model/window.ts';
import { NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { last } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import {
  deployEvidence,
  errorEpisode,
  errorShares,
  failingEvidence,
  type Invoked,
  invokedBy,
} from './invoked.ts';

/**
 * Stream poison record: one record of a Kinesis or DynamoDB stream fails, the whole batch is retried until it succeeds
 * or expires, and its shard stands still. IteratorAge climbs a minute a minute while the retries are billed.
 *
 * The climb of IteratorAge is what tells it from records that fail and pass: it is required unless the metric is missing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export const streamPoisonRecord: Detector = {
  id: 'stream-poison-record',
  doc: 'A record that cannot be processed blocks its shard and is retried until it expires.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Errors/Sum',
    'AWS/Lambda/AsyncEventsReceived/Sum',
    'AWS/Lambda/IteratorAge/Maximum',
  ],
  evaluate(window, baselines) {
    return invokedBy(window, baselines, 'stream').flatMap((invoked) => evaluateFunction(invoked, window));
  },
};

const BLIP_MINUTES = 6;
const QUIET_MINUTES = 10;

/** A blocked shard ages a minute a minute; this share of it is enough. */
const CLIMB_SHARE_MIN = 0.5;

function evaluateFunction(invoked: Invoked, window: Window): Finding[] {
  const episode = errorEpisode(invoked, window.minutes, QUIET_MINUTES);
  if (episode === null) return [];
  const { fn, lambda } = invoked;
  const age = lambda.iteratorAgeMaximumMs;
  if (age !== undefined && !isClimbing(age, Math.floor(episode.onsetMinute))) return [];
  const onsetAt = window.startAt + episode.onsetMinute * MINUTE_MS;
  return [
    {
      detector: 'stream-poison-record',
      functions: [fn.name],
      queues: [],
      onsetAt,
      lastEvidenceAt: window.startAt + (episode.lastFailingMinute + 1) * MINUTE_MS,
      nats: episode.nats,
      natsToOpen: NATS_TO_OPEN,
      persistenceMinutes: episode.persistenceMinutes,
      isOngoing: episode.isOngoing,
      blipMinutes: BLIP_MINUTES,
      wastedShare: errorShares(episode),
      amplification: null,
      loss: null,
      selfEnd: selfEndOf(invoked),
      evidence: [
        failingEvidence(invoked, episode),
        ...streamEvidence(invoked),
        ...deployEvidence(fn, onsetAt),
      ],
    },
  ];
}

/** Whether IteratorAge rose, since onset, by at least half of the time that passed. */
function isClimbing(age: Series, from: number): boolean {
  let newest = age.length - 1;
  while (newest > from && Number.isNaN(age[newest])) newest--;
  const before = last(age, from + 1) || 0;
  const rose = (age[newest] ?? Number.NaN) - before;
  return rose >= CLIMB_SHARE_MIN * (newest - from) * MINUTE_MS;
}

function selfEndOf({ fn }: Invoked): Finding['selfEnd'] {
  const attempts = Math.max(...fn.eventSources.map(({ maximumRetryAttempts }) => maximumRetryAttempts));
  return attempts < 0 ? { kind: 'never' } : { kind: 'drained', afterSeconds: attempts * fn.timeoutSeconds };
}

function streamEvidence({ fn, lambda }: Invoked): Evidence[] {
  const lines: Evidence[] = [];
  const ageMs = last(lambda.iteratorAgeMaximumMs);
  if (ageMs > 0)
    lines.push({
      kind: 'iterator-age',
      text: `records are ${formatDuration(ageMs)} old and getting older: a shard stands still`,
    });
  const source = fn.eventSources.find(({ maximumRetryAttempts }) => maximumRetryAttempts < 0);
  if (source !== undefined) {
    lines.push({
      kind: 'unlimited-retries',
      text: `the mapping of ${source.source} retries without limit (maximumRetryAttempts -1): only expiry ends it`,
    });
  }
  return lines;
}
