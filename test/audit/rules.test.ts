import { describe, expect, it } from 'vitest';
import { AUDIT_RULES } from '../../src/audit/registry.ts';
import type { AuditSeverity } from '../../src/audit/rule.ts';
import type { AuditFunction, AuditSubject, UnusedAccess } from '../../src/audit/subject.ts';
import { ALARMS, alarm, auditOf, DLQ, fn, OBSERVED, queue, sqs, stream, subject } from './builders.ts';

interface Case {
  readonly rule: string;
  /** What is wrong, as a sentence. */
  readonly defect: string;
  readonly planted: Partial<AuditSubject>;
  readonly resource: string;
  readonly severity: AuditSeverity;
  readonly evidence: RegExp;
  /** Dollars at stake, where the rule knows them. */
  readonly usd?: number;
}

const one = (overrides: Partial<AuditFunction>): Partial<AuditSubject> => ({ functions: [fn(overrides)] });
const orders = (overrides: Parameters<typeof queue>[0]): Partial<AuditSubject> => ({
  queues: [queue(overrides), DLQ],
});
const streaming = (overrides: Parameters<typeof stream>[0]): Partial<AuditSubject> =>
  one({ eventSources: [stream(overrides)], reservedConcurrency: 20 });
const roleWith = (allows: { actions: string[]; resources: string[] }[], managedPolicies: string[] = []) => ({
  roles: new Map([
    [
      'worker-role',
      { id: 'worker-role', managedPolicies, allows: allows.map((allow) => ({ policy: 'p', ...allow })) },
    ],
  ]),
});

const ANALYZER = 'arn:aws:access-analyzer:us-east-1:111111111111:analyzer/unused';
const notUsed = (
  unused: UnusedAccess['unused'],
  services?: UnusedAccess['services'],
  role = 'worker-role',
): Partial<AuditSubject> => ({
  unusedAccess: new Map([[role, { analyzerArn: ANALYZER, findingId: 'finding-1', unused, services }]]),
});

/** 512 MB on arm64, per second. */
const SECOND_USD = 0.5 * 0.0000133334;

