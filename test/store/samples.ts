import fc from 'fast-check';
import type { Alert } from '../../src/model/alert.ts';
import type { Baselines, FunctionBaseline, QueueBaseline } from '../../src/model/baseline.ts';
import type { BillNote } from '../../src/model/bill.ts';
import type { BudgetSpend } from '../../src/model/budget.ts';
import type { Incident } from '../../src/model/incident.ts';
import type { KillRecord } from '../../src/model/kill.ts';

/** 2026-11-01T04:12:00Z */
export const AT = Date.UTC(2026, 10, 1, 4, 12);

export function incidentOf(changes: Partial<Incident> = {}): Incident {
  return {
    id: 'retry-loop-orders-worker-20261101-0412',
    detector: 'retry-loop',
    detectors: ['retry-loop', 'error-storm'],
    functionName: 'orders-worker',
    queueName: 'orders',
    functions: ['orders-worker'],
    queues: ['orders'],
    state: 'critical',
    severity: 'critical',
    onsetAt: AT,
    pendingAt: AT + 60_000,
    openedAt: AT + 120_000,
    criticalAt: AT + 120_000,
    resolvedAt: null,
    lastEvidenceAt: AT + 180_000,
    evaluatedAt: AT + 240_000,
    evidence: [{ kind: 'failed-share', text: 'Every receive since 04:12 failed' }],
    amplification: { receivesPerDelete: Number.POSITIVE_INFINITY, invocationsPerUnit: 4.5 },
    delayInRetryCycles: 4,
    loss: { lost: 12, lostPerHour: 90, expiresAt: AT + 86_400_000 },
    burn: {
      usdPerHour: 61.3,
      wastedUsdPerHour: 60,
      wastedUsd: 4.1,
      projectedUsd: 1470,
      projected24hUsd: 1440,
      endsAt: null,
      endsBecause: 'nothing ends it',
      measuredShare: 1,
      assumptions: ['x86_64 price'],
    },
    accounted: { untilAt: AT, wastedUsd: 0, spentUsd: 0, received: 0, deleted: 0, invocations: 0 },
    recommendation: { lever: 'disable-event-source', command: 'firebreak kill orders-worker' },
    alertedWastedUsd: 4.1,
    alertedAt: AT + 120_000,
    reopened: 0,
    ...changes,
  };
}

export function alertOf(changes: Partial<Alert> = {}): Alert {
  const incident = changes.incident ?? incidentOf();
  return {
    key: `${incident.id}#opened`,
    transition: 'opened',
    reason: 'money-at-stake',
    at: AT + 120_000,
    account: '111122223333',
    region: 'eu-west-1',
    ...changes,
    incident,
  };
}

export function killOf(changes: Partial<KillRecord> = {}): KillRecord {
  return {
    id: 'kill-orders-worker-20261101-041500',
    revision: 1,
    functionName: 'orders-worker',
    account: '111122223333',
    region: 'eu-west-1',
    state: 'recorded',
    lever: 'disable-event-source',
    steps: [
      { kind: 'disable-event-source', eventSourceId: 'esm-1', source: 'orders', priorEnabled: true },
      { kind: 'reserved-concurrency-zero', priorReservedConcurrency: null },
    ],
    incidentId: null,
    requestedBy: 'jane',
    reason: 'retry loop',
    recordedAt: AT + 180_000,
    killedAt: null,
    restoredAt: null,
    ...changes,
  };
}

/** Any finite number, NaN and the infinities; no -0, which JSON does not tell from 0. */
const anyNumber = fc.double().map((value) => (Object.is(value, -0) ? 0 : value));
const hoursOfDay = fc
  .array(anyNumber, { minLength: 24, maxLength: 24 })
  .map((values) => Float64Array.from(values));
const anyAt = fc.integer({ min: 0, max: 4e12 });

const functionBaseline: fc.Arbitrary<FunctionBaseline> = fc.record({
  activeHours: fc.nat(),
  hours: fc.nat(),
  isOfWeekend: fc.boolean(),
  invocationsPerHour: anyNumber,
  errorShare: anyNumber,
  errorShareP95: anyNumber,
  throttleShare: anyNumber,
  durationMs: anyNumber,
  durationP95Ms: anyNumber,
  durationMaximumP95Ms: anyNumber,
  concurrencyByHour: hoursOfDay,
  invocationsByHour: hoursOfDay,
  gbSecondsByHour: hoursOfDay,
  invocationsMaximum: anyNumber,
  gbSecondsMaximum: anyNumber,
  concurrencyMaximum: anyNumber,
});

