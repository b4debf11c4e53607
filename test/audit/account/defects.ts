import { pick, type Rng } from '../../../src/simulate/random.ts';
import { SECRETS } from '../secrets.ts';
import { report, runs, type Unit, type UnitKind } from './unit.ts';

/** One way to make a clean function unclean. */
export interface Defect {
  readonly rule: string;
  readonly kind: UnitKind;
  readonly plant: (unit: Unit, rng: Rng) => Unit;
  /** What the report calls what is at fault; the function itself where absent. */
  readonly resource?: (name: string) => string;
  /** Rules that the same setting breaks as well, and rightly. */
  readonly also?: readonly string[];
}

const configured =
  (config: Unit['config']): Defect['plant'] =>
  (unit) => ({ ...unit, config: { ...unit.config, ...config } });
const mapped =
  (setting: Readonly<Record<string, unknown>>): Defect['plant'] =>
  (unit) => ({ ...unit, mappings: unit.mappings.map((mapping) => ({ ...mapping, ...setting })) });
const queued =
  (index: 0 | 1, setting: Partial<Unit['queues'][number]>): Defect['plant'] =>
  (unit) => ({
    ...unit,
    queues: unit.queues.map((queue, i) => (i === index ? { ...queue, ...setting } : queue)),
  });
const having =
  (setting: Partial<Unit>): Defect['plant'] =>
  (unit) => ({ ...unit, ...setting });
const invoked =
  (setting: Readonly<Record<string, unknown>>): Defect['plant'] =>
  (unit) => ({ ...unit, eventInvokeConfig: { ...unit.eventInvokeConfig, ...setting } });

const jobs = (name: string) => `${name}-jobs -> ${name}`;
const stream = (name: string) => `${name} -> ${name}`;
const deadLetters = (name: string) => `${name}-dlq`;
const role = (name: string) => `${name}-role`;
const MB = 1024 ** 2;

