import type { Baselines } from '../src/model/baseline.ts';
import type { Evidence, Finding } from '../src/model/finding.ts';
import { formatCount } from '../src/model/format.ts';
import { type LambdaFunction, queuesOf } from '../src/model/inventory.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import type { FunctionSeries, Series, Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_PER_MINUTE, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { last, sum } from '../src/stats/series.ts';
import type { Detector } from './detector.ts';
import { excessShares, type Influx, influxes, isStillComing } from './evidence/arrivals.ts';
import { hasHistory } from './evidence/history.ts';
import { usualInvocations } from './evidence/surge.ts';

/**
 * Recursion: a function sends to the queue or topic that starts it, so that work makes work without end.
 *
 * Where AWS sees the chain it cuts it after about 16 invocations and says so in RecursiveInvocationsDropped. Through an old
 * SDK, another service or a plain HTTP call it sees nothing; then two signs remain. Messages that only come round are too
 * regular for arrivals; and where more are sent than taken out, a backlog grows while what is sent follows what is finished,
 * which no producer could know.
 *
 * Not a retry loop: these messages are processed, deleted and sent anew, so that Received and Deleted agree. Not a surge:
 * arrivals of independent origin vary by their square root, and do not follow the consumer.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
export const recursion: Detector = {
  id: 'recursion',
  doc: 'A function feeds the queue or topic that starts it.',
  requires: [
    'AWS/Lambda/RecursiveInvocationsDropped/Sum',
    'AWS/Lambda/Invocations/Sum',
    'AWS/Lambda/AsyncEventsReceived/Sum',
    'AWS/SQS/NumberOfMessagesSent/Sum',
    'AWS/SQS/NumberOfMessagesDeleted/Sum',
    'AWS/SQS/ApproximateNumberOfMessagesVisible/Maximum',
  ],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    for (const fn of window.inventory.functions) {
      const lambda = window.functions.get(fn.name);
      const dropped = lambda?.recursiveInvocationsDropped;
      if (lambda === undefined || dropped === undefined || sum(dropped) === 0) continue;
      findings.push(cutFinding({ fn, lambda, dropped }, window, baselines));
    }
    for (const influx of influxes(window, baselines)) {
      if (influx.shape !== 'circulating' && influx.shape !== 'lock-step') continue;
      if (!findings.some(({ functions }) => functions[0] === influx.fn.name))
        findings.push(unseen(influx, window));
    }
    return findings;
  },
};

/** A message or two that went in circles are a mistake, not a loop. */
const CUT_BLIP_MINUTES = 3;
const UNSEEN_BLIP_MINUTES = 10;

/** Blocked messages come back after their visibility timeout: so long without a drop, and it is over. */
const CUT_QUIET_MINUTES = 30;

/** A chain is cut after about this many invocations (Lambda recursive loop detection, 2026). */
const CHAIN_INVOCATIONS = 16;

interface Cut {
  readonly fn: LambdaFunction;
  readonly lambda: FunctionSeries;
  readonly dropped: Series;
}

function cutFinding({ fn, lambda, dropped }: Cut, window: Window, baselines: Baselines): Finding {
  let first = -1;
  let lastMinute = -1;
  let minutesWithDrops = 0;
  for (let i = 0; i < dropped.length; i++) {
    if (!((dropped[i] as number) > 0)) continue;
    if (lastMinute < 0 || i - lastMinute > CUT_QUIET_MINUTES) {
      first = i;
      minutesWithDrops = 0;
    }
    lastMinute = i;
    minutesWithDrops++;
  }
  return {
    detector: 'recursion',
    functions: [fn.name],
    queues: queuesOf(fn),
    onsetAt: window.startAt + first * MINUTE_MS,
    lastEvidenceAt: window.startAt + (lastMinute + 1) * MINUTE_MS,
    nats: Math.min(NATS_MAX, minutesWithDrops * NATS_PER_MINUTE),
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: lastMinute + 1 - first,
    isOngoing: lastMinute >= window.minutes - CUT_QUIET_MINUTES,
    blipMinutes: CUT_BLIP_MINUTES,
    wastedShare: sharesOfCut({ fn, lambda, dropped }, { first, window, baselines }),
    amplification: { receivesPerDelete: null, invocationsPerUnit: CHAIN_INVOCATIONS },
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: [
      {
        kind: 'recursion-cut',
        text: `AWS stopped ${formatCount(sum(dropped, first))} invocations of ${fn.name} as recursive (RecursiveInvocationsDropped): it cuts a chain after about ${CHAIN_INVOCATIONS}`,
      },
      {
        kind: 'recursion-not-ended',
        text: 'each new message starts another chain, and what is stopped is delivered again until it is dead-lettered',
      },
    ],
  };
}