const CASES: readonly Case[] = [
  {
    rule: 'concurrency-unbounded',
    defect: 'a queue worker without any limit',
    planted: one({ eventSources: [sqs({ maximumConcurrency: null })] }),
    resource: 'worker',
    severity: 'medium',
    evidence: /up to 1,000 at once \(account limit\)/,
    usd: 1000 * 3600 * SECOND_USD,
  },
  {
    rule: 'concurrency-unbounded',
    defect: 'a large one, whose worst hour is dear',
    planted: one({ eventSources: [sqs({ maximumConcurrency: null })], memoryMB: 3008 }),
    resource: 'worker',
    severity: 'high',
    evidence: /\$141\.00 an hour/,
  },
  {
    rule: 'concurrency-unbounded',
    defect: 'poller ramp below a raised account limit',
    planted: {
      accountConcurrencyLimit: 10_000,
      ...one({ eventSources: [sqs({ maximumConcurrency: null })] }),
    },
    resource: 'worker',
    severity: 'high',
    evidence: /up to 1,250 at once \(poller ramp\)/,
  },
  {
    rule: 'concurrency-below-mapping',
    defect: 'a reservation below MaximumConcurrency',
    planted: one({ reservedConcurrency: 5 }),
    resource: 'worker',
    severity: 'medium',
    evidence: /reserved concurrency 5, its queues may ask for 10/,
  },
  {
    rule: 'concurrency-below-mapping',
    defect: 'concurrency 0 while the mapping still polls',
    planted: one({ reservedConcurrency: 0 }),
    resource: 'worker',
    severity: 'high',
    evidence: /every receive is throttled/,
  },
  {
    rule: 'recursion-allowed',
    defect: 'recursion detection set to Allow',
    planted: one({ recursiveLoop: 'Allow' }),
    resource: 'worker',
    severity: 'high',
    evidence: /RecursiveLoop is Allow/,
  },
  {
    rule: 'queue-no-redrive',
    defect: 'a queue without redrive policy',
    planted: orders({ redrive: null, visibilityTimeoutSeconds: 180 }),
    resource: 'orders -> worker',
    severity: 'high',
    evidence: /one poison message makes 1,920 attempts in 4 d/,
    usd: 1920 * (30 * SECOND_USD + 2e-7),
  },
  {
    rule: 'queue-max-receive-low',
    defect: 'three receives',
    planted: orders({ redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 3 } }),
    resource: 'orders -> worker',
    severity: 'medium',
    evidence: /maxReceiveCount 3/,
  },
  {
    rule: 'queue-max-receive-high',
    defect: 'a thousand receives',
    planted: orders({ redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 1000 } }),
    resource: 'orders -> worker',
    severity: 'medium',
    evidence: /maxReceiveCount 1,000: one poison message makes 1,000 attempts in 2 d 2 h/,
    usd: 1000 * (30 * SECOND_USD + 2e-7),
  },
  {
    rule: 'queue-visibility-short',
    defect: 'visibility timeout below six function timeouts',
    planted: orders({ visibilityTimeoutSeconds: 60 }),
    resource: 'orders -> worker',
    severity: 'medium',
    evidence: /visibility timeout 60 s, function timeout 30 s: 180 s advised/,
  },
  {
    rule: 'queue-visibility-short',
    defect: 'visibility timeout below the function timeout',
    planted: orders({ visibilityTimeoutSeconds: 20 }),
    resource: 'orders -> worker',
    severity: 'high',
    evidence: /20 s/,
  },
  {
    rule: 'queue-visibility-short',
    defect: 'a batching window on top',
    planted: one({ eventSources: [sqs({ maximumBatchingWindowSeconds: 100 })] }),
    resource: 'orders -> worker',
    severity: 'medium',
    evidence: /280 s advised/,
  },
  {
    rule: 'dlq-retention-short',
    defect: 'dead letters kept as long as the source keeps messages',
    planted: { queues: [queue(), { ...DLQ, messageRetentionSeconds: 345_600 }] },
    resource: 'orders-dlq',
    severity: 'medium',
    evidence: /kept 4 d, its source keeps 4 d/,
  },
  {
    rule: 'dlq-no-alarm',
    defect: 'no alarm on the dead-letter queue',
    planted: { alarms: ALARMS.slice(0, 4) },
    resource: 'orders-dlq',
    severity: 'medium',
    evidence: /no alarm on ApproximateNumberOfMessagesVisible/,
  },
  {
    rule: 'dlq-no-alarm',
    defect: 'an alarm on a metric that redrive does not move',
    planted: {
      alarms: [...ALARMS.slice(0, 4), alarm('AWS/SQS', 'NumberOfMessagesSent', { QueueName: 'orders-dlq' })],
    },
    resource: 'orders-dlq',
    severity: 'medium',
    evidence: /NumberOfMessagesSent, which does not count/,
  },
  {
    rule: 'stream-unbounded-retry',
    defect: 'unlimited retries and age',
    planted: streaming({ maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1 }),
    resource: 'orders-table -> worker',
    severity: 'high',
    evidence: /one bad record makes 2,880 attempts in 1 d/,
    usd: 2880 * (30 * SECOND_USD + 2e-7),
  },
  {
    rule: 'stream-no-bisect',
    defect: 'no bisecting',
    planted: streaming({ bisectOnError: false }),
    resource: 'orders-table -> worker',
    severity: 'low',
    evidence: /BisectBatchOnFunctionError is off/,
  },
  {
    rule: 'stream-no-failure-destination',
    defect: 'no on-failure destination',
    planted: streaming({ onFailure: null }),
    resource: 'orders-table -> worker',
    severity: 'medium',
    evidence: /no on-failure destination/,
  },
  {
    rule: 'async-no-failure-destination',
    defect: 'SNS invokes it, failures go nowhere',
    planted: one({
      asyncInvokers: ['SNS'],
      asyncInvoke: { maximumRetryAttempts: 1, maximumEventAgeSeconds: 900, onFailure: null },
    }),
    resource: 'worker',
    severity: 'high',
    evidence: /invoked by SNS; no dead-letter queue/,
  },
  {
    rule: 'async-retries-default',
    defect: 'retries never chosen',
    planted: one({ asyncInvokers: ['S3'], asyncInvoke: null, deadLetterTarget: 'dlq' }),
    resource: 'worker',
    severity: 'low',
    evidence: /default of 2 retries/,
    usd: 2 * (30 * SECOND_USD + 2e-7),
  },
  {
    rule: 'async-event-age-default',
    defect: 'event age never chosen',
    planted: one({ asyncInvokers: ['S3'], asyncInvoke: null, deadLetterTarget: 'dlq' }),
    resource: 'worker',
    severity: 'low',
    evidence: /6 h/,
  },
  {
    rule: 'timeout-maximum',
    defect: 'fifteen minutes',
    planted: one({ timeoutSeconds: 900 }),
    resource: 'worker',
    severity: 'medium',
    evidence: /timeout 15 min: an attempt that hangs costs/,
    usd: 900 * SECOND_USD + 2e-7,
  },
  {
    rule: 'timeout-far-above-real',
    defect: 'two minutes for runs of two seconds',
    planted: one({ timeoutSeconds: 120, observed: { ...OBSERVED, maxDurationMs: 2_000 } }),
    resource: 'worker',
    severity: 'low',
    evidence: /timeout 2 min, longest of 1,000 runs 2,000 ms/,
    usd: (120 * SECOND_USD + 2e-7) * (1 - 6 / 120),
  },
  {
    rule: 'timeout-too-close',
    defect: 'runs of 28 s with a timeout of 30 s',
    planted: one({ observed: { ...OBSERVED, maxDurationMs: 28_000 } }),
    resource: 'worker',
    severity: 'medium',
    evidence: /longest run 28,000 ms of 30,000 ms/,
  },
  {
    rule: 'memory-default',
    defect: '128 MB',
    planted: one({ memoryMB: 128, observed: { ...OBSERVED, maxMemoryUsedMB: 90 } }),
    resource: 'worker',
    severity: 'low',
    evidence: /128 MB/,
  },
  {
    rule: 'memory-tight',
    defect: '500 of 512 MB',
    planted: one({ observed: { ...OBSERVED, maxMemoryUsedMB: 500 } }),
    resource: 'worker',
    severity: 'medium',
    evidence: /used 500 of 512 MB/,
  },
  {
    rule: 'memory-oversized',
    defect: '100 of 1,024 MB',
    planted: one({ memoryMB: 1024, observed: { ...OBSERVED, maxMemoryUsedMB: 100 } }),
    resource: 'worker',
    severity: 'low',
    evidence: /used at most 100 of 1,024 MB/,
    usd: ((1024 - 192) / 1024) * (1000 / 24) * 720 * 0.4 * 0.0000133334,
  },
  {
    rule: 'package-large',
    defect: '12 MB',
    planted: one({ packageBytes: 12 * 1024 ** 2 }),
    resource: 'worker',
    severity: 'low',
    evidence: /12 MB zipped/,
  },
  {
    rule: 'package-large',
    defect: '45 MB',
    planted: one({ packageBytes: 45 * 1024 ** 2 }),
    resource: 'worker',
    severity: 'medium',
    evidence: /45 MB zipped/,
  },
  {
    rule: 'init-slow',
    defect: 'cold starts of two seconds',
    planted: one({ observed: { ...OBSERVED, averageInitMs: 2_000 } }),
    resource: 'worker',
    severity: 'low',
    evidence: /2,000 ms INIT on average over 10 cold starts/,
    usd: 10 * 30 * 2 * SECOND_USD,
  },
  {
    rule: 'init-in-handler',
    defect: 'a first run of three seconds, others of half a second',
    planted: one({ observed: { ...OBSERVED, averageFirstRunMs: 3_000, medianWarmRunMs: 500 } }),
    resource: 'worker',
    severity: 'low',
    evidence: /first run of an environment takes 3,000 ms, the others 500 ms, INIT only 300 ms/,
  },
  {
    rule: 'provisioned-idle',
    defect: 'ten kept, one used',
    planted: one({
      provisionedConcurrency: [
        { qualifier: 'live', executions: 10, utilizationMaximum: 0.1, spilloverInvocations: 0 },
      ],
    }),
    resource: 'worker',
    severity: 'medium',
    evidence: /live: 10 kept ready, at most 10 % used/,
    usd: 9 * 720 * 3600 * 0.5 * 0.0000033334,
  },
  {
    rule: 'provisioned-spilling',
    defect: 'spillover',
    planted: one({
      provisionedConcurrency: [
        { qualifier: 'live', executions: 10, utilizationMaximum: 1, spilloverInvocations: 12 },
      ],
    }),
    resource: 'worker',
    severity: 'low',
    evidence: /12 invocations in a day found none of 10/,
  },
  {
    rule: 'role-shared',
    defect: 'two functions with one role',
    planted: { functions: [fn(), fn({ name: 'other', eventSources: [] })] },
    resource: 'worker-role',
    severity: 'low',
    evidence: /2 functions: worker, other/,
  },
  {
    rule: 'role-administrator',
    defect: 'AdministratorAccess attached',
    planted: roleWith([], ['arn:aws:iam::aws:policy/AdministratorAccess']),
    resource: 'worker-role',
    severity: 'high',
    evidence: /AdministratorAccess/,
  },
  {
    rule: 'role-administrator',
    defect: 'an inline policy of stars',
    planted: roleWith([{ actions: ['*'], resources: ['*'] }]),
    resource: 'worker-role',
    severity: 'high',
    evidence: /all actions on all resources/,
  },
  {
    rule: 'role-wildcard',
    defect: 'a whole service on everything',
    planted: roleWith([{ actions: ['s3:*'], resources: ['*'] }]),
    resource: 'worker-role',
    severity: 'medium',
    evidence: /s3:\* on every resource/,
  },
  {
    rule: 'role-wildcard',
    defect: 'a FullAccess policy',
    planted: roleWith([], ['AmazonSQSFullAccess']),
    resource: 'worker-role',
    severity: 'medium',
    evidence: /AmazonSQSFullAccess/,
  },
  {
    rule: 'role-unused-permissions',
    defect: 'services that are not used at all, beside unused actions',
    planted: notUsed('permissions', [
      { namespace: 'sqs', actions: 1 },
      { namespace: 'dynamodb', actions: 12 },
      { namespace: 's3', actions: 0 },
    ]),
    resource: 'worker-role',
    severity: 'medium',
    evidence: /^not used: all of s3, 12 actions of dynamodb, 1 action of sqs, as far back/,
  },
  {
    rule: 'role-unused-permissions',
    defect: 'unused actions of services that are used otherwise',
    planted: notUsed(
      'permissions',
      [7, 6, 5, 4, 3, 2, 1].map((actions) => ({ namespace: `service-${actions}`, actions })),
    ),
    resource: 'worker-role',
    severity: 'low',
    evidence: /3 actions of service-3 and 2 more, as/,
  },
  {
    rule: 'role-unused-permissions',
    defect: 'a finding whose services were not read',
    planted: notUsed('permissions'),
    resource: 'worker-role',
    severity: 'low',
    evidence: /some of its permissions are not used/,
  },
  {
    rule: 'role-unused-permissions',
    defect: 'a role that nothing has used',
    planted: notUsed('role'),
    resource: 'worker-role',
    severity: 'low',
    evidence: /the role itself is not used/,
  },
  {
    rule: 'credentials-in-environment',
    defect: 'a password in a variable',
    planted: one({ environment: [{ name: 'DB_PASSWORD', looksLike: 'password or secret' }] }),
    resource: 'worker',
    severity: 'high',
    evidence: /DB_PASSWORD looks like: password or secret/,
  },
  {
    rule: 'runtime-deprecated',
    defect: 'a deprecated runtime',
    planted: one({ runtime: 'nodejs20.x' }),
    resource: 'worker',
    severity: 'medium',
    evidence: /nodejs20\.x is deprecated since 2026-04-30, updates will be blocked on 2027-03-03/,
  },
  {
    rule: 'runtime-deprecated',
    defect: 'one that can no longer be updated',
    planted: one({ runtime: 'python3.6' }),
    resource: 'worker',
    severity: 'high',
    evidence: /updates are blocked since 2022-08-29/,
  },
  {
    rule: 'alarms-missing',
    defect: 'no alarms at all',
    planted: { alarms: ALARMS.slice(4) },
    resource: 'worker',
    severity: 'medium',
    evidence: /Errors, Throttles, Duration, ConcurrentExecutions/,
  },
  {
    rule: 'alarms-missing',
    defect: 'one that tells nobody',
    planted: { alarms: ALARMS.map((entry, index) => (index === 0 ? { ...entry, notifies: false } : entry)) },
    resource: 'worker',
    severity: 'low',
    evidence: /someone on Errors$/,
  },
  {
    rule: 'log-format-text',
    defect: 'plain text',
    planted: one({ logFormat: 'Text' }),
    resource: 'worker',
    severity: 'low',
    evidence: /LogFormat is Text/,
  },
  {
    rule: 'log-retention-unset',
    defect: 'kept for ever',
    planted: one({
      logGroup: { name: '/aws/lambda/worker', retentionDays: null, storedBytes: 10 * 1024 ** 3 },
    }),
    resource: 'worker',
    severity: 'low',
    evidence: /10 GB kept, \$0\.30 a month/,
    usd: 0.3,
  },
  {
    rule: 'logs-dearer-than-compute',
    defect: 'ten gigabytes of logs a day for cents of compute',
    planted: one({ observed: { ...OBSERVED, logBytesPerDay: 10 * 1024 ** 3 } }),
    resource: 'worker',
    severity: 'medium',
    evidence: /takes 10\.0 GB a day, \$150\.00 a month; its compute \$0\.0/,
    usd: 10 * 30 * 0.5,
  },
  {
    rule: 'tracing-off',
    defect: 'PassThrough',
    planted: one({ tracing: 'PassThrough' }),
    resource: 'worker',
    severity: 'low',
    evidence: /PassThrough/,
  },
];

