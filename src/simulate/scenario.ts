import type { DetectorId } from '../model/finding.ts';
import type { Architecture, AsyncInvokeConfig, Queue } from '../model/inventory.ts';
import type { EpochMs } from '../model/time.ts';

/** How work ends badly: the handler throws, runs into its timeout, or reports `batchItemFailures`. */
export type FailureKind = 'throw' | 'timeout' | 'partial';

/** A queue; `redrive` names its dead-letter queue, which must be a queue of the scenario too. */
export interface QueueSpec extends Omit<Queue, 'url'> {
  /** Messages that were already waiting when the trace begins. Default 0. */
  readonly initialMessages?: number;
  /**
   * Whether DeleteMessage with the receipt handle of an earlier receive still deletes. AWS: "the request succeeds, but
   * the message will not be deleted" where a newer handle exists; in practice it often is. Default false.
   */
  readonly staleDeletesWork?: boolean;
}

export interface EventSourceSpec {
  readonly id: string;
  readonly kind: 'sqs' | 'kinesis' | 'dynamodb';
  readonly source: string;
  readonly batchSize: number;
  readonly maximumBatchingWindowSeconds: number;
  readonly maximumConcurrency: number | null;
  readonly partialBatchResponses: boolean;
  readonly maximumRetryAttempts: number;
  /** Default true. */
  readonly enabled?: boolean;
}

/** What a function sends on for each message (or request) it finishes: to a queue, or to a function asynchronously. */
export type EmitSpec = EmitDetails & ({ readonly queue: string } | { readonly function: string });

interface EmitDetails {
  /** Messages (events) per finished message; a fraction is a probability. */
  readonly perMessage: number;
  readonly delaySeconds?: number;
  /** Whether the trace header of AWS's recursive loop detection travels along. Default true. */
  readonly carriesLineage?: boolean;
}

export interface FunctionSpec {
  readonly name: string;
  readonly memoryMB: number;
  readonly timeoutSeconds: number;
  readonly architecture: Architecture;
  readonly ephemeralStorageMB: number;
  readonly reservedConcurrency: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly eventSources: readonly EventSourceSpec[];
  readonly asyncInvoke: AsyncInvokeConfig | null;
  readonly lastModifiedAt?: EpochMs;
  readonly runtime?: string;
  readonly packageBytes?: number;
  /** Handler duration: lognormal. */
  readonly durationMedianMs: number;
  readonly durationSigma: number;
  /** Median of INIT of a cold start: billed, not in Duration. */
  readonly initMedianMs: number;
  /** Share of invocations that throw at any time, 0..1. */
  readonly errorShare: number;
  readonly emits?: readonly EmitSpec[];
}

/** A stream; every shard carries the same share of its records. */
export interface StreamSpec {
  readonly name: string;
  readonly kind: 'kinesis' | 'dynamodb';
  readonly shards: number;
  readonly recordsPerMinute: number;
  readonly shape: TrafficShape;
}

/** How a rate changes over days; every figure is relative to the base rate. */
export interface TrafficShape {
  /** 0: flat; 0.6: four times as busy at the peak as at the bottom. */
  readonly dailyAmplitude: number;
  /** Hour of the peak, UTC, 0..24. */
  readonly peakHour: number;
  /** Factor on Saturdays and Sundays. */
  readonly weekendFactor: number;
  /** Slow noise, sigma of its logarithm. */
  readonly noiseSigma: number;
  /** Growth a day: 0.05 is 5 % more each day. */
  readonly growthPerDay?: number;
}

export type ProducerTarget =
  | { readonly kind: 'queue'; readonly queue: string }
  /** Synchronous callers, who try again this many times after an error or a throttle. */
  | { readonly kind: 'direct'; readonly function: string; readonly callerRetries: number }
  | { readonly kind: 'async'; readonly function: string };

export interface ProducerSpec {
  readonly target: ProducerTarget;
  readonly traffic:
    | { readonly kind: 'poisson'; readonly perMinute: number; readonly shape: TrafficShape }
    /** `count` messages, evenly over `spreadSeconds`, every `everyMinutes`, first at `offsetMinutes`. */
    | {
        readonly kind: 'schedule';
        readonly everyMinutes: number;
        readonly offsetMinutes: number;
        readonly count: number;
        readonly spreadSeconds: number;
      };
}

