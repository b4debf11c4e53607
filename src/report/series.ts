import { DETECTORS } from '../../detectors/registry.ts';
import { spendOf } from '../decide/assess.ts';
import type { Baselines } from '../model/baseline.ts';
import type { Config } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import { type EpochMs, MINUTE_MS } from '../model/time.ts';
import type { Series, Window } from '../model/window.ts';
import { pricingOf } from '../price/month-so-far.ts';
import type { ReportSeries } from './model.ts';

export interface SeriesInput {
  readonly incident: Incident;
  readonly kill: KillRecord | null;
  readonly window: Window;
  readonly baselines: Baselines;
  readonly config: Config;
}

/** What the charts draw. Waste is what the incident's detector says of these series, in hindsight. */
export function reportSeries(input: SeriesInput): ReportSeries {
  const { incident, kill, window, config, baselines } = input;
  const found = lastFinding(input);
  const spend = spendOf({
    window,
    config,
    pricing: pricingOf(config.pricing, baselines),
    finding: found ?? blankFinding(incident),
  });
  const wasted = found === null || found.wastedShare === null ? null : spend.wasted;
  const onset = indexAt(window, incident.onsetAt);
  const totalUsd = cumulative(wasted ?? spend.usd, onset);
  const lambda = window.functions.get(incident.functionName ?? '');
  const queue = window.queues.get(incident.queueName ?? '');
  return {
    startAt: window.startAt,
    minutes: window.minutes,
    usdPerHour: perHour(spend.usd),
    wastedUsdPerHour: wasted === null ? null : perHour(wasted),
    totalUsd,
    totalWithoutUsd:
      kill?.killedAt == null
        ? null
        : extrapolated(totalUsd, wasted ?? spend.usd, indexAt(window, kill.killedAt)),
    invocations: lambda?.invocations,
    errors: lambda?.errors,
    concurrency: lambda?.concurrentExecutions,
    received: queue?.received,
    deleted: queue?.deleted,
    inFlight: queue?.notVisible,
    waiting: queue?.visible,
  };
}

/** What the monitor found last, before it was over: by then the most of it was readable. */
function lastFinding(input: SeriesInput): Finding | null {
  const { lastEvidenceAt, resolvedAt, evaluatedAt } = input.incident;
  for (let at = resolvedAt ?? evaluatedAt; at > lastEvidenceAt; at -= MINUTE_MS) {
    const finding = findingAt(input, at);
    if (finding !== null) return finding;
  }
  return findingAt(input, lastEvidenceAt);
}

/** What the incident's detector found in the series up to `at`, its shares padded to the whole window; `null`: nothing. */
export function findingAt({ incident, window, baselines }: SeriesInput, at: EpochMs): Finding | null {
  const until = windowUntil(window, at);
  const concerns = (finding: Finding) =>
    finding.functions.some((name) => incident.functions.includes(name)) ||
    finding.queues.some((name) => incident.queues.includes(name));
  for (const id of incident.detectors) {
    const detector = DETECTORS.find((candidate) => candidate.id === id);
    const finding = detector?.evaluate(until, baselines).find(concerns);
    if (finding === undefined) continue;
    const share = new Float64Array(window.minutes);
    if (finding.wastedShare !== null) share.set(finding.wastedShare.subarray(0, until.minutes));
    return { ...finding, wastedShare: finding.wastedShare === null ? null : share };
  }
  return null;
}

/** The window as it ends at `at`. */
export function windowUntil(window: Window, at: EpochMs): Window {
  const minutes = Math.max(0, Math.min(window.minutes, Math.ceil((at - window.startAt) / MINUTE_MS)));
  if (minutes === window.minutes) return window;
  return {
    ...window,
    minutes,
    functions: new Map([...window.functions].map(([name, series]) => [name, cut(series, minutes)])),
    queues: new Map([...window.queues].map(([name, series]) => [name, cut(series, minutes)])),
  };
}

function cut<T extends object>(series: T, minutes: number): T {
  const entries = Object.entries(series).map(([metric, values]: [string, Series | undefined]) => [
    metric,
    values?.subarray(0, minutes),
  ]);
  return Object.fromEntries(entries) as T;
}

/** Enough of a finding to price its functions; nothing of it is waste. */
function blankFinding(incident: Incident): Finding {
  return {
    detector: incident.detector,
    functions: incident.functions,
    queues: incident.queues,
    onsetAt: incident.onsetAt,
    lastEvidenceAt: incident.lastEvidenceAt,
    nats: 0,
    natsToOpen: 0,
    persistenceMinutes: 0,
    isOngoing: false,
    blipMinutes: 0,
    wastedShare: null,
    amplification: null,
    loss: null,
    selfEnd: { kind: 'never' },
    evidence: [],
  };
}

function indexAt(window: Window, at: EpochMs): number {
  return Math.max(0, Math.min(window.minutes - 1, Math.floor((at - window.startAt) / MINUTE_MS)));
}

function perHour(usd: Series): Series {
  return usd.map((value) => value * 60);
}

function cumulative(usd: Series, from: number): Series {
  let total = 0;
  return usd.map((value, index) => {
    if (index >= from && Number.isFinite(value)) total += value;
    return total;
  });
}

/** Minutes whose mean is "the rate of the kill". */
const RATE_MINUTES = 5;

function extrapolated(total: Series, usd: Series, killedAt: number): Series {
  const from = Math.max(0, killedAt - RATE_MINUTES);
  const rate = usd.subarray(from, killedAt).reduce((sum, value) => sum + value, 0) / (killedAt - from || 1);
  const start = total[killedAt] ?? 0;
  return total.map((_, index) => (index < killedAt ? Number.NaN : start + rate * (index - killedAt)));
}
