import type { Alert, AlertReason, Transition } from '../model/alert.ts';
import type { Finding } from '../model/finding.ts';
import type { Incident, IncidentState, Recommendation, Severity } from '../model/incident.ts';
import type { Queue } from '../model/inventory.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS, SECOND_MS, toIso } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import type { Assessment } from './assess.ts';
import { isEstablished } from './group.ts';
import { byCause } from './precedence.ts';
import type { Verdict } from './severity.ts';
import { isShared } from './shared-cause.ts';

/** A resolved incident that comes back within this time is the same incident, re-opened. */
export const REOPEN_WITHIN_MS = 2 * HOUR_MS;

/** Whether a tick still has to know of it: it is not over, or may come back. */
export function isKept({ state, resolvedAt }: Incident, now: EpochMs): boolean {
  return state !== 'resolved' || now - (resolvedAt ?? 0) <= REOPEN_WITHIN_MS;
}

const QUIET_MS_MIN = 10 * MINUTE_MS;

/** A pace comes and goes with the hours of a day: it is over when a day has passed without. */
const BUDGET_QUIET_MS = DAY_MS;

/** Redrives come in rounds, with quiet between them: what would be a return by then is the next round. */
const ROUNDS_QUIET_MS = REOPEN_WITHIN_MS;

export interface Observed {
  readonly now: EpochMs;
  readonly window: Window;
  readonly finding: Finding;
  readonly others: readonly Finding[];
  readonly assessment: Assessment;
  readonly verdict: Verdict;
  readonly recommendation: Recommendation;
}

/** The incident as it is after a tick, and what is to be told about it. */
export interface Step {
  readonly incident: Incident;
  readonly transition: Transition | null;
  readonly reason: AlertReason | null;
}

/** A new incident, in state `pending` at the least. */
export function begin(observed: Observed): Step {
  const { finding, now } = observed;
  const functionName = functionNameOf(finding);
  const queueName = finding.queues[0] ?? null;
  const blank: Incident = {
    id: idOf(finding),
    detector: finding.detector,
    detectors: [finding.detector],
    functionName,
    queueName,
    ...(finding.budget === undefined ? {} : { budget: finding.budget.name }),
    functions: finding.functions,
    queues: finding.queues,
    state: 'pending',
    severity: 'info',
    onsetAt: finding.onsetAt,
    pendingAt: now,
    openedAt: null,
    criticalAt: null,
    resolvedAt: null,
    lastEvidenceAt: finding.lastEvidenceAt,
    evaluatedAt: now,
    evidence: [],
    amplification: null,
    delayInRetryCycles: null,
    loss: null,
    burn: observed.assessment.burn,
    accounted: observed.assessment.accounted,
    recommendation: observed.recommendation,
    alertedWastedUsd: 0,
    alertedAt: null,
    reopened: 0,
  };
  return advance(blank, observed);
}

/** The function that it is about; `null`: none, or no single one. */
function functionNameOf({ budget, functions }: Finding): string | null {
  return budget?.isOfMany === true ? null : (functions[0] ?? null);
}

/** `retry-loop-orders-worker-20261101-0412`: readable, and the same for whoever computes it. */
function idOf(finding: Finding): string {
  const subject = subjectOf(finding);
  const stamp = toIso(finding.onsetAt).slice(0, 16).replaceAll('-', '').replace('T', '-').replace(':', '');
  return `${finding.detector}-${subject}-${stamp}`;
}

function subjectOf(finding: Finding): string {
  if (isShared(finding)) return 'fleet';
  if (finding.budget !== undefined) return finding.budget.name.replace(/[^A-Za-z0-9_]+/g, '-');
  return finding.functions[0] ?? finding.queues[0] ?? 'account';
}

