import type { Baselines, FunctionBaseline } from '../src/model/baseline.ts';
import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount } from '../src/model/format.ts';
import { type LambdaFunction, queuesOf } from '../src/model/inventory.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { FunctionSeries, Series, Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_PER_MINUTE, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { last, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import { sharedConcurrency } from './evidence/concurrency-pool.ts';
import { hasHistory } from './evidence/history.ts';
import { usualInvocations, usualSent } from './evidence/surge.ts';

/**
 * Concurrency runaway: far more invocations run at once than ever before, and arrivals do not explain it. They wait for
 * something, and take the account's concurrency from everybody else.
 *
 * By Little's law concurrency is arrivals times duration. Where both grew alike it is traffic, which is left alone.
 * ConcurrentExecutions is not late: what is still running is in it, long before Duration and Errors say anything.
 *
 * Left alone: spikes and batch jobs (arrivals explain them), a backlog being worked off (received explains it), a short
 * burst within a minute, a function without history.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
 */
export const concurrencyRunaway: Detector = {
  id: 'concurrency-runaway',
  doc: 'Far more invocations run at once than ever, and arrivals do not explain it.',
  requires: [
    'AWS/Lambda/ConcurrentExecutions/Maximum',
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Throttles/Sum',
    'AWS/SQS/NumberOfMessagesReceived/Sum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
  ],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    for (const fn of window.inventory.functions) {
      const lambda = window.functions.get(fn.name);
      const running = lambda?.concurrentExecutions;
      const baseline = baselines.functions.get(fn.name);
      if (lambda === undefined || running === undefined || !hasHistory(baseline)) continue;
      const climb = climbOf(running, baseline);
      if (climb === null) continue;
      const traffic = trafficFactor({ fn, lambda, baseline }, climb, window, baselines);
      if (climb.factor < TRAFFIC_MULTIPLE * traffic) continue;
      findings.push(finding({ fn, running, baseline, traffic }, climb, window));
    }
    return findings;
  },
};

/** Fewer than this disturb nobody, however unusual. */
const RUNNING_MIN = 10;

/** Multiple of the highest concurrency of any normal hour that is no chance. */
const MULTIPLE = 3;

/** Concurrency must have grown by so much more than arrivals. */
const TRAFFIC_MULTIPLE = 2;

/** Each minute above says this much; three in ten minutes are nothing yet. */
const NATS_PER_HIGH_MINUTE = 2;

const BLIP_MINUTES = 10;
const QUIET_MINUTES = 10;

interface Climb {
  readonly onsetMinute: number;
  readonly lastMinute: number;
  readonly highMinutes: number;
  readonly nats: number;
  /** Concurrency in the minutes that are high, on average, over the highest of history. */
  readonly factor: number;
}

function climbOf(running: Series, baseline: FunctionBaseline): Climb | null {
  const level = Math.max(RUNNING_MIN, MULTIPLE * baseline.concurrencyMaximum);
  if (!(last(running) >= level)) return null;
  let nats = 0;
  let onset = 0;
  let lastMinute = -1;
  let highMinutes = 0;
  let total = 0;
  for (let i = 0; i < running.length; i++) {
    const count = running[i] as number;
    if (Number.isNaN(count)) continue;
    if (nats === 0) {
      onset = i;
      highMinutes = 0;
      total = 0;
    }
    const isHigh = count >= level;
    nats = Math.min(NATS_MAX, Math.max(0, nats + (isHigh ? NATS_PER_HIGH_MINUTE : -NATS_PER_MINUTE)));
    if (!isHigh) continue;
    lastMinute = i;
    highMinutes++;
    total += count;
  }
  if (highMinutes === 0) return null;
  const factor = total / highMinutes / Math.max(1, baseline.concurrencyMaximum);
  return { onsetMinute: onset, lastMinute, highMinutes, nats, factor };
}