describe.each(CASES)('$rule: $defect', ({ rule, planted, resource, severity, evidence, usd }) => {
  const found = auditOf(planted).findings.filter((finding) => finding.rule === rule);

  it('is found once, on the right resource, with evidence and dollars', () => {
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ resource, severity });
    expect(found[0]?.evidence).toMatch(evidence);
    if (usd !== undefined) expect(found[0]?.stake?.usd).toBeCloseTo(usd, 6);
  });

  it('comes with a fix in CDK, CloudFormation and CLI', () => {
    const { fix } = found[0] ?? expect.fail('no finding');
    for (const text of [fix.summary, fix.cdk, fix.cloudFormation, fix.cli]) {
      expect(text.length).toBeGreaterThan(8);
      expect(text).not.toMatch(/undefined|NaN|\[object/);
    }
  });
});

/** Settings that look like a defect and are none. */
const LOOKALIKES: readonly (readonly [string, string, Partial<AuditSubject>])[] = [
  [
    'concurrency-unbounded',
    'an API function: its callers bound it',
    one({ eventSources: [], asyncInvokers: [] }),
  ],
  [
    'concurrency-unbounded',
    'a reservation instead of a mapping limit',
    one({ reservedConcurrency: 1250, eventSources: [sqs({ maximumConcurrency: null })] }),
  ],
  [
    'concurrency-unbounded',
    'provisioned pollers',
    one({ eventSources: [sqs({ maximumConcurrency: null, maximumPollers: 5 })] }),
  ],
  [
    'concurrency-below-mapping',
    'a disabled mapping',
    one({ reservedConcurrency: 0, eventSources: [sqs({ enabled: false })] }),
  ],
  [
    'queue-no-redrive',
    'a mapping that is disabled',
    { ...orders({ redrive: null }), ...one({ eventSources: [sqs({ enabled: false })] }) },
  ],
  ['queue-visibility-short', 'exactly six timeouts', orders({ visibilityTimeoutSeconds: 180 })],
  [
    'queue-max-receive-low',
    'exactly five',
    orders({ redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 } }),
  ],
  [
    'queue-max-receive-high',
    'exactly fifty',
    orders({ redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 50 } }),
  ],
  [
    'dlq-retention-short',
    'FIFO, where the clock restarts',
    {
      queues: [
        queue({ name: 'orders.fifo', fifo: true }),
        { ...DLQ, fifo: true, messageRetentionSeconds: 345_600 },
      ],
    },
  ],
  [
    'dlq-retention-short',
    'both at the maximum',
    { queues: [queue({ messageRetentionSeconds: 1_209_600 }), DLQ] },
  ],
  ['stream-no-bisect', 'batches of one record', streaming({ bisectOnError: false, batchSize: 1 })],
  [
    'stream-no-bisect',
    'partial batch responses',
    streaming({ bisectOnError: false, partialBatchResponses: true }),
  ],
  ['stream-unbounded-retry', 'an age limit', streaming({ maximumRetryAttempts: -1 })],
  [
    'async-no-failure-destination',
    'a dead-letter queue of the function',
    one({ asyncInvokers: ['SNS'], asyncInvoke: null, deadLetterTarget: 'dlq' }),
  ],
  ['async-no-failure-destination', 'nobody invokes it asynchronously', one({ asyncInvoke: null })],
  [
    'memory-oversized',
    'a dozen invocations prove nothing',
    one({ memoryMB: 1024, observed: { ...OBSERVED, invocations: 12, maxMemoryUsedMB: 100 } }),
  ],
  [
    'timeout-far-above-real',
    'a short timeout',
    one({ timeoutSeconds: 20, observed: { ...OBSERVED, maxDurationMs: 100 } }),
  ],
  ['package-large', 'a container image', one({ packageBytes: null })],
  [
    'init-in-handler',
    'a slow INIT that does the same work',
    one({ observed: { ...OBSERVED, averageInitMs: 2_000, averageFirstRunMs: 3_000, medianWarmRunMs: 500 } }),
  ],
  [
    'init-in-handler',
    'long runs that vary',
    one({ observed: { ...OBSERVED, averageFirstRunMs: 9_000, medianWarmRunMs: 6_000 } }),
  ],
  [
    'logs-dearer-than-compute',
    'many logs of a function that computes for more',
    one({ observed: { ...OBSERVED, invocations: 5e6, logBytesPerDay: 1024 ** 3 } }),
  ],
  ['init-slow', 'two cold starts', one({ observed: { ...OBSERVED, coldStarts: 2, averageInitMs: 5000 } })],
  [
    'provisioned-idle',
    'well used',
    one({
      provisionedConcurrency: [
        { qualifier: 'live', executions: 10, utilizationMaximum: 0.8, spilloverInvocations: 0 },
      ],
    }),
  ],
  [
    'role-administrator',
    'all actions on one resource',
    roleWith([{ actions: ['*'], resources: ['arn:aws:s3:::b/*'] }]),
  ],
  [
    'role-wildcard',
    'a whole service on one table',
    roleWith([{ actions: ['dynamodb:*'], resources: ['arn:aws:dynamodb:::table/t'] }]),
  ],
  [
    'role-unused-permissions',
    'a finding about a role that no function has',
    notUsed('permissions', [{ namespace: 's3', actions: 0 }], 'other-role'),
  ],
  ['runtime-deprecated', 'a container image', one({ runtime: null })],
  ['runtime-deprecated', 'a runtime newer than the table', one({ runtime: 'nodejs30.x' })],
  ['log-retention-unset', 'a retention of ten years', one({ logGroup: { name: 'l', retentionDays: 3653 } })],
];