/** The same incident, seen again. */
export function advance(incident: Incident, observed: Observed): Step {
  const { now, finding, verdict } = observed;
  const seen = update(incident, observed);
  const wasTold = incident.openedAt !== null;
  if (verdict.severity === null || verdict.severity === 'info') {
    return hold(incident.state === 'resolved' ? incident : seen);
  }
  const reason = verdict.reason as AlertReason;
  const severity = worse(incident.severity, verdict.severity);
  const state: IncidentState = severity === 'critical' ? 'critical' : 'open';
  const next: Incident = {
    ...seen,
    // A suspicion may have begun as another kind, and at another minute, than what people are told of.
    id: wasTold ? incident.id : idOf(finding),
    state,
    severity,
    resolvedAt: null,
    openedAt: incident.openedAt ?? now,
    criticalAt: incident.criticalAt ?? (severity === 'critical' ? now : null),
    delayInRetryCycles: incident.delayInRetryCycles ?? retryCycles(finding, observed.window, now),
  };
  if (incident.state === 'resolved') {
    return tell({ ...next, reopened: incident.reopened + 1 }, 'reopened', 'came-back');
  }
  if (severity === 'critical' && incident.severity !== 'critical') return tell(next, 'critical', reason);
  if (!wasTold) return tell(next, 'opened', reason);
  if (next.burn.wastedUsd >= 2 * incident.alertedWastedUsd && next.burn.wastedUsd >= REMINDER_USD_MIN) {
    return tell(next, 'reminder', 'waste-doubled');
  }
  return hold(next);
}

/** Below this, twice as much is still nothing. */
const REMINDER_USD_MIN = 1;

/**
 * How long it must be quiet to be over: a retry cycle and a bit, ten minutes at least. Without a queue a retry follows at once,
 * and is known once it has run into its timeout too.
 */
function quietMs(
  about: { readonly functions: readonly string[]; readonly queues: readonly string[] },
  window: Window,
): number {
  const queue = queueOf(about.queues[0] ?? null, window);
  const cycleMs = queue === undefined ? 2 * timeoutMs(about.functions[0], window) : retryCycleMs(queue);
  return Math.max(QUIET_MS_MIN, cycleMs + QUIET_MS_MIN / 2);
}

function timeoutMs(functionName: string | undefined, { inventory }: Window): number {
  const fn = inventory.functions.find(({ name }) => name === functionName);
  return (fn?.timeoutSeconds ?? 0) * SECOND_MS;
}

/** A finding whose newest evidence is so old that its incident is over: the window only remembers it. */
export function isPast(finding: Finding, now: EpochMs, window: Window): boolean {
  return now - finding.lastEvidenceAt >= quietMs(finding, window);
}

/** Whether anything about it was read this time. What nobody could look at is not quiet; what is deleted is. */
function isReadable({ functions, queues }: Incident, { inventory, ...window }: Window): boolean {
  const known = inventory.functions.filter(({ name }) => functions.includes(name));
  const listed = inventory.queues.filter(({ name }) => queues.includes(name));
  if (known.length === 0 && listed.length === 0) return true;
  return (
    known.some(({ name }) => window.functions.get(name)?.invocations !== undefined) ||
    listed.some(({ name }) => window.queues.get(name)?.received !== undefined)
  );
}

/**
 * An incident whose function is now part of a larger cause: nothing is told of it while that lasts, and nothing is accounted
 * twice. Once the cause is gone it goes on, or rests, by itself.
 */
export function absorb(incident: Incident, cause: Finding, now: EpochMs): Step {
  if (incident.state === 'resolved') return hold(incident);
  return hold({
    ...incident,
    evaluatedAt: now,
    lastEvidenceAt: Math.max(incident.lastEvidenceAt, cause.lastEvidenceAt),
    accounted: { ...incident.accounted, untilAt: now, wastedUsd: incident.burn.wastedUsd },
  });
}

/** How long an incident without a finding must have been quiet. */
function restMs(incident: Incident, window: Window): number {
  if (incident.budget !== undefined) return BUDGET_QUIET_MS;
  if (incident.detectors.includes('redrive-ping-pong')) return ROUNDS_QUIET_MS;
  const quiet = quietMs(incident, window);
  // What comes back again and again is not over sooner each time: nobody wants to hear of every pause.
  return Math.max(quiet, Math.min(REOPEN_WITHIN_MS, quiet * 2 ** incident.reopened));
}

/** An incident without a finding at this tick: resolved once it has been quiet for long enough. */
export function rest(incident: Incident, now: EpochMs, window: Window): Step {
  if (incident.state === 'resolved') return hold(incident);
  if (!isReadable(incident, window) || now - incident.lastEvidenceAt < restMs(incident, window))
    return hold({ ...incident, evaluatedAt: now });
  const burn = {
    ...incident.burn,
    projectedUsd: 0,
    projected24hUsd: 0,
    endsAt: incident.lastEvidenceAt,
    endsBecause: 'it has stopped',
  };
  // What was wasted is final now; a return is accounted from here on.
  const accounted = { ...incident.accounted, untilAt: now, wastedUsd: burn.wastedUsd };
  const resolved: Incident = {
    ...incident,
    state: 'resolved',
    resolvedAt: now,
    evaluatedAt: now,
    burn,
    accounted,
  };
  return incident.openedAt === null ? hold(resolved) : tell(resolved, 'resolved', 'quiet-again');
}

