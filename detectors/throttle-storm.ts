import type { Baselines } from '../src/model/baseline.ts';
import type { Evidence, Finding, Loss } from '../src/model/finding.ts';
import { formatCount, formatCountOf } from '../src/model/format.ts';
import { type LambdaFunction, type Queue, queuesOf } from '../src/model/inventory.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { Window } from '../src/model/window.ts';
import { NATS_TO_OPEN, rateTests } from '../src/stats/sequential.ts';
import { maximum, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import { invocationAttempts } from './evidence/attempts.ts';
import { type Hog, hogOf, throttledBy } from './evidence/concurrency-pool.ts';
import { consumersOfFunction } from './evidence/consumer.ts';
import { type Episode, failureEpisode } from './evidence/failure-episode.ts';
import { type Invoked, triggerOf } from './evidence/invoked.ts';
import { type Outgrown, outgrown } from './evidence/outgrown.ts';
import { percent } from './evidence/shares.ts';

/**
 * Throttle storm: invocations are refused, by the function's reserved concurrency or the account's limit, and go on
 * being refused. A throttled attempt costs nothing itself; it turns events away, wears out the receive count of messages
 * that no handler has seen, and lets a queue grow that gets more than its consumer may work off.
 *
 * A surge that hits its limit for a while is what the limit is for: only what lasts counts. Callers are refused at once;
 * messages, events and records wait and are tried again, so that for them it must be worse, and last longer. Where one
 * other function holds most of the account's concurrency, it is part of the finding: its trouble is the cause.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
 */
export const throttleStorm: Detector = {
  id: 'throttle-storm',
  doc: 'Invocations keep being refused by a concurrency limit.',
  requires: [
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/Throttles/Sum',
    'AWS/Lambda/AsyncEventsReceived/Sum',
    'AWS/Lambda/ConcurrentExecutions/Maximum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
    'AWS/SQS/ApproximateNumberOfMessagesNotVisible/Maximum',
  ],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    let hog: Hog | null | undefined;
    for (const fn of window.inventory.functions) {
      const lambda = window.functions.get(fn.name);
      // Reserved concurrency 0 is a stop that somebody ordered.
      if (lambda?.throttles === undefined || fn.reservedConcurrency === 0) continue;
      if (sum(lambda.throttles) === 0 || isKeepingUp(fn, window)) continue;
      const storm = stormOf({ fn, lambda, baseline: baselines.functions.get(fn.name) }, window, baselines);
      if (storm === null) continue;
      if (fn.reservedConcurrency === null) hog ??= hogOf(window);
      const by = fn.reservedConcurrency === null && hog?.fn !== fn ? (hog ?? null) : null;
      findings.push(finding(fn, { ...storm, hog: by }, window));
    }
    return findings;
  },
};

/** Callers see a refusal at once; other work waits while surges press against a limit for up to an hour (assumption). */
const DIRECT_BLIP_MINUTES = 20;
const BLIP_MINUTES = 60;
/** Surges, and what follows from them, are over after an hour or so (assumption). */
const OUTGROWN_BLIP_MINUTES = 80;
const OUTGROWN_BLIP_MINUTES_MIN = 15;
/** Where messages have few receives a surge need not be over for them to be lost. */
const RISKY_BLIP_MINUTES = 15;
const QUIET_MINUTES = 15;

/** A throttled attempt is a receive, so that AWS advises as many at the least (Lambda developer guide, SQS, 2026). */
const RECEIVES_ADVISED = 5;

/** As many throttles as this share of attempts are normal. */
const USUAL_DIRECT_SHARE = 0.03;
const USUAL_SHARE = 0.1;

/** Messages that wait for less than so much work are only smoothed by the limit. */
const WAITING_MINUTES = 10;

/** Minutes over which work done is averaged. */
const WORK_MINUTES = 15;

/** Whether all queues that feed it hold little more than it is working on: its throttles delay, and nothing else. */
function isKeepingUp(fn: LambdaFunction, window: Window): boolean {
  let isSeen = false;
  const from = Math.max(0, window.minutes - WORK_MINUTES);
  for (const { kind, enabled, source } of fn.eventSources) {
    if (kind !== 'sqs' || !enabled) continue;
    const { visible, notVisible, deleted } = window.queues.get(source) ?? {};
    if (visible === undefined || deleted === undefined) return false;
    const waiting = (maximum(visible, from) || 0) + (maximum(notVisible, from) || 0);
    const perMinute = sum(deleted, from) / WORK_MINUTES;
    if (waiting > WAITING_MINUTES * perMinute) return false;
    isSeen = true;
  }
  return isSeen;
}

