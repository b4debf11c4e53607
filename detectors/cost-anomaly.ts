import type { FunctionBaseline } from '../src/model/baseline.ts';
import type { Finding } from '../src/model/finding.ts';
import { formatCount, formatDuration } from '../src/model/format.ts';
import { type LambdaFunction, queuesOf } from '../src/model/inventory.ts';
import { HOUR_MS, MINUTE_MS } from '../src/model/time.ts';
import type { FunctionSeries, Window } from '../src/model/window.ts';
import { NATS_MAX, NATS_PER_MINUTE, NATS_TO_OPEN } from '../src/stats/sequential.ts';
import { sum } from '../src/stats/series.ts';
import { type SpendLimits, type SpendPeriod, type SpendRun, spendRun } from '../src/stats/spend-run.ts';
import type { Detector } from './detector.ts';
import { hasHistory } from './evidence/history.ts';
import { coversNow } from './evidence/surge.ts';

/**
 * Cost anomaly: a function costs many times what it ever did at this hour, and has for more than an hour, whatever the
 * reason. The last net: each reason that is known has a detector of its own, which opens sooner and explains it.
 *
 * Judged in GB-seconds, to which the dollars of one function are proportional, so that no price list is needed to detect;
 * a bill by the day can be judged by the same `spendRun`. What is spent is not said to be wasted: it is not known to be.
 *
 * Left alone: spikes, batch jobs, growth, a month end; excess of less than about a dollar a day.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export const costAnomaly: Detector = {
  id: 'cost-anomaly',
  doc: 'A function costs many times what it ever did at this hour.',
  requires: ['AWS/Lambda/Duration/Sum'],
  evaluate(window, baselines) {
    const findings: Finding[] = [];
    for (const fn of window.inventory.functions) {
      const lambda = window.functions.get(fn.name);
      const baseline = baselines.functions.get(fn.name);
      if (lambda?.durationSumMs === undefined || !hasHistory(baseline)) continue;
      if (!coversNow(baseline, window) || !isHigh(fn, lambda, baseline)) continue;
      const run = spendRun(periodsOf({ fn, lambda, baseline }, window), LIMITS);
      if (run !== null) findings.push(finding(fn, run, window));
    }
    return findings;
  },
};

const PERIOD_MINUTES = 15;

/** The newest minutes lack what is still running: they are judged with the next tick's data. */
const SETTLE_MINUTES = 3;

/**
 * A month end brings up to six times the usual (assumption). 2,500 GB-seconds an hour are about a dollar a day (on-demand,
 * x86, first tier, us-east-1; Lambda pricing, 2026).
 */
const LIMITS: SpendLimits = {
  usualMultiple: 8,
  mostMultiple: 3,
  excessMin: (2_500 * PERIOD_MINUTES) / 60,
};

/** Spikes, and the backlogs they leave, last for an hour or so (assumption). */
const BLIP_MINUTES = 90;

interface Subject {
  readonly fn: LambdaFunction;
  readonly lambda: FunctionSeries;
  readonly baseline: FunctionBaseline;
}

function gbSecondsOf(fn: LambdaFunction, lambda: FunctionSeries, from: number, to: number): number {
  return (sum(lambda.durationSumMs, from, to) / 1000) * (fn.memoryMB / 1024);
}

/** Cheap: nearly every function is told from its newest quarter of an hour. */
function isHigh(fn: LambdaFunction, lambda: FunctionSeries, baseline: FunctionBaseline): boolean {
  const to = (lambda.durationSumMs?.length ?? 0) - SETTLE_MINUTES;
  const spent = gbSecondsOf(fn, lambda, Math.max(0, to - PERIOD_MINUTES), to);
  return spent > LIMITS.excessMin && 4 * spent > LIMITS.mostMultiple * baseline.gbSecondsMaximum;
}

function periodsOf({ fn, lambda, baseline }: Subject, window: Window): SpendPeriod[] {
  const periods: SpendPeriod[] = [];
  const perPeriod = PERIOD_MINUTES / 60;
  for (let to = window.minutes - SETTLE_MINUTES; to >= PERIOD_MINUTES; to -= PERIOD_MINUTES) {
    const from = to - PERIOD_MINUTES;
    const hour = Math.floor((window.startAt + from * MINUTE_MS) / HOUR_MS);
    periods.unshift({
      spent: gbSecondsOf(fn, lambda, from, to),
      usual: usualInHour(baseline, hour) * perPeriod,
      most: baseline.gbSecondsMaximum * perPeriod,
    });
  }
  return periods;
}

/** The dearest of the hour and its neighbours; `NaN`: history has none of them. */
function usualInHour({ gbSecondsByHour }: FunctionBaseline, hour: number): number {
  let most = Number.NaN;
  for (let near = hour + 23; near <= hour + 25; near++) {
    const used = gbSecondsByHour[near % 24] as number;
    if (!(used <= most) && !Number.isNaN(used)) most = used;
  }
  return most;
}

function finding(fn: LambdaFunction, run: SpendRun, window: Window): Finding {
  const minutes = run.periods * PERIOD_MINUTES;
  const to = window.minutes - SETTLE_MINUTES;
  const perHour = formatCount(Math.round((run.spent / minutes) * 60));
  const times = Number.isFinite(run.factor) ? `${run.factor.toFixed(0)} times the usual` : 'usually none';
  return {
    detector: 'cost-anomaly',
    functions: [fn.name],
    queues: queuesOf(fn),
    onsetAt: window.startAt + (to - minutes) * MINUTE_MS,
    lastEvidenceAt: window.startAt + to * MINUTE_MS,
    nats: Math.min(NATS_MAX, run.periods * NATS_PER_MINUTE),
    natsToOpen: NATS_TO_OPEN,
    persistenceMinutes: minutes,
    isOngoing: true,
    blipMinutes: BLIP_MINUTES,
    wastedShare: null,
    mayBeWanted: true,
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: [
      {
        kind: 'spend',
        text: `${fn.name} uses ${perHour} GB-seconds an hour for ${formatDuration(minutes * MINUTE_MS)}, ${times}`,
      },
    ],
  };
}
