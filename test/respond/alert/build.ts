import type { Alert, AlertReason, Transition } from '../../../src/model/alert.ts';
import type { Burn, Incident } from '../../../src/model/incident.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../src/model/time.ts';

/** 2026-11-01 04:12 UTC: a Sunday, before dawn. */
export const ONSET_AT = Date.UTC(2026, 10, 1, 4, 12);

export function burnOf(over: Partial<Burn> = {}): Burn {
  return {
    usdPerHour: 64,
    wastedUsdPerHour: 61.3,
    wastedUsd: 3.07,
    projectedUsd: 5_885,
    projected24hUsd: 1_471,
    endsAt: ONSET_AT + 4 * DAY_MS,
    endsBecause: 'the last message expires',
    measuredShare: 1,
    assumptions: [],
    ...over,
  };
}

/** `orders-worker` times out on every message of `orders`, three minutes in. */
export function incidentOf(over: Partial<Incident> = {}): Incident {
  return {
    id: 'retry-loop-orders-worker-20261101-0412',
    detector: 'retry-loop',
    detectors: ['retry-loop'],
    functionName: 'orders-worker',
    queueName: 'orders',
    functions: ['orders-worker'],
    queues: ['orders'],
    state: 'open',
    severity: 'warning',
    onsetAt: ONSET_AT,
    pendingAt: ONSET_AT + 2 * MINUTE_MS,
    openedAt: ONSET_AT + 3 * MINUTE_MS,
    criticalAt: null,
    resolvedAt: null,
    lastEvidenceAt: ONSET_AT + 3 * MINUTE_MS,
    evaluatedAt: ONSET_AT + 3 * MINUTE_MS,
    evidence: [
      { kind: 'received-exceeds-deleted', text: 'orders: 412 messages received, 29 deleted, 31 sent' },
      { kind: 'at-timeout', text: 'orders-worker: 118 invocations ran into the timeout of 300 s' },
    ],
    amplification: { receivesPerDelete: 14.2, invocationsPerUnit: null },
    delayInRetryCycles: 0.1,
    loss: null,
    burn: burnOf(),
    accounted: {
      untilAt: ONSET_AT,
      wastedUsd: 0,
      spentUsd: 0,
      received: 0,
      deleted: 0,
      invocations: 0,
    },
    recommendation: { lever: 'disable-event-source', command: 'firebreak kill orders-worker' },
    alertedWastedUsd: 3.07,
    alertedAt: ONSET_AT + 3 * MINUTE_MS,
    reopened: 0,
    ...over,
  };
}

/** The reason that usually comes with each transition. */
const REASONS: Readonly<Record<Transition, AlertReason>> = {
  opened: 'first-evidence-is-enough',
  critical: 'money-at-stake',
  reminder: 'waste-doubled',
  reopened: 'came-back',
  resolved: 'quiet-again',
  killed: 'kill-switch-used',
  canary: 'kill-switch-used',
  restored: 'kill-switch-used',
  expiring: 'messages-will-expire',
  test: 'requested-by-a-person',
};

export function alertOf(over: Partial<Alert> = {}): Alert {
  const incident = over.incident ?? incidentOf();
  const transition = over.transition ?? 'opened';
  return {
    key: `${incident.id}#${transition}`,
    transition,
    reason: REASONS[transition],
    at: incident.evaluatedAt,
    account: '111122223333',
    region: 'us-east-1',
    ...over,
    incident,
  };
}

/** One alert per moment in the life of the incident, as they would be sent. */
export function storyOfANight(): Readonly<Record<Transition, Alert>> {
  const critical = incidentOf({
    state: 'critical',
    severity: 'critical',
    criticalAt: ONSET_AT + 5 * MINUTE_MS,
    evaluatedAt: ONSET_AT + 5 * MINUTE_MS,
    lastEvidenceAt: ONSET_AT + 5 * MINUTE_MS,
    burn: burnOf({ wastedUsd: 5.11 }),
  });
  const later = (minutes: number, over: Partial<Incident> = {}): Incident => ({
    ...critical,
    evaluatedAt: ONSET_AT + minutes * MINUTE_MS,
    lastEvidenceAt: ONSET_AT + minutes * MINUTE_MS,
    ...over,
  });
  const resolved = later(160, {
    state: 'resolved',
    lastEvidenceAt: ONSET_AT + 2 * HOUR_MS + 10 * MINUTE_MS,
    resolvedAt: ONSET_AT + 160 * MINUTE_MS,
    burn: burnOf({
      wastedUsdPerHour: 0,
      usdPerHour: 2.7,
      wastedUsd: 132.4,
      projectedUsd: 0,
      projected24hUsd: 0,
    }),
  });
  return {
    opened: alertOf(),
    critical: alertOf({ transition: 'critical', incident: critical }),
    reminder: alertOf({
      transition: 'reminder',
      incident: later(12, { burn: burnOf({ wastedUsd: 12.3 }) }),
    }),
    reopened: alertOf({
      transition: 'reopened',
      incident: later(200, { burn: burnOf({ wastedUsd: 140.2 }), reopened: 1 }),
    }),
    resolved: alertOf({ transition: 'resolved', incident: resolved }),
    killed: alertOf({ transition: 'killed', incident: later(18, { burn: burnOf({ wastedUsd: 18.4 }) }) }),
    canary: alertOf({ transition: 'canary', incident: resolved }),
    restored: alertOf({ transition: 'restored', incident: resolved }),
    expiring: alertOf({
      transition: 'expiring',
      incident: later(18, { loss: { lost: 0, lostPerHour: 0, expiresAt: ONSET_AT + 4 * 24 * HOUR_MS } }),
    }),
    test: alertOf({ transition: 'test' }),
  };
}