function throttledEpisode({ lambda, baseline }: Invoked, minutes: number, isDirect: boolean): Episode | null {
  const data = invocationAttempts({ invocations: lambda.invocations, throttles: lambda.throttles }, minutes);
  const usual = isDirect ? USUAL_DIRECT_SHARE : USUAL_SHARE;
  return failureEpisode(data, {
    tests: rateTests(Math.max(usual, 2 * (baseline?.throttleShare ?? 0))),
    quietMinutes: QUIET_MINUTES,
    isSilenceFailing: false,
  });
}

interface Storm {
  readonly episode: Episode;
  readonly blipMinutes: number;
  readonly loss: Loss | null;
  readonly evidence: Evidence;
  /** What makes it worse; absent: nothing that is known. */
  readonly risk?: Evidence;
}

/** Refused attempts, or else a queue that grows because of them: whichever has lasted for longer. */
function stormOf(invoked: Invoked, window: Window, baselines: Baselines): Storm | null {
  const refused = refusals(invoked, window);
  const consumers = consumersOfFunction(invoked.fn, window, baselines).filter(({ source }) => source.enabled);
  const queued = consumers
    .flatMap((consumer) => outgrown(consumer, window) ?? [])
    .map((found) => ({ ...found, blipMinutes: outgrownBlipMinutes(found) }));
  const storms = [...(refused === null ? [] : [refused]), ...queued];
  const lasted = ({ episode }: Storm) => episode.persistenceMinutes;
  const storm = storms.sort((a, b) => lasted(b) - lasted(a))[0];
  if (storm === undefined) return null;
  const risk = consumers.flatMap(({ queue }) => riskOf(queue) ?? [])[0] ?? null;
  return risk === null
    ? storm
    : { ...storm, risk, blipMinutes: Math.min(storm.blipMinutes, RISKY_BLIP_MINUTES) };
}

/** What waits outlasts the surge: if that alone takes an hour, nobody need wait and see whether it is soon over. */
function outgrownBlipMinutes({ drainMinutes }: Outgrown): number {
  return Math.max(OUTGROWN_BLIP_MINUTES_MIN, OUTGROWN_BLIP_MINUTES - drainMinutes);
}

/** What is known beforehand: messages that are refused a few times are dead-lettered, though no handler has seen them. */
function riskOf({ name, redrive }: Queue): Evidence | null {
  if (redrive === null || redrive.maxReceiveCount >= RECEIVES_ADVISED) return null;
  return {
    kind: 'few-receives',
    text: `${name} gives each message ${formatCountOf(redrive.maxReceiveCount, 'receive')}, and one that is refused counts: they are dead-lettered unseen (AWS advises ${RECEIVES_ADVISED} at least)`,
  };
}

function refusals(invoked: Invoked, window: Window): Storm | null {
  const { fn } = invoked;
  const isDirect = triggerOf(invoked) === 'direct';
  const episode = throttledEpisode(invoked, window.minutes, isDirect);
  if (episode === null) return null;
  return {
    episode,
    blipMinutes: isDirect ? DIRECT_BLIP_MINUTES : BLIP_MINUTES,
    loss: null,
    evidence: {
      kind: 'throttled',
      text: `${percent(episode.failedShare)} of attempts of ${fn.name} are refused by ${throttledBy(fn)} (${formatCount(episode.failed)} throttles)`,
    },
  };
}

function finding(fn: LambdaFunction, storm: Storm & { readonly hog: Hog | null }, window: Window): Finding {
  const { episode, hog } = storm;
  return {
    detector: 'throttle-storm',
    functions: hog === null ? [fn.name] : [fn.name, hog.fn.name],
    queues: queuesOf(fn),
    onsetAt: window.startAt + episode.onsetMinute * MINUTE_MS,
    lastEvidenceAt: window.startAt + (episode.lastFailingMinute + 1) * MINUTE_MS,
    nats: episode.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: episode.persistenceMinutes,
    isOngoing: episode.isOngoing,
    blipMinutes: storm.blipMinutes,
    wastedShare: null,
    amplification: null,
    loss: storm.loss,
    selfEnd: { kind: 'never' },
    evidence: [
      storm.evidence,
      ...(storm.risk === undefined ? [] : [storm.risk]),
      ...(hog === null ? [] : [starvedBy(hog)]),
    ],
  };
}

function starvedBy(hog: Hog): Evidence {
  return {
    kind: 'starved-by',
    text: `${hog.fn.name} runs ${formatCount(hog.running)} times at once, of ${formatCount(hog.pool)} that functions without a reservation share`,
  };
}