/** Onsets are estimates: a cause may seem to begin so much after what it explains. */
const CAUSE_LATE_MS = 10 * MINUTE_MS;

/** Lines of evidence that are kept: the strongest come first, and a cause may have hundreds of consequences. */
const EVIDENCE_MAX = 20;

function update(incident: Incident, observed: Observed): Incident {
  const { finding, others, assessment } = observed;
  const detectors = [finding, ...others].map(({ detector }) => detector);
  // What is only emerging does not rename what people were told of, nor what began long after it: that is no cause of it.
  // It may be the cause of a return.
  const isCause =
    isEstablished(finding) &&
    byCause(finding.detector, incident.detector) < 0 &&
    (incident.state === 'resolved' || finding.onsetAt <= incident.onsetAt + CAUSE_LATE_MS);
  const isStronger = isCause || incident.openedAt === null;
  return {
    ...incident,
    detector: isStronger ? finding.detector : incident.detector,
    detectors: [...new Set([...incident.detectors, ...detectors])].sort(byCause),
    functionName: incident.functionName ?? functionNameOf(finding),
    queueName: incident.queueName ?? finding.queues[0] ?? null,
    functions: [
      ...new Set([...incident.functions, ...[finding, ...others].flatMap(({ functions }) => functions)]),
    ],
    queues: [...new Set([...incident.queues, ...[finding, ...others].flatMap(({ queues }) => queues)])],
    // Until somebody was told, the estimate may still move; later it only moves back.
    onsetAt: incident.openedAt === null ? finding.onsetAt : Math.min(incident.onsetAt, finding.onsetAt),
    lastEvidenceAt: Math.max(incident.lastEvidenceAt, finding.lastEvidenceAt),
    evaluatedAt: observed.now,
    evidence: [...finding.evidence, ...others.flatMap(({ evidence }) => evidence)].slice(0, EVIDENCE_MAX),
    amplification: finding.amplification,
    loss: finding.loss,
    burn: assessment.burn,
    accounted: assessment.accounted,
    recommendation: observed.recommendation,
  };
}

/** Over before anybody was told. */
export function isForgotten({ state, openedAt }: Incident): boolean {
  return state === 'resolved' && openedAt === null;
}

function tell(incident: Incident, transition: Transition, reason: AlertReason): Step {
  const told = { ...incident, alertedAt: incident.evaluatedAt, alertedWastedUsd: incident.burn.wastedUsd };
  return { incident: told, transition, reason };
}

function hold(incident: Incident): Step {
  return { incident, transition: null, reason: null };
}

const ORDER: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

function worse(a: Severity, b: Severity): Severity {
  return ORDER[a] >= ORDER[b] ? a : b;
}

/** A stable key for each alert: a tick that is repeated makes the same one. */
export function alertOf(
  step: Step,
  place: { readonly account: string; readonly region: string },
): Alert | null {
  const { incident, transition, reason } = step;
  if (transition === null || reason === null) return null;
  const nth =
    transition === 'reminder' ? `#${Math.floor(Math.log2(Math.max(1, incident.burn.wastedUsd)))}` : '';
  const round = incident.reopened > 0 ? `#${incident.reopened}` : '';
  return {
    key: `${incident.id}#${transition}${nth}${round}`,
    transition,
    reason,
    at: incident.evaluatedAt,
    incident,
    ...place,
  };
}

function queueOf(name: string | null, window: Window): Queue | undefined {
  return window.inventory.queues.find((queue) => queue.name === name);
}

function retryCycleMs(queue: Queue | undefined): number {
  return (queue?.visibilityTimeoutSeconds ?? 0) * SECOND_MS;
}

function retryCycles(finding: Finding, window: Window, now: EpochMs): number | null {
  const cycleMs = retryCycleMs(queueOf(finding.queues[0] ?? null, window));
  return cycleMs > 0 ? (now - finding.onsetAt) / cycleMs : null;
}
