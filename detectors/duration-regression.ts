import type { Baselines, FunctionBaseline, QueueBaseline } from '../src/model/baseline.ts';
import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount, formatDuration } from '../src/model/format.ts';
import { type LambdaFunction, queuesOf } from '../src/model/inventory.ts';
import { MINUTE_MS, SECOND_MS } from '../src/model/time.ts';
import type { FunctionSeries, QueueSeries, Series, Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { maximum, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import { deployEvidence } from './evidence/invoked.ts';
import { type UsualDuration, usualDuration } from './evidence/usual-duration.ts';

/**
 * Duration regression: a function takes several times as long as it used to, and goes on doing so.
 *
 * A sequential test on the logarithm of the average Duration of each minute, against the slower hours of the function's
 * history; a minute counts by how many invocations it averages, and none counts for much, so that a spike decides nothing.
 * The newest minutes are left out: their slow invocations are not published yet, and they look faster than they are.
 *
 * Left alone: a moderate change, a slow quarter of an hour, longer runs because batches are fuller. Of a slow invocation
 * only what it takes longer than usual is called waste.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const durationRegression: Detector = {
  id: 'duration-regression',
  doc: 'Invocations take several times as long as they used to.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Duration/Sum',
    'AWS/Lambda/Duration/Maximum',
    'AWS/Lambda/Errors/Sum',
    'AWS/SQS/NumberOfMessagesReceived/Sum',
  ],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    for (const fn of window.inventory.functions) {
      const lambda = window.functions.get(fn.name);
      if (lambda?.invocations === undefined || lambda.durationSumMs === undefined) continue;
      const seen = subjectOf(fn, lambda, window, baselines);
      const slow = seen === null ? null : slowdown(seen);
      if (seen !== null && slow !== null) findings.push(finding(seen, slow, window));
    }
    return findings;
  },
};

/** Ratio of durations that is worth finding: less is moderate change. */
const RATIO = 2.2;
const SHIFT = Math.log(RATIO);

/** What differs from minute to minute even in the average of many invocations (assumption). */
const MINUTE_SPREAD = 0.15;

const NATS_PER_MINUTE = 2;

/** Dependencies are slow for some minutes, and recover. */
const BLIP_MINUTES = 20;
const QUIET_MINUTES = 20;

/** Newest settled minutes whose average must be slow for anything to be computed. */
const GATE_MINUTES = 15;

interface Subject {
  readonly fn: LambdaFunction;
  readonly lambda: FunctionSeries;
  readonly usual: UsualDuration;
  /** End of what is published: later minutes lack their slow invocations. */
  readonly until: number;
  /** Times as many messages in an invocation as usual, at least 1. */
  readonly fullness: number;
}

function subjectOf(
  fn: LambdaFunction,
  lambda: FunctionSeries,
  window: Window,
  baselines: Baselines,
): Subject | null {
  const baseline = baselines.functions.get(fn.name);
  const { minutes } = window;
  const longestMs = maximum(lambda.durationMaximumMs, minutes - 2 * GATE_MINUTES);
  const until = minutes - Math.ceil((longestMs || 0) / MINUTE_MS) - 1;
  const from = Math.max(0, until - GATE_MINUTES);
  const averageMs = sum(lambda.durationSumMs, from, until) / sum(lambda.invocations, from, until);
  // Cheap first: history alone tells that nearly all functions are as fast as ever.
  if (!(averageMs > Math.sqrt(RATIO) * (baseline?.durationMs || 0))) return null;
  const usual = usualDuration(baseline, lambda, minutes);
  if (usual === null) return null;
  return { fn, lambda, usual, until, fullness: fullnessOf(fn, window, { baseline, baselines }) };
}

function fullnessOf(
  fn: LambdaFunction,
  window: Window,
  known: { readonly baseline: FunctionBaseline | undefined; readonly baselines: Baselines },
): number {
  const source = queuesOf(fn)[0];
  if (source === undefined || known.baseline === undefined) return 1;
  const queue: QueueSeries | undefined = window.queues.get(source);
  const history: QueueBaseline | undefined = known.baselines.queues.get(source);
  if (queue?.received === undefined || history === undefined) return 1;
  const from = Math.max(0, window.minutes - 2 * GATE_MINUTES);
  const now = sum(queue.received, from) / sum(window.functions.get(fn.name)?.invocations, from);
  const before = history.sentPerHour / known.baseline.invocationsPerHour;
  return now > before && before > 0 && Number.isFinite(now) ? now / before : 1;
}

interface Slowdown {
  readonly nats: number;
  readonly onsetMinute: number;
  readonly lastMinute: number;
  readonly slowMinutes: number;
  readonly averageMs: number;
}

/** Page's test on the mean of log durations. */
function slowdown({ lambda, usual, until, fullness }: Subject): Slowdown | null {
  const { invocations, durationSumMs } = lambda;
  let nats = 0;
  let onset = 0;
  let lastMinute = -1;
  let slowMinutes = 0;
  for (let i = 0; i < until; i++) {
    const count = invocations?.[i] as number;
    const tookMs = durationSumMs?.[i] as number;
    if (!(count > 0) || !(tookMs > 0)) continue;
    const above = Math.log(tookMs / count / (usual.averageMs * fullness));
    const variance = usual.spread ** 2 / count + MINUTE_SPREAD ** 2;
    const change = (SHIFT / variance) * (above - SHIFT / 2);
    if (nats === 0) {
      onset = i;
      slowMinutes = 0;
    }
    nats = Math.min(
      NATS_MAX,
      Math.max(0, nats + Math.max(-2 * NATS_PER_MINUTE, Math.min(change, NATS_PER_MINUTE))),
    );
    if (change <= 0) continue;
    lastMinute = i;
    slowMinutes++;
  }
  if (nats < 2 * NATS_PER_MINUTE) return null;
  const averageMs = sum(durationSumMs, onset, until) / sum(invocations, onset, until);
  return { nats, onsetMinute: onset, lastMinute, slowMinutes, averageMs };
}

function finding(subject: Subject, slow: Slowdown, window: Window): Finding {
  const { fn, until } = subject;
  const onsetAt = window.startAt + slow.onsetMinute * MINUTE_MS;
  return {
    detector: 'duration-regression',
    functions: [fn.name],
    queues: queuesOf(fn),
    onsetAt,
    lastEvidenceAt: window.startAt + (slow.lastMinute + 1) * MINUTE_MS,
    nats: slow.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: slow.slowMinutes,
    isOngoing: slow.lastMinute >= until - QUIET_MINUTES,
    blipMinutes: BLIP_MINUTES,
    wastedShare: excessShares(subject, slow),
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: [...evidenceOf(subject, slow), ...deployEvidence(fn, onsetAt)],
  };
}

/** What each minute takes longer than usual, since the onset. */
function excessShares({ lambda, usual, fullness }: Subject, slow: Slowdown): Series {
  const { invocations, durationSumMs } = lambda;
  const minutes = invocations?.length ?? 0;
  const shares = new Float64Array(minutes);
  const expectedMs = usual.averageMs * fullness;
  const lately = Math.max(0, 1 - expectedMs / slow.averageMs);
  for (let i = slow.onsetMinute; i < minutes; i++) {
    const averageMs = (durationSumMs?.[i] as number) / (invocations?.[i] as number);
    shares[i] = averageMs > 0 ? Math.max(0, 1 - expectedMs / averageMs) : lately;
  }
  return shares;
}

function evidenceOf({ fn, lambda, usual }: Subject, slow: Slowdown): Evidence[] {
  const timeoutMs = fn.timeoutSeconds * SECOND_MS;
  const longestMs = maximum(lambda.durationMaximumMs, slow.onsetMinute);
  const times = (slow.averageMs / usual.averageMs).toFixed(1);
  const lines: Evidence[] = [
    {
      kind: 'duration',
      text: `${fn.name} takes ${formatDuration(slow.averageMs)} on average, ${times} times as long as in a slow hour before (${formatDuration(usual.averageMs)})`,
    },
  ];
  if (longestMs >= NEAR_TIMEOUT * timeoutMs) {
    const timedOut = formatCount(sum(lambda.errors, slow.onsetMinute));
    lines.push({
      kind: 'near-timeout',
      text: `the longest took ${formatDuration(longestMs)} of the ${formatDuration(timeoutMs)} it may take; ${timedOut} invocations failed since`,
    });
  }
  return lines;
}

/** Share of the timeout from which on it is worth a word. */
const NEAR_TIMEOUT = 0.8;
