import type {
  Architecture,
  AsyncInvokeConfig,
  BillingModel,
  EventSourceKind,
  RedrivePolicy,
} from '../model/inventory.ts';
import type { EpochMs } from '../model/time.ts';
import type { ReadGap } from '../model/window.ts';
import type { CredentialShape } from './credential-shape.ts';

/**
 * What an audit looks at, as far as it is known. A field that is absent could not be read (no permission, or a template
 * that does not say): a rule that needs it answers "cannot say" and never "passed". `null` is known to be nothing.
 */
export interface AuditSubject {
  readonly origin: AuditOrigin;
  readonly region: string;
  readonly readAt: EpochMs;
  /** Concurrent executions the account may have in the region. */
  readonly accountConcurrencyLimit?: number | undefined;
  readonly functions: readonly AuditFunction[];
  readonly queues: readonly AuditQueue[];
  /** Absent: alarms could not be read. */
  readonly alarms?: readonly AuditAlarm[] | undefined;
  /** By the id that functions name in `role`; a role that is absent could not be read. */
  readonly roles: ReadonlyMap<string, AuditRole>;
  /**
   * What IAM Access Analyzer finds unused, by the same ids. `null`: no analyzer of unused access is active in the region.
   * That a role is not in it proves nothing: the analyzer may leave it out, or it may be too young.
   */
  readonly unusedAccess?: ReadonlyMap<string, UnusedAccess> | null | undefined;
  readonly gaps: readonly ReadGap[];
}

type AuditOrigin =
  | { readonly kind: 'account'; readonly account: string }
  | { readonly kind: 'template'; readonly file: string };

export interface AuditFunction {
  readonly name: string;
  /** `null`: a container image, whose runtime Lambda does not know. */
  readonly runtime?: string | null | undefined;
  readonly memoryMB?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly architecture?: Architecture | undefined;
  readonly ephemeralStorageMB?: number | undefined;
  readonly billing: BillingModel;
  /** Deployment package and layers, zipped, bytes; `null`: a container image. */
  readonly packageBytes?: number | null | undefined;
  /** `null`: no reservation. */
  readonly reservedConcurrency?: number | null | undefined;
  readonly provisionedConcurrency?: readonly ProvisionedConcurrency[] | undefined;
  readonly recursiveLoop?: 'Allow' | 'Terminate' | undefined;
  /** Dead-letter queue or topic of the function itself (asynchronous invocation only); `null`: none. */
  readonly deadLetterTarget?: string | null | undefined;
  /** `null`: AWS defaults. */
  readonly asyncInvoke?: AsyncInvokeConfig | null | undefined;
  /** Services that may invoke it and do so asynchronously (SNS, S3, EventBridge, ...), by name. */
  readonly asyncInvokers?: readonly string[] | undefined;
  /** Services that may invoke it and wait for the answer (API Gateway, load balancers, ...), by name. */
  readonly syncInvokers?: readonly string[] | undefined;
  readonly tracing?: 'Active' | 'PassThrough' | undefined;
  readonly logFormat?: 'JSON' | 'Text' | undefined;
  readonly logGroup?: LogGroup | undefined;
  readonly role?: string | undefined;
  /** Names of environment variables and what their values look like: the values themselves are never kept. */
  readonly environment?: readonly EnvironmentVariable[] | undefined;
  readonly eventSources?: readonly AuditEventSource[] | undefined;
  /** What REPORT log lines and metrics of the last day say; absent: not read. */
  readonly observed?: ObservedUse | undefined;
}

export interface ProvisionedConcurrency {
  readonly qualifier: string;
  readonly executions: number;
  /** Highest utilisation of the last day, 0..1. */
  readonly utilizationMaximum?: number | undefined;
  /** Invocations of the last day that found no provisioned environment. */
  readonly spilloverInvocations?: number | undefined;
}

export interface LogGroup {
  readonly name: string;
  /** `null`: kept for ever. */
  readonly retentionDays: number | null;
  readonly storedBytes?: number | undefined;
}

export interface EnvironmentVariable {
  readonly name: string;
  /** `null`: it looks like no credential. */
  readonly looksLike: CredentialShape | null;
}

export interface AuditEventSource {
  readonly id: string;
  /** `other`: Kafka, MQ, DocumentDB; only its existence counts. */
  readonly kind: EventSourceKind | 'other';
  /** Name of the queue or stream. */
  readonly source: string;
  readonly enabled: boolean;
  readonly batchSize?: number | undefined;
  readonly maximumBatchingWindowSeconds?: number | undefined;
  /** SQS; `null`: not limited by the mapping. */
  readonly maximumConcurrency?: number | null | undefined;
  /** SQS provisioned mode; `null`: the mapping is in standard mode. */
  readonly maximumPollers?: number | null | undefined;
  readonly partialBatchResponses?: boolean | undefined;
  /** Streams; -1: until the record expires. */
  readonly maximumRetryAttempts?: number | undefined;
  /** Streams; -1: as long as the stream keeps it. */
  readonly maximumRecordAgeSeconds?: number | undefined;
  readonly bisectOnError?: boolean | undefined;
  readonly parallelizationFactor?: number | undefined;
  /** `null`: records that are given up are dropped. */
  readonly onFailure?: string | null | undefined;
}

export interface ObservedUse {
  readonly invocations: number;
  readonly maxDurationMs: number;
  readonly averageBilledMs: number;
  readonly maxMemoryUsedMB: number;
  readonly coldStarts: number;
  /** 0 without cold starts. */
  readonly averageInitMs: number;
  /** Duration of the first run of an environment, INIT left out; 0 without cold starts. */
  readonly averageFirstRunMs: number;
  /** Duration of the others; 0 without any. */
  readonly medianWarmRunMs: number;
  /** What its log group took in within a day, bytes; absent: could not be read. */
  readonly logBytesPerDay?: number | undefined;
  /** Hours the figures cover. */
  readonly hours: number;
}

export interface AuditQueue {
  readonly name: string;
  readonly fifo: boolean;
  readonly visibilityTimeoutSeconds?: number | undefined;
  readonly messageRetentionSeconds?: number | undefined;
  /** `null`: no redrive policy. */
  readonly redrive?: RedrivePolicy | null | undefined;
}

export interface AuditAlarm {
  readonly name: string;
  readonly metrics: readonly AlarmMetric[];
  /** Whether anything happens when it fires. */
  readonly notifies: boolean;
}

export interface AlarmMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface AuditRole {
  readonly id: string;
  /** Names or ARNs of managed policies that are attached. */
  readonly managedPolicies: readonly string[];
  /** Allow statements of inline and customer-managed policies. */
  readonly allows: readonly AllowStatement[];
}

export interface AllowStatement {
  readonly policy: string;
  /** As written; `NotAction` becomes `*`. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** An active finding of IAM Access Analyzer about a role: what it was not used for as long as the analyzer looks back. */
export interface UnusedAccess {
  readonly analyzerArn: string;
  readonly findingId: string;
  /** The role itself, or some of what it allows. */
  readonly unused: 'role' | 'permissions';
  /** Of unused permissions; absent: not read. */
  readonly services?: readonly UnusedService[] | undefined;
}

export interface UnusedService {
  /** As in actions: `dynamodb`. */
  readonly namespace: string;
  /** Unused actions of it; 0: the service as a whole is not used. */
  readonly actions: number;
}
