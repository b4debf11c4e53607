import type { MoveTaskStatus } from '../model/window.ts';
import type { AsyncEventPool } from './async-events.ts';
import type { EventHeap } from './event-heap.ts';
import type { InvocationPool } from './invocation-pool.ts';
import type { MessageList, MessagePool, ReceiptPool } from './messages.ts';
import type { Rng } from './random.ts';
import type { FunctionRecord, QueueRecord } from './recorder.ts';
import type { FailureKind, FunctionSpec, ProducerSpec, QueueSpec, Scenario } from './scenario.ts';

/** A failure that is in force on a function. */
export interface Fault {
  readonly share: number;
  readonly how: FailureKind;
  readonly durationFactor: number;
  readonly cause: number;
}

export interface EmitState {
  readonly target: { readonly kind: 'queue' | 'function'; readonly index: number };
  readonly perMessage: number;
  readonly delayMs: number;
  readonly carriesLineage: boolean;
  /** Event that made it send these; -1: it is what the function is for. */
  readonly cause: number;
}

export interface FunctionState {
  readonly index: number;
  readonly spec: FunctionSpec;
  readonly rng: Rng;
  readonly record: FunctionRecord;
  readonly usdPerMs: number;
  readonly usdPerRequest: number;
  /** -1: no reservation. */
  reserved: number;
  running: number;
  /** When each idle execution environment was last used; the newest last. */
  idleSince: Float64Array;
  idleCount: number;
  fault: Fault | null;
  slowFactor: number;
  slowCause: number;
  /** Event to blame for throttles: it changed the reservation, or the traffic. -1: none. */
  throttleCause: number;
  emits: EmitState[];
  lastModifiedAt: number | undefined;
}

export interface QueueState {
  readonly index: number;
  readonly spec: QueueSpec;
  readonly record: QueueRecord;
  readonly visible: MessageList;
  readonly inFlight: MessageList;
  /** Everything the age metric looks at, oldest first. */
  readonly aging: MessageList;
  /** Received three times or more: kept apart. */
  readonly ageless: MessageList;
  readonly gaugeOffsetMs: number;
  readonly retentionMs: number;
  readonly deadLetterQueue: number;
  readonly maxReceiveCount: number;
  /** Event sources that poll it. */
  readonly sources: number[];
  isWoken: boolean;
  visibilityMs: number;
  /** Event that changed the visibility timeout; -1: none. */
  visibilityCause: number;
  /** When the planned visibility event is due; Infinity: none. */
  visibilityPlannedAt: number;
  delayed: number;
  lastActiveAt: number;
  poisonShare: number;
  poisonCause: number;
  poisonLeft: number;
  poisonUntil: number;
  poisonHow: FailureKind;
  initial: number;
  sent: number;
  movedIn: number;
  received: number;
  deleted: number;
  movedToDlq: number;
  expired: number;
}

/** An event source mapping on a queue. */
export interface SourceState {
  readonly index: number;
  readonly id: string;
  readonly queue: number;
  readonly function: number;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumConcurrency: number;
  readonly partial: boolean;
  enabled: boolean;
  /** Batches that are being invoked or held because of throttling. */
  busy: number;
  /** Concurrent batches its pollers can handle now. */
  limit: number;
  grownAt: number;
  growthPlanned: boolean;
  windowPlanned: boolean;
  windowOver: boolean;
  attempts: number;
  failures: number;
  throttles: number;
}

export interface ShardState {
  readonly index: number;
  readonly stream: number;
  readonly source: ShardSource;
  /** Records older than this were read and processed. */
  cursorAt: number;
  poisonAt: number;
  poisonCause: number;
  poisonHow: 'throw' | 'timeout';
  retries: number;
  /** Records that come back because they were written by a reader, and the event that they are of. */
  writtenBackPerMs: number;
  writeBackCause: number;
  batchLastRecordAt: number;
  batchNextCursorAt: number;
  planned: boolean;
  running: boolean;
}

export interface ShardSource {
  readonly id: string;
  readonly function: number;
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maximumRetryAttempts: number;
  enabled: boolean;
}

export interface ProducerState {
  readonly index: number;
  readonly spec: ProducerSpec;
  readonly rng: Rng;
  readonly target: number;
  noise: number;
  factor: number;
  /** Copies sent of each message, and the incident that they are of. */
  copies: number;
  copiesCause: number;
  /** Arrivals left in the running minute, and its end. */
  left: number;
  leftUntil: number;
  leftStepMs: number;
}

/** An event of the scenario as it unfolds. */
export interface CauseState {
  readonly index: number;
  active: boolean;
  endedAt: number;
  /** When it last made itself felt: the end of an invocation that it spoilt or slowed, or a throttle. */
  lastFeltAt: number;
  felt: number;
}

export interface MoveTaskState {
  readonly queue: number;
  readonly startedAt: number;
  readonly intervalMs: number;
  readonly recorded: boolean;
  readonly target: number;
  left: number;
  moved: number;
  status: MoveTaskStatus;
}

export interface World {
  readonly scenario: Scenario;
  readonly minutes: number;
  readonly endAt: number;
  readonly publishDelayMs: number;
  /** What ends so long after its minute is still in the minute's first datapoint. */
  readonly graceMs: number;
  readonly heap: EventHeap;
  readonly messages: MessagePool;
  readonly receipts: ReceiptPool;
  readonly invocations: InvocationPool;
  readonly asyncEvents: AsyncEventPool;
  readonly functions: FunctionState[];
  readonly queues: QueueState[];
  readonly sources: SourceState[];
  readonly shards: ShardState[];
  readonly producers: ProducerState[];
  readonly causes: CauseState[];
  readonly moveTasks: MoveTaskState[];
  readonly functionIndex: ReadonlyMap<string, number>;
  readonly queueIndex: ReadonlyMap<string, number>;
  readonly usdPerSqsRequest: number;
  readonly accountLimit: number;
  readonly rng: Rng;
  now: number;
  minute: number;
  rhythmShiftHours: number;
  unreservedRunning: number;
  reservedTotal: number;
  /** Events handled so far. */
  events: number;
  /** Queues whose pollers have to look again once the event at hand is done. */
  readonly woken: number[];
  /** Spans without datapoints: what, from, until, lost or late. */
  readonly gaps: { scope: string; fromMinute: number; untilMinute: number; lost: boolean }[];
}

/** A scenario that names what it does not define is a mistake of its author. */
export function indexOf(names: ReadonlyMap<string, number>, name: string): number {
  const index = names.get(name);
  if (index === undefined) throw new RangeError(`the scenario names "${name}" but does not define it`);
  return index;
}
