import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount } from '../src/model/format.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_TO_OPEN, rateTests } from '../src/stats/sequential.ts';
import { sum } from '../src/stats/series.ts';
import { invocationAttempts } from './attempts.ts';
import type { Detector } from './detector.ts';
import { type Episode, failureEpisode } from './failure-episode.ts';
import type { Invoked } from './invoked.ts';
import { percent } from './shares.ts';

/**
 * Throttle storm: invocations are refused, by the function's reserved concurrency or the account's limit, and go on
 * being refused. A throttled attempt costs nothing itself; it turns events away, and wears out the receive count of
 * messages that no handler has seen.
 *
 * A surge that hits its limit for a while is what the limit is for: only what lasts counts.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
 */
export const throttleStorm: Detector = {
  id: 'throttle-storm',
  doc: 'Invocations keep being refused by a concurrency limit.',
  requires: ['AWS/Lambda/Invocations/Sum', 'AWS/Lambda/Throttles/Sum'],
  evaluate(window, baselines) {
    return window.inventory.functions.flatMap((fn) => {
      const lambda = window.functions.get(fn.name);
      if (lambda?.throttles === undefined) return [];
      return evaluateFunction({ fn, lambda, baseline: baselines.functions.get(fn.name) }, window);
    });
  },
};

/** Surges press against a limit for up to an hour (assumption). */
const BLIP_MINUTES = 60;
const QUIET_MINUTES = 15;

/** Without history, as many throttles as this share of attempts are normal. */
const PRIOR_THROTTLED_SHARE = 0.02;

function evaluateFunction(invoked: Invoked, window: Window): Finding[] {
  const { fn, lambda, baseline } = invoked;
  // Reserved concurrency 0 is a stop that somebody ordered.
  if (fn.reservedConcurrency === 0 || sum(lambda.throttles) === 0) return [];
  const data = invocationAttempts(
    { invocations: lambda.invocations, throttles: lambda.throttles },
    window.minutes,
  );
  const test = rateTests(Math.max(PRIOR_THROTTLED_SHARE, 2 * (baseline?.throttleShare ?? 0)));
  const episode = failureEpisode(data, test, QUIET_MINUTES);
  if (episode === null) return [];
  return [
    {
      detector: 'throttle-storm',
      functions: [fn.name],
      queues: fn.eventSources
        .filter(({ kind, enabled }) => kind === 'sqs' && enabled)
        .map(({ source }) => source),
      onsetAt: window.startAt + episode.onsetMinute * MINUTE_MS,
      lastEvidenceAt: window.startAt + (episode.lastFailingMinute + 1) * MINUTE_MS,
      nats: episode.nats,
      natsToOpen: NATS_TO_OPEN,
      persistenceMinutes: episode.persistenceMinutes,
      isOngoing: episode.isOngoing,
      blipMinutes: BLIP_MINUTES,
      wastedShare: null,
      amplification: null,
      loss: null,
      selfEnd: { kind: 'never' },
      evidence: evidenceOf(invoked, episode),
    },
  ];
}

function evidenceOf({ fn }: Invoked, episode: Episode): Evidence[] {
  const by =
    fn.reservedConcurrency === null
      ? "the account's concurrency limit"
      : `reserved concurrency ${fn.reservedConcurrency}`;
  return [
    {
      kind: 'throttled',
      text: `${percent(episode.failedShare)} of attempts are refused by ${by} (${formatCount(episode.failed)} throttles)`,
    },
  ];
}