/** Times as much work as usual, since the climb began; at least 1. */
function trafficFactor(
  subject: {
    readonly fn: LambdaFunction;
    readonly lambda: FunctionSeries;
    readonly baseline: FunctionBaseline;
  },
  climb: Climb,
  window: Window,
  baselines: Baselines,
): number {
  const { fn, lambda, baseline } = subject;
  const from = Math.max(0, climb.onsetMinute - 1);
  const minutes = window.minutes - from;
  let factor = 1;
  for (const { kind, source, enabled } of fn.eventSources) {
    const sqs = kind === 'sqs' && enabled ? window.queues.get(source) : undefined;
    const history = baselines.queues.get(source);
    if (sqs === undefined || !hasHistory(history)) continue;
    const usual = usualSent(history, baseline, window)(window.minutes - 1) * minutes;
    factor = Math.max(factor, Math.max(sum(sqs.received, from), sum(sqs.sent, from)) / usual);
  }
  const usual = usualInvocations(baseline, window)(window.minutes - 1) * minutes;
  return Math.max(factor, sum(lambda.invocations, from) / usual || 0);
}

interface Subject {
  readonly fn: LambdaFunction;
  readonly running: Series;
  readonly baseline: FunctionBaseline;
  /** Times as much work as usual. */
  readonly traffic: number;
}

/** What runs beyond the highest concurrency of history, multiplied as the work is, in each minute since onset. */
function excessShares({ running, baseline, traffic }: Omit<Subject, 'fn'>, climb: Climb): Series {
  const expected = Math.max(1, baseline.concurrencyMaximum) * traffic;
  const shares = new Float64Array(running.length);
  for (let i = climb.onsetMinute; i < shares.length; i++) {
    const count = running[i] as number;
    if (count > expected) shares[i] = 1 - expected / count;
  }
  return shares;
}

function finding({ fn, running, baseline, traffic }: Subject, climb: Climb, window: Window): Finding {
  return {
    detector: 'concurrency-runaway',
    functions: [fn.name],
    queues: queuesOf(fn),
    onsetAt: window.startAt + climb.onsetMinute * MINUTE_MS,
    lastEvidenceAt: window.startAt + (climb.lastMinute + 1) * MINUTE_MS,
    nats: climb.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: climb.highMinutes,
    isOngoing: climb.lastMinute >= window.minutes - QUIET_MINUTES,
    blipMinutes: BLIP_MINUTES,
    wastedShare: excessShares({ running, baseline, traffic }, climb),
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: [
      {
        kind: 'concurrency',
        text: `${formatCount(last(running))} invocations of ${fn.name} run at once, the most in history was ${formatCount(baseline.concurrencyMaximum)}; arrivals do not explain it`,
      },
      ...limitEvidence(fn, last(running), window),
    ],
  };
}

/** Share of a limit from which on it is near. */
const NEAR_LIMIT = 0.5;

/** Names listed before "and 12 more". */
const NAMES_MAX = 5;

const THROTTLED_MINUTES = 10;

/** How near it is to the limit it draws on, and whom it starves. */
function limitEvidence(fn: LambdaFunction, running: number, window: Window): Evidence[] {
  if (fn.reservedConcurrency !== null) {
    return running >= NEAR_LIMIT * fn.reservedConcurrency
      ? [{ kind: 'near-limit', text: `its reserved concurrency is ${fn.reservedConcurrency}` }]
      : [];
  }
  const limit = sharedConcurrency(window);
  const lines: Evidence[] = [];
  if (running >= NEAR_LIMIT * limit) {
    lines.push({
      kind: 'near-limit',
      text: `that is ${formatCount(Math.round((100 * running) / limit))} % of the ${formatCount(limit)} that functions without a reservation share`,
    });
  }
  const from = Math.max(0, window.minutes - THROTTLED_MINUTES);
  const starved = window.inventory.functions.filter(
    (other) =>
      other.name !== fn.name &&
      other.reservedConcurrency === null &&
      sum(window.functions.get(other.name)?.throttles, from) > 0,
  );
  if (starved.length > 0) {
    const names = starved
      .slice(0, NAMES_MAX)
      .map(({ name }) => name)
      .join(', ');
    const more = starved.length > NAMES_MAX ? ` and ${starved.length - NAMES_MAX} more` : '';
    lines.push({ kind: 'starved', text: `${names}${more} are throttled meanwhile` });
  }
  return lines;
}