describe.each(LOOKALIKES)('%s stays silent: %s', (rule, _, planted) => {
  it('finds nothing', () => {
    expect(auditOf(planted).findings.filter((finding) => finding.rule === rule)).toEqual([]);
  });
});

describe('the rules together', () => {
  it('have nothing to say about a clean account', () => {
    const report = auditOf();
    expect(report.findings).toEqual([]);
    expect(report.unanswered).toEqual([]);
    expect(report.score).toBe(100);
  });

  it('have nothing to say about a clean stream function', () => {
    expect(auditOf(streaming({})).findings).toEqual([]);
  });

  it('each have a planted defect above', () => {
    const planted = new Set(CASES.map(({ rule }) => rule));
    expect(AUDIT_RULES.map(({ id }) => id).filter((id) => !planted.has(id))).toEqual([]);
  });

  it('have distinct ids in kebab case, a title and a reason', () => {
    const ids = AUDIT_RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, title, why } of AUDIT_RULES) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)+$/);
      expect(title.length).toBeGreaterThan(10);
      expect(why).toMatch(/\.$|\)\.$/);
    }
  });

  it('never pass what could not be read', () => {
    const blind: AuditSubject = {
      ...subject(),
      accountConcurrencyLimit: undefined,
      functions: [{ name: 'unseen', billing: 'on-demand', role: 'unread-role' }],
      queues: [],
      alarms: undefined,
      roles: new Map(),
      unusedAccess: undefined,
    };
    const report = auditOf(blind);
    expect(report.findings).toEqual([]);
    // One function has the role: that much is known.
    expect(report.passed).toBe(1);
    expect(report.unanswered.length).toBeGreaterThan(20);
  });

  it('take a role that Access Analyzer finds nothing about for neither passed nor unanswered', () => {
    const looked = auditOf();
    expect(auditOf({ unusedAccess: null }).passed).toBe(looked.passed);
    expect(looked.unanswered).toEqual([]);
  });

  it.each([
    ['no analyzer is active', null, 'unused access (no IAM Access Analyzer for it is active in us-east-1)'],
    ['its findings could not be read', undefined, 'unused access'],
  ])('cannot say what is unused where %s', (_, unusedAccess, missing) => {
    expect(auditOf({ unusedAccess }).unanswered).toEqual([
      { rule: 'role-unused-permissions', missing, resources: ['worker-role'] },
    ]);
  });

  it('never pass a queue or stream whose settings could not be read', () => {
    const mappings = [
      sqs({ source: 'unseen' }),
      { id: 'm', kind: 'kinesis', source: 's', enabled: true } as const,
    ];
    const report = auditOf({ ...one({ eventSources: mappings }), queues: [] });
    const unanswered = report.unanswered.map(({ rule }) => rule);
    for (const { id, scope } of AUDIT_RULES) if (scope === 'mapping') expect(unanswered).toContain(id);
  });
});