/** Of every rule at least one; `role-shared` takes two functions, and is planted where they are made. */
export const DEFECTS: readonly Defect[] = [
  { rule: 'concurrency-unbounded', kind: 'queue', plant: mapped({ ScalingConfig: undefined }) },
  { rule: 'concurrency-below-mapping', kind: 'queue', plant: having({ reservedConcurrency: 2 }) },
  { rule: 'recursion-allowed', kind: 'queue', plant: having({ recursiveLoop: 'Allow' }) },
  {
    rule: 'queue-no-redrive',
    kind: 'queue',
    resource: jobs,
    plant: (unit) => ({ ...unit, queues: [{ name: `${unit.name}-jobs` }] }),
  },
  { rule: 'queue-max-receive-low', kind: 'queue', resource: jobs, plant: queued(0, { maxReceiveCount: 3 }) },
  {
    rule: 'queue-max-receive-high',
    kind: 'queue',
    resource: jobs,
    plant: queued(0, { maxReceiveCount: 900 }),
  },
  {
    rule: 'queue-visibility-short',
    kind: 'queue',
    resource: jobs,
    plant: queued(0, { attributes: { VisibilityTimeout: '60' } }),
  },
  {
    rule: 'dlq-retention-short',
    kind: 'queue',
    resource: deadLetters,
    plant: queued(1, { attributes: { MessageRetentionPeriod: '345600' } }),
  },
  {
    rule: 'dlq-no-alarm',
    kind: 'queue',
    resource: deadLetters,
    plant: (unit) => ({ ...unit, alarms: unit.alarms.filter(({ namespace }) => namespace === 'AWS/Lambda') }),
  },
  {
    rule: 'stream-unbounded-retry',
    kind: 'stream',
    resource: stream,
    plant: mapped({ MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1 }),
  },
  {
    rule: 'stream-no-bisect',
    kind: 'stream',
    resource: stream,
    plant: mapped({ BisectBatchOnFunctionError: false }),
  },
  {
    rule: 'stream-no-failure-destination',
    kind: 'stream',
    resource: stream,
    plant: mapped({ DestinationConfig: {} }),
  },
  { rule: 'async-no-failure-destination', kind: 'events', plant: invoked({ DestinationConfig: {} }) },
  {
    rule: 'async-retries-default',
    kind: 'events',
    also: ['async-event-age-default', 'async-no-failure-destination'],
    plant: having({ eventInvokeConfig: null }),
  },
  { rule: 'async-event-age-default', kind: 'events', plant: invoked({ MaximumEventAgeInSeconds: 21_600 }) },
  {
    rule: 'timeout-maximum',
    kind: 'events',
    also: ['timeout-far-above-real'],
    plant: configured({ Timeout: 900 }),
  },
  { rule: 'timeout-far-above-real', kind: 'events', plant: configured({ Timeout: 120 }) },
  {
    rule: 'timeout-too-close',
    kind: 'queue',
    plant: having({ reports: runs({ durationMs: 28_500, usedMB: 300 }) }),
  },
  {
    rule: 'memory-default',
    kind: 'queue',
    plant: (unit) => ({
      ...unit,
      config: { ...unit.config, MemorySize: 128 },
      reports: runs({ durationMs: 9_000, usedMB: 80 }),
    }),
  },
  {
    rule: 'memory-tight',
    kind: 'queue',
    plant: having({ reports: runs({ durationMs: 9_000, usedMB: 505 }) }),
  },
  {
    rule: 'memory-oversized',
    kind: 'queue',
    plant: having({ reports: runs({ durationMs: 9_000, usedMB: 70 }) }),
  },
  { rule: 'package-large', kind: 'queue', plant: configured({ CodeSize: 44 * MB }) },
  {
    rule: 'init-slow',
    kind: 'queue',
    plant: having({ reports: runs({ durationMs: 9_000, usedMB: 300, initMs: 2_400 }) }),
  },
  {
    rule: 'init-in-handler',
    kind: 'queue',
    plant: having({
      reports: [
        ...runs({ durationMs: 8_000, usedMB: 300, initMs: 200 }).slice(0, 3),
        ...runs({ durationMs: 900, usedMB: 290 }),
      ],
    }),
  },
  {
    rule: 'provisioned-idle',
    kind: 'queue',
    plant: having({ provisioned: { executions: 10, utilization: 0.1, spillover: 0 } }),
  },
  {
    rule: 'provisioned-spilling',
    kind: 'queue',
    plant: having({ provisioned: { executions: 4, utilization: 1, spillover: 12 } }),
  },
  {
    rule: 'role-administrator',
    kind: 'queue',
    resource: role,
    plant: (unit) => ({
      ...unit,
      role: { ...unit.role, managedPolicies: ['arn:aws:iam::aws:policy/AdministratorAccess'] },
    }),
  },
  {
    rule: 'role-wildcard',
    kind: 'queue',
    resource: role,
    plant: (unit) => ({
      ...unit,
      role: { ...unit.role, statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
    }),
  },
  {
    rule: 'role-unused-permissions',
    kind: 'queue',
    resource: role,
    plant: (unit) => ({
      ...unit,
      role: {
        ...unit.role,
        findings: [
          ...unit.role.findings,
          {
            status: 'ACTIVE',
            findingType: 'UnusedPermission',
            account: '111122223333',
            services: { dynamodb: ['Scan', 'Query'] },
          },
        ],
      },
    }),
  },
  {
    rule: 'credentials-in-environment',
    kind: 'queue',
    plant: (unit, rng) => {
      const { name, value } = pick(rng, SECRETS);
      return {
        ...configured({ Environment: { Variables: { TABLE: 'orders', [name]: value } } })(unit, rng),
        // Nor is one that a function prints.
        reports: [...unit.reports, `${report({ durationMs: 900, usedMB: 290 }).trimEnd()}\tkey=${value}\n`],
      };
    },
  },
  { rule: 'runtime-deprecated', kind: 'queue', plant: configured({ Runtime: 'python3.8' }) },
  {
    rule: 'alarms-missing',
    kind: 'queue',
    plant: (unit) => ({ ...unit, alarms: unit.alarms.filter(({ metric }) => metric !== 'Throttles') }),
  },
  {
    rule: 'log-format-text',
    kind: 'queue',
    plant: configured({ LoggingConfig: { LogFormat: 'Text' } }),
  },
  { rule: 'logs-dearer-than-compute', kind: 'queue', plant: having({ logBytes: 4e9 }) },
  { rule: 'log-retention-unset', kind: 'queue', plant: having({ retentionDays: null }) },
  { rule: 'tracing-off', kind: 'queue', plant: configured({ TracingConfig: { Mode: 'PassThrough' } }) },
];
