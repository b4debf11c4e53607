import type { Alert } from './alert.ts';
import type { Incident } from './incident.ts';
import { toIso, toIsoOrNull } from './time.ts';

/**
 * The JSON form of an incident that every machine output shares: `backtest`, `watch --json`, SNS, EventBridge.
 * Instants are ISO 8601 in UTC; dollars are rounded to a millionth; a figure that is not finite is `null`.
 */
export interface IncidentJson {
  readonly id: string;
  readonly detector: string;
  readonly function: string | null;
  readonly queue: string | null;
  readonly functions: readonly string[];
  readonly severity: string;
  readonly onsetAt: string;
  /** Tick of the first alert. */
  readonly openedAt: string | null;
  readonly criticalAt: string | null;
  readonly resolvedAt: string | null;
  readonly burn: BurnJson;
  readonly recommendation: { readonly lever: string; readonly command: string };
  readonly state: string;
  /** Everything that was found to have this one cause, its own detector first. */
  readonly detectors: readonly string[];
  readonly queues: readonly string[];
  readonly pendingAt: string;
  readonly lastEvidenceAt: string;
  readonly evaluatedAt: string;
  readonly evidence: readonly { readonly kind: string; readonly text: string }[];
  readonly amplification: AmplificationJson | null;
  readonly delayInRetryCycles: number | null;
  readonly loss: LossJson | null;
  readonly reopened: number;
}

interface BurnJson {
  readonly usdPerHour: number | null;
  readonly wastedUsd: number | null;
  readonly projectedUsd: number | null;
  /** `null`: it never ends by itself. */
  readonly endsBy: string | null;
  readonly wastedUsdPerHour: number | null;
  /** Minutes over which dollars an hour are averaged; `null`: the newest few. */
  readonly averagedMinutes: number | null;
  readonly projected24hUsd: number | null;
  readonly endsBecause: string;
  readonly measuredShare: number | null;
  readonly assumptions: readonly string[];
}

interface AmplificationJson {
  /** `null` where it cannot be said, and where nothing was deleted at all. */
  readonly receivesPerDelete: number | null;
  readonly nothingDeleted: boolean;
  readonly invocationsPerUnit: number | null;
}

interface LossJson {
  readonly lost: number;
  readonly lostPerHour: number;
  readonly expiresAt: string | null;
}

export function incidentJson(incident: Incident): IncidentJson {
  return {
    id: incident.id,
    detector: incident.detector,
    function: incident.functionName,
    queue: incident.queueName,
    functions: incident.functions,
    severity: incident.severity,
    onsetAt: toIso(incident.onsetAt),
    openedAt: toIsoOrNull(incident.openedAt),
    criticalAt: toIsoOrNull(incident.criticalAt),
    resolvedAt: toIsoOrNull(incident.resolvedAt),
    burn: burnJson(incident.burn),
    recommendation: { lever: incident.recommendation.lever, command: incident.recommendation.command },
    state: incident.state,
    detectors: incident.detectors,
    queues: incident.queues,
    pendingAt: toIso(incident.pendingAt),
    lastEvidenceAt: toIso(incident.lastEvidenceAt),
    evaluatedAt: toIso(incident.evaluatedAt),
    evidence: incident.evidence.map(({ kind, text }) => ({ kind, text })),
    amplification: amplificationJson(incident.amplification),
    delayInRetryCycles: finite(incident.delayInRetryCycles),
    loss: lossJson(incident.loss),
    reopened: incident.reopened,
  };
}

/** An alert as machines get it (SNS to queues, functions and endpoints; EventBridge detail; `watch --json`). */
export interface AlertJson {
  readonly format: 'firebreak-alert/1';
  /** The same alert has the same key, however often it is delivered. */
  readonly key: string;
  readonly transition: string;
  readonly reason: string;
  readonly at: string;
  readonly account: string;
  readonly region: string;
  readonly incident: IncidentJson;
}

export function alertJson(alert: Alert): AlertJson {
  return {
    format: 'firebreak-alert/1',
    key: alert.key,
    transition: alert.transition,
    reason: alert.reason,
    at: toIso(alert.at),
    account: alert.account,
    region: alert.region,
    incident: incidentJson(alert.incident),
  };
}

function burnJson(burn: Incident['burn']): BurnJson {
  return {
    usdPerHour: finite(burn.usdPerHour),
    wastedUsd: finite(burn.wastedUsd),
    projectedUsd: finite(burn.projectedUsd),
    endsBy: toIsoOrNull(burn.endsAt),
    wastedUsdPerHour: finite(burn.wastedUsdPerHour),
    averagedMinutes: burn.averagedMinutes ?? null,
    projected24hUsd: finite(burn.projected24hUsd),
    endsBecause: burn.endsBecause,
    measuredShare: finite(burn.measuredShare),
    assumptions: burn.assumptions,
  };
}

function amplificationJson(amplification: Incident['amplification']): AmplificationJson | null {
  if (amplification === null) return null;
  return {
    receivesPerDelete: finite(amplification.receivesPerDelete),
    nothingDeleted: amplification.receivesPerDelete === Number.POSITIVE_INFINITY,
    invocationsPerUnit: finite(amplification.invocationsPerUnit),
  };
}

function lossJson(loss: Incident['loss']): LossJson | null {
  if (loss === null) return null;
  return { lost: loss.lost, lostPerHour: loss.lostPerHour, expiresAt: toIsoOrNull(loss.expiresAt) };
}

/** Rounded to a millionth, so that summing order does not show; `null` for what is not a number. */
function finite(value: number | null): number | null {
  if (value === null || !Number.isFinite(value)) return null;
  return Math.round(value * 1e6) / 1e6;
}
