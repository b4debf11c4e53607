import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount, formatDuration } from '../src/model/format.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Series, Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_PER_MINUTE, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { last } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import type { Episode } from './evidence/failure-episode.ts';
import {
  deployEvidence,
  errorEpisode,
  errorShares,
  failingEvidence,
  type Invoked,
  invokedBy,
} from './evidence/invoked.ts';
import { stallOf } from './evidence/stalled-shard.ts';

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
    'AWS/Lambda/Duration/Sum',
    'AWS/Lambda/Duration/Maximum',
  ],
  evaluate(window, baselines) {
    return invokedBy(window, baselines, 'stream').flatMap((invoked) => evaluateFunction(invoked, window));
  },
};

const BLIP_MINUTES = 6;
const QUIET_MINUTES = 10;

/** A blocked shard ages a minute a minute; this share of it is enough. */
const CLIMB_SHARE_MIN = 0.5;

/** What is known of a failing shard: by the share that fails, or by records that are the same again. */
type Seen = Pick<
  Episode,
  'onsetMinute' | 'lastFailingMinute' | 'nats' | 'persistenceMinutes' | 'isOngoing'
> & {
  /** How often the same records failed again, where that is what is known. */
  readonly repeats?: number;
};

function evaluateFunction(invoked: Invoked, window: Window): Finding[] {
  const { fn, lambda } = invoked;
  const episode = errorEpisode(invoked, window.minutes, QUIET_MINUTES);
  const age = lambda.iteratorAgeMaximumMs;
  const isBlocked =
    episode !== null && (age === undefined || isClimbing(age, Math.floor(episode.onsetMinute)));
  const seen = surer(isBlocked ? episode : null, stalledShard(invoked, window.minutes));
  if (seen === null) return [];
  const onsetAt = window.startAt + seen.onsetMinute * MINUTE_MS;
  return [
    {
      detector: 'stream-poison-record',
      functions: [fn.name],
      queues: [],
      onsetAt,
      lastEvidenceAt: window.startAt + (seen.lastFailingMinute + 1) * MINUTE_MS,
      nats: seen.nats,
      natsToOpen: NATS_TO_OPEN,
      persistenceMinutes: seen.persistenceMinutes,
      isOngoing: seen.isOngoing,
      blipMinutes: BLIP_MINUTES,
      wastedShare: errorShares(invoked),
      amplification: null,
      loss: null,
      selfEnd: selfEndOf(invoked),
      evidence: [
        ...(episode === null ? [] : [failingEvidence(invoked, episode)]),
        ...streamEvidence(invoked, seen),
        ...deployEvidence(fn, onsetAt),
      ],
    },
  ];
}

function surer(a: Seen | null, b: Seen | null): Seen | null {
  if (a === null || b === null) return a ?? b;
  return b.nats > a.nats ? b : a;
}

/** One shard of several: too few errors among the others' successes, but the same records each time. */
function stalledShard({ fn, lambda }: Invoked, minutes: number): Seen | null {
  const { iteratorAgeMaximumMs: age, errors } = lambda;
  const stall = age === undefined || errors === undefined ? null : stallOf(age, errors);
  if (stall === null || stall.repeats === 0) return null;
  const { firstMinute, lastMinute, repeats } = stall;
  const quiet = QUIET_MINUTES + Math.ceil(fn.timeoutSeconds / 60);
  return {
    onsetMinute: firstMinute,
    lastFailingMinute: lastMinute,
    nats: Math.min(NATS_MAX, repeats * NATS_PER_MINUTE),
    persistenceMinutes: lastMinute + 1 - firstMinute,
    isOngoing: lastMinute >= minutes - quiet,
    repeats,
  };
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

function streamEvidence({ fn, lambda }: Invoked, { lastFailingMinute, repeats }: Seen): Evidence[] {
  const lines: Evidence[] = [];
  if (repeats !== undefined)
    lines.push({
      kind: 'same-records',
      text: `the same records have failed ${formatCount(repeats + 1)} times, each time older by the time that passed`,
    });
  const ages = lambda.iteratorAgeMaximumMs;
  const ageMs = Math.max(last(ages) || 0, ages?.[lastFailingMinute] || 0);
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
