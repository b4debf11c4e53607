import { type AuditReport, audit } from '../../src/audit/audit.ts';
import type {
  AuditAlarm,
  AuditEventSource,
  AuditFunction,
  AuditQueue,
  AuditSubject,
  ObservedUse,
} from '../../src/audit/subject.ts';
import type { Suppression } from '../../src/audit/suppressions.ts';
import { pricesFor } from '../../src/price/lambda-price.ts';

export const NOW = Date.parse('2026-11-24T12:00:00Z');

export const OBSERVED: ObservedUse = {
  invocations: 1000,
  maxDurationMs: 9_000,
  averageBilledMs: 400,
  maxMemoryUsedMB: 300,
  coldStarts: 10,
  averageInitMs: 300,
  averageFirstRunMs: 450,
  medianWarmRunMs: 390,
  logBytesPerDay: 1e6,
  hours: 24,
};

/** A function that every rule passes. */
export function fn(overrides: Partial<AuditFunction> = {}): AuditFunction {
  return {
    name: 'worker',
    runtime: 'nodejs24.x',
    memoryMB: 512,
    timeoutSeconds: 30,
    architecture: 'arm64',
    ephemeralStorageMB: 512,
    billing: 'on-demand',
    packageBytes: 900_000,
    reservedConcurrency: null,
    provisionedConcurrency: [],
    recursiveLoop: 'Terminate',
    deadLetterTarget: null,
    asyncInvoke: { maximumRetryAttempts: 1, maximumEventAgeSeconds: 900, onFailure: 'failures' },
    asyncInvokers: [],
    syncInvokers: [],
    tracing: 'Active',
    logFormat: 'JSON',
    logGroup: { name: '/aws/lambda/worker', retentionDays: 30, storedBytes: 1e9 },
    role: 'worker-role',
    environment: [{ name: 'TABLE_NAME', looksLike: null }],
    eventSources: [sqs()],
    observed: OBSERVED,
    ...overrides,
  };
}

export function sqs(overrides: Partial<AuditEventSource> = {}): AuditEventSource {
  return {
    id: 'mapping-1',
    kind: 'sqs',
    source: 'orders',
    enabled: true,
    batchSize: 10,
    maximumBatchingWindowSeconds: 0,
    maximumConcurrency: 10,
    maximumPollers: null,
    partialBatchResponses: true,
    ...overrides,
  };
}

export function stream(overrides: Partial<AuditEventSource> = {}): AuditEventSource {
  return {
    id: 'mapping-2',
    kind: 'dynamodb',
    source: 'orders-table',
    enabled: true,
    batchSize: 100,
    maximumRetryAttempts: 5,
    maximumRecordAgeSeconds: 3600,
    bisectOnError: true,
    parallelizationFactor: 1,
    onFailure: 'failures',
    ...overrides,
  };
}

export function queue(overrides: Partial<AuditQueue> = {}): AuditQueue {
  return {
    name: 'orders',
    fifo: false,
    visibilityTimeoutSeconds: 180,
    messageRetentionSeconds: 345_600,
    redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
    ...overrides,
  };
}

export const DLQ = queue({
  name: 'orders-dlq',
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 1_209_600,
  redrive: null,
});

export function alarm(
  namespace: string,
  metric: string,
  dimensions: Record<string, string> = {},
): AuditAlarm {
  return { name: `${metric}-alarm`, notifies: true, metrics: [{ namespace, metric, dimensions }] };
}

export const ALARMS: readonly AuditAlarm[] = [
  ...['Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'].map((metric) => alarm('AWS/Lambda', metric)),
  alarm('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName: 'orders-dlq' }),
];

/** An account in which every rule passes: a queue worker, its queues, a role of its own, alarms. */
export function subject(overrides: Partial<AuditSubject> = {}): AuditSubject {
  return {
    origin: { kind: 'account', account: '111111111111' },
    region: 'us-east-1',
    readAt: NOW,
    accountConcurrencyLimit: 1000,
    functions: [fn()],
    queues: [queue(), DLQ],
    alarms: ALARMS,
    roles: new Map([
      [
        'worker-role',
        {
          id: 'worker-role',
          managedPolicies: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
          allows: [
            { policy: 'own', actions: ['dynamodb:GetItem'], resources: ['arn:aws:dynamodb:::table/t'] },
          ],
        },
      ],
    ]),
    unusedAccess: new Map(),
    gaps: [],
    ...overrides,
  };
}

export function auditOf(
  overrides: Partial<AuditSubject> = {},
  suppressions: readonly Suppression[] = [],
): AuditReport {
  const audited = subject(overrides);
  return audit({ subject: audited, prices: pricesFor(audited.region), pricing: {}, now: NOW, suppressions });
}