/** What exceeds the usual invocations; without history, all but the first of each chain. */
function sharesOfCut(
  { fn, lambda }: Cut,
  seen: { readonly first: number; readonly window: Window; readonly baselines: Baselines },
): Series {
  const baseline = seen.baselines.functions.get(fn.name);
  const shares = new Float64Array(seen.window.minutes);
  const usual = hasHistory(baseline) ? usualInvocations(baseline, seen.window) : null;
  const invoked = lambda.invocations;
  const minutes = Math.max(1, seen.window.minutes - seen.first);
  const perMinute = sum(invoked, seen.first) / minutes;
  for (let i = Math.max(0, seen.first - 1); i < shares.length; i++) {
    shares[i] =
      usual === null || perMinute === 0
        ? 1 - 1 / CHAIN_INVOCATIONS
        : Math.min(1 - 1 / CHAIN_INVOCATIONS, Math.max(0, 1 - usual(i) / perMinute));
  }
  return shares;
}

function unseen(influx: Influx, window: Window): Finding {
  const { fn, surge, queueName, shape } = influx;
  const onsetAt = window.startAt + surge.onsetMinute * MINUTE_MS;
  return {
    detector: 'recursion',
    functions: [fn.name],
    queues: queueName === null ? [] : [queueName],
    onsetAt,
    lastEvidenceAt: window.startAt + (surge.lastMinute + 1) * MINUTE_MS,
    nats: surge.nats,
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: surge.lastMinute + 1 - surge.onsetMinute,
    isOngoing: isStillComing(influx),
    blipMinutes: UNSEEN_BLIP_MINUTES,
    wastedShare: excessShares(influx),
    amplification: { receivesPerDelete: null, invocationsPerUnit: influx.factor },
    loss: null,
    // What goes in circles stays; what multiplies is soon held back by what can run at once.
    selfEnd: shape === 'circulating' ? { kind: 'accumulating', sinceAt: onsetAt } : { kind: 'never' },
    evidence: unseenEvidence(influx),
  };
}

function unseenEvidence({ shape, factor, surge, sqs, queueName, fn, counts }: Influx): Evidence[] {
  const where = queueName ?? fn.name;
  const compared = surge.usualPerMinute > 0 ? `, ${factor.toFixed(1)} times the usual` : '';
  const lines: Evidence[] = [
    {
      kind: 'arrivals',
      text: `${formatCount(Math.round(surge.perMinute))} arrivals a minute at ${where}${compared}`,
    },
  ];
  if (shape === 'circulating') {
    lines.push({
      kind: 'circulating',
      text: `they repeat too exactly for new work, and more of them each time: the same messages come round, sent again by ${fn.name}`,
    });
    return lines;
  }
  const perDeleted = sum(counts, surge.onsetMinute) / sum(sqs?.deleted, surge.onsetMinute);
  lines.push({
    kind: 'lock-step',
    text: `${perDeleted.toFixed(1)} messages are sent for each that ${fn.name} finishes, whatever waits (${formatCount(last(sqs?.visible))}): it feeds its own queue`,
  });
  return lines;
}