const queueBaseline: fc.Arbitrary<QueueBaseline> = fc.record({
  activeHours: fc.nat(),
  hours: fc.nat(),
  isOfWeekend: fc.boolean(),
  failedReceiveShare: anyNumber,
  failedReceiveShareP95: anyNumber,
  sentPerHour: anyNumber,
  sentMaximum: anyNumber,
  arrivalsPerHour: anyNumber,
  arrivalsMaximum: anyNumber,
});

const calibration = fc.record({
  usageType: fc.string(),
  billedUsd: anyNumber,
  computedUsd: anyNumber,
  quantityRatio: fc.option(anyNumber),
  days: fc.nat(),
  untilAt: anyAt,
  isEstimated: fc.boolean(),
});

const budgetSpend: fc.Arbitrary<BudgetSpend> = fc.record({
  name: fc.string(),
  monthlyUsd: anyNumber,
  kind: fc.constantFrom('account', 'tag', 'function'),
  functions: fc.array(fc.string()),
  untilAt: anyAt,
  hourUsd: fc.array(anyNumber).map((values) => Float64Array.from(values)),
  monthStartAt: anyAt,
  monthUsd: anyNumber,
  monthBasis: fc.constantFrom('bill', 'metrics', 'extrapolated'),
  savingsPlanDiscount: anyNumber,
});

export const anyBill: fc.Arbitrary<BillNote> = fc.record({
  readAt: anyAt,
  untilAt: anyAt,
  monthStartAt: anyAt,
  monthUsd: anyNumber,
  budgets: fc.array(fc.record({ name: fc.string(), usd: anyNumber })),
  calibration: fc.array(calibration),
  anomalies: fc.array(
    fc.record({
      dayAt: anyAt,
      service: fc.string(),
      usageType: fc.option(fc.string()),
      usd: anyNumber,
      usualUsd: anyNumber,
      functions: fc.array(fc.record({ functionName: fc.string(), usd: anyNumber, usualUsd: anyNumber })),
    }),
  ),
  downstream: fc.array(
    fc.record({
      functionName: fc.string(),
      service: fc.string(),
      usdPerInvocation: anyNumber,
      low: anyNumber,
      high: anyNumber,
      days: fc.nat(),
      explained: anyNumber,
      alternatives: fc.array(fc.string()),
    }),
  ),
});

/** Function and queue names, the nastiest legal ones included. */
const anyName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  fc.constantFrom('__proto__', 'constructor', 'Orders', 'orders', 'toString', 'orders.fifo'),
);

export const anyBaselines: fc.Arbitrary<Baselines> = fc.record(
  {
    budgets: fc.array(budgetSpend, { maxLength: 3 }),
    calibration,
    builtAt: anyAt,
    functions: fc
      .array(fc.tuple(anyName, functionBaseline), { maxLength: 5 })
      .map((entries) => new Map(entries)),
    queues: fc.array(fc.tuple(anyName, queueBaseline), { maxLength: 5 }).map((entries) => new Map(entries)),
  },
  { requiredKeys: ['builtAt', 'functions', 'queues'] },
);

export const anyIncident: fc.Arbitrary<Incident> = fc
  .record({
    id: fc.string({ minLength: 1, maxLength: 80 }),
    functionName: fc.option(anyName),
    state: fc.constantFrom('pending', 'open', 'critical', 'resolved'),
    resolvedAt: fc.option(anyAt),
    evaluatedAt: anyAt,
    evidence: fc.array(fc.record({ kind: fc.string(), text: fc.string({ unit: 'binary' }) })),
    amplification: fc.option(
      fc.record({ receivesPerDelete: fc.option(anyNumber), invocationsPerUnit: fc.option(anyNumber) }),
    ),
    delayInRetryCycles: fc.option(anyNumber),
    loss: fc.option(fc.record({ lost: anyNumber, lostPerHour: anyNumber, expiresAt: fc.option(anyAt) })),
    alertedWastedUsd: anyNumber,
  })
  .map((changes) => incidentOf(changes));
