import type { EpochMs } from './time.ts';

export type Architecture = 'x86_64' | 'arm64';
export type EventSourceKind = 'sqs' | 'kinesis' | 'dynamodb';

/** An event source mapping: one queue or stream that feeds one function. */
export interface EventSource {
  /** UUID of the mapping in AWS; any stable id in a trace. */
  readonly id: string;
  readonly kind: EventSourceKind;
  /** Queue name for `sqs`, stream name otherwise. */
  readonly source: string;
  readonly enabled: boolean;
  /** Messages (records) per invocation, at most. */
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  /** SQS only, 2..1000; `null`: not limited by the mapping. */
  readonly maximumConcurrency: number | null;
  /** SQS only: event pollers that are kept provisioned, and billed by the hour; absent: none. */
  readonly minimumPollers?: number;
  /** `ReportBatchItemFailures`: failures of single messages are not Lambda Errors. */
  readonly partialBatchResponses: boolean;
  /** Streams only; -1: until the record expires. */
  readonly maximumRetryAttempts: number;
}

export interface AsyncInvokeConfig {
  /** 0..2, AWS default 2. */
  readonly maximumRetryAttempts: number;
  /** 60..21600, AWS default 21600 (6 h). */
  readonly maximumEventAgeSeconds: number;
  /** Destination of events that failed for good; `null`: they are dropped. */
  readonly onFailure: string | null;
}

/**
 * How AWS bills the function. Only `on-demand` is priced by GB-seconds in full;
 * the others are labelled where they appear (aws-pricing: Lambda, 2026).
 */
export type BillingModel = 'on-demand' | 'managed-instances' | 'durable';

export interface LambdaFunction {
  readonly name: string;
  /** Configured memory in MiB. */
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly architecture: Architecture;
  readonly ephemeralStorageMB: number;
  /** `null`: no reservation. 0 is a reservation of nothing: the function is stopped. */
  readonly reservedConcurrency: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly eventSources: readonly EventSource[];
  /** `null`: AWS defaults, or unknown. */
  readonly asyncInvoke: AsyncInvokeConfig | null;
  /** Last change of code or configuration; absent: unknown. */
  readonly lastModifiedAt?: EpochMs;
  readonly runtime?: string;
  readonly packageBytes?: number;
  /** Absent: `on-demand`. */
  readonly billing?: BillingModel;
}

export interface RedrivePolicy {
  /** Name of the dead-letter queue. */
  readonly deadLetterQueue: string;
  /** A message moves when its receive count exceeds this. */
  readonly maxReceiveCount: number;
}

/** Names of the queues that feed a function at present. */
export function queuesOf({ eventSources }: Pick<LambdaFunction, 'eventSources'>): readonly string[] {
  return eventSources.flatMap(({ kind, source, enabled }) => (kind === 'sqs' && enabled ? [source] : []));
}

export interface Queue {
  readonly name: string;
  readonly visibilityTimeoutSeconds: number;
  readonly messageRetentionSeconds: number;
  /** `null`: a message that fails is retried until retention ends. */
  readonly redrive: RedrivePolicy | null;
  /** Address for API calls; absent in traces. */
  readonly url?: string;
}

/** What exists in one account and region: functions, their event sources, queues. */
export interface Inventory {
  readonly account: string;
  readonly region: string;
  readonly functions: readonly LambdaFunction[];
  readonly queues: readonly Queue[];
  /** Concurrent executions the account may have in the region; absent: unknown. */
  readonly accountConcurrencyLimit?: number;
}

/** Concurrent executions of an account where nobody asked for more (AWS Lambda quotas, 2026); new accounts have less. */
export const ACCOUNT_CONCURRENCY_DEFAULT = 1_000;

/** What may run at once in the account: its limit, or the default where that is not known. */
export function accountConcurrencyOf({ accountConcurrencyLimit }: Inventory): number {
  return accountConcurrencyLimit ?? ACCOUNT_CONCURRENCY_DEFAULT;
}