/** Something that changes in the world for a while. */
export type Effect =
  /** A share of the invocations fails (`partial`: of the messages). `durationFactor` scales the time until it throws. */
  | {
      readonly kind: 'fail';
      readonly function: string;
      readonly share: number;
      readonly how: FailureKind;
      readonly durationFactor?: number;
    }
  /** A share of the new messages cannot be processed until the end of the effect; none are sent after `forMinutes`. */
  | {
      readonly kind: 'poison';
      readonly queue: string;
      readonly share: number;
      readonly how: FailureKind;
      readonly forMinutes?: number;
      /** At most this many. */
      readonly count?: number;
    }
  /** One record of the stream that cannot be processed until the end of the effect. */
  | { readonly kind: 'poison-record'; readonly stream: string; readonly how: 'throw' | 'timeout' }
  | { readonly kind: 'slow'; readonly function: string; readonly factor: number }
  /** Traffic of one target times `factor`. */
  | { readonly kind: 'traffic'; readonly target: string; readonly factor: number }
  /** Records a minute that come back because a reader of the stream writes to what it reads; they need not be done. */
  | { readonly kind: 'write-back'; readonly stream: string; readonly recordsPerMinute: number }
  /** Every message that producers send to the queue is sent so many times more, at once; the copies need not be done. */
  | { readonly kind: 'copies'; readonly queue: string; readonly copies: number }
  | { readonly kind: 'pause'; readonly function: string }
  | { readonly kind: 'reserve'; readonly function: string; readonly concurrency: number }
  | { readonly kind: 'visibility'; readonly queue: string; readonly seconds: number }
  | { readonly kind: 'emit'; readonly function: string; readonly emit: EmitSpec }
  /** A message move task from a dead-letter queue back to its source, at the start of the effect. */
  | {
      readonly kind: 'redrive';
      readonly queue: string;
      readonly perSecond: number;
      /** Whether ListMessageMoveTasks shows it; a script that receives and sends again does not show. */
      readonly recorded: boolean;
    }
  /** `lastModifiedAt` of the function becomes the start of the effect, and its next invocations are cold. */
  | { readonly kind: 'deploy'; readonly function: string }
  /** CloudWatch has no datapoints for the span: never (`lost`), or only after its end. */
  | { readonly kind: 'gap'; readonly scope: string; readonly lost: boolean }
  /** Everything of the daily rhythm moves by this many hours (daylight saving). */
  | { readonly kind: 'shift-rhythm'; readonly hours: number };

/** What an event is in truth. */
export type Meaning =
  | {
      readonly kind: 'positive';
      /** Detectors that are right to report it, the best name first. */
      readonly detectors: readonly DetectorId[];
      readonly function: string | null;
      readonly queue: string | null;
      readonly relatedFunctions: readonly string[];
      readonly relatedQueues: readonly string[];
      readonly params: Readonly<Record<string, number | string | boolean | null>>;
    }
  | { readonly kind: 'benign'; readonly function: string | null; readonly queue: string | null }
  | { readonly kind: 'background' };

export interface ScenarioEvent {
  readonly atMinute: number;
  /** `null`: it is never repaired. */
  readonly untilMinute: number | null;
  readonly effects: readonly Effect[];
  readonly meaning: Meaning;
}

/** An AWS account, what flows through it and what goes wrong: all that the simulator needs, and all declarative. */
export interface Scenario {
  readonly name: string;
  readonly family: string;
  readonly description: string;
  readonly seed: number;
  readonly account: string;
  readonly region: string;
  readonly startAt: EpochMs;
  readonly minutes: number;
  readonly publishDelaySeconds: number;
  /** Default 1,000; only in the trace where it is given. */
  readonly accountConcurrencyLimit?: number;
  /** Record GetQueueAttributes depths as `firebreak/SQS` series. Default false. */
  readonly recordAttributeDepths?: boolean;
  /** Record `lastModifiedAt` of the functions. Default true. */
  readonly recordLastModified?: boolean;
  /** Whether a move task counts in NumberOfMessagesSent of its destination (AWS does not say). Default false. */
  readonly redriveCountsAsSent?: boolean;
  readonly functions: readonly FunctionSpec[];
  readonly queues: readonly QueueSpec[];
  readonly streams: readonly StreamSpec[];
  readonly producers: readonly ProducerSpec[];
  readonly events: readonly ScenarioEvent[];
}
