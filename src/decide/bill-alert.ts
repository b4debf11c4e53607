import type { Alert } from '../model/alert.ts';
import type { Calibration, DailyAnomaly } from '../model/bill.ts';
import type { Evidence } from '../model/finding.ts';
import { formatUsd } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import { DAY_MS, type EpochMs, toIso } from '../model/time.ts';
import { calibrationText } from '../price/calibration.ts';

export interface BillAlertInput {
  readonly now: EpochMs;
  readonly account: string;
  readonly region: string;
  /** Of one day, the dearest first; at least one. */
  readonly anomalies: readonly DailyAnomaly[];
  /** How far estimates were from the bill; absent: not known. */
  readonly calibration: Calibration | undefined;
}

/** Days with rises, a list for each, the newest first. */
export function byDay(anomalies: readonly DailyAnomaly[]): readonly (readonly DailyAnomaly[])[] {
  const days = new Map<EpochMs, DailyAnomaly[]>();
  for (const anomaly of anomalies) {
    days.set(anomaly.dayAt, [...(days.get(anomaly.dayAt) ?? []), anomaly]);
  }
  return [...days.values()];
}

/**
 * The ticket about one day of the bill: all that rose on it, since one cause raises several lines. Its key is that of the day, so
 * that a day is told once however often it is read. It is about a day that is over: the incident is closed as it is told.
 */
export function billAlert(input: BillAlertInput): Alert {
  const { now, account, region, anomalies, calibration } = input;
  const dayAt = Math.min(...anomalies.map((anomaly) => anomaly.dayAt));
  const risers = [...new Set(anomalies.flatMap(({ functions }) => functions.map((one) => one.functionName)))];
  const riseUsd = anomalies.reduce((sum, { usd, usualUsd }) => sum + usd - usualUsd, 0);
  const spentUsd = anomalies.reduce((sum, { usd }) => sum + usd, 0);
  const rise = `${formatUsd(riseUsd)} more than usual on ${dayText(dayAt)}`;
  const incident: Incident = {
    id: `cost-anomaly-bill-${dayText(dayAt).replaceAll('-', '')}`,
    detector: 'cost-anomaly',
    detectors: ['cost-anomaly'],
    functionName: risers[0] ?? null,
    queueName: null,
    functions: risers,
    queues: [],
    state: 'open',
    severity: 'warning',
    onsetAt: dayAt,
    pendingAt: now,
    openedAt: now,
    criticalAt: null,
    resolvedAt: null,
    lastEvidenceAt: dayAt + DAY_MS,
    evaluatedAt: now,
    evidence: [{ kind: RISE, text: rise }, ...anomalies.flatMap(evidenceOf)],
    amplification: null,
    delayInRetryCycles: null,
    loss: null,
    burn: {
      // A day's mean: what it is now, a bill does not say.
      usdPerHour: spentUsd / 24,
      wastedUsdPerHour: 0,
      wastedUsd: 0,
      projectedUsd: 0,
      projected24hUsd: 0,
      endsAt: null,
      endsBecause: '',
      measuredShare: 1,
      assumptions: calibration === undefined ? [] : [calibrationText(calibration)],
    },
    accounted: {
      untilAt: dayAt + DAY_MS,
      wastedUsd: 0,
      spentUsd: 0,
      received: 0,
      deleted: 0,
      invocations: 0,
    },
    recommendation: { lever: 'none', command: 'firebreak bill' },
    alertedWastedUsd: 0,
    alertedAt: now,
    reopened: 0,
  };
  return {
    key: `${incident.id}#opened`,
    transition: 'opened',
    reason: 'first-evidence-is-enough',
    at: now,
    incident,
    account,
    region,
  };
}

/** Kind of the evidence that only a day of a bill has. */
const RISE = 'rise';

/** What a day of the bill cost beyond the usual, in words; `null`: the incident is not about one. */
export function riseOf({ evidence }: Pick<Incident, 'evidence'>): string | null {
  return evidence.find(({ kind }) => kind === RISE)?.text ?? null;
}

/** As it is kept: over when its day was. The ticks leave it alone. */
export function closed({ incident }: Alert): Incident {
  return { ...incident, state: 'resolved', resolvedAt: incident.lastEvidenceAt };
}

function dayText(dayAt: EpochMs): string {
  return toIso(dayAt).slice(0, 10);
}

function evidenceOf({ dayAt, service, usageType, usd, usualUsd, functions }: DailyAnomaly): Evidence[] {
  const what = usageType === null ? service : `${service} ${usageType}`;
  const day = dayText(dayAt);
  const usual =
    usualUsd > 0
      ? `usually ${formatUsd(usualUsd)} on such a day (${Math.round((usd / usualUsd - 1) * 100)} % more)`
      : 'where it usually costs nothing';
  return [
    { kind: 'billed', text: `${what} cost ${formatUsd(usd)} on ${day}, ${usual}` },
    ...functions.map((riser) => ({
      kind: 'riser',
      text: `${riser.functionName}: about ${formatUsd(riser.usd)} that day, usually ${formatUsd(riser.usualUsd)} (own estimates)`,
    })),
  ];
}
