import type { MoveTaskStatus } from '../model/window.ts';
import { pricesFor } from '../price/region-prices.ts';
import { type AsyncEventPool, createAsyncEvents } from './async-events.ts';
import { createHeap, type EventHeap } from './event-heap.ts';
import { createInvocations, type InvocationPool } from './invocation-pool.ts';
import {
  createList,
  createPool,
  createReceipts,
  type MessageList,
  type MessagePool,
  type ReceiptPool,
} from './messages.ts';
import { createRng, type Rng } from './random.ts';
import {
  createFunctionRecord,
  createQueueRecord,
  type FunctionRecord,
  type QueueRecord,
} from './recorder.ts';
import type { EmitSpec, FailureKind, FunctionSpec, ProducerSpec, QueueSpec, Scenario } from './scenario.ts';

/** A failure that is in force on a function. */
export interface Fault {
  readonly share: number;
  readonly how: FailureKind;
  readonly durationFactor: number;
  readonly cause: number;
}

export interface EmitState {
  readonly queue: number;
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
  duplicateShare: number;
  duplicateCause: number;
  /** Arrivals left in the running minute, and its end. */
  left: number;
  leftUntil: number;
  leftStepMs: number;
}

/** An event of the scenario as it unfolds. */
export interface CauseState {
  readonly index: number;
  active: boolean;
  started: boolean;
  endedAt: number;
  /** End of the last invocation that went wrong because of it. */
  lastBadAt: number;
  firstBadAt: number;
  invocations: number;
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

const UNLIMITED = 1_250;

/** The state of a scenario before anything has happened. Times inside are ms since the scenario's start. */
export function createState(scenario: Scenario): World {
  const prices = pricesFor(scenario.region);
  const { minutes } = scenario;
  const functionIndex = new Map(scenario.functions.map((spec, index) => [spec.name, index]));
  const queueIndex = new Map(scenario.queues.map((spec, index) => [spec.name, index]));
  const functions = scenario.functions.map((spec, index): FunctionState => {
    const gbPerMs = spec.memoryMB / 1024 / 1000;
    const storageGbPerMs = Math.max(0, spec.ephemeralStorageMB - 512) / 1024 / 1000;
    const usdPerGbSecond = prices.compute[spec.architecture].durationTiers[0]?.usd ?? 0;
    return {
      index,
      spec,
      rng: createRng(scenario.seed, 1_000 + index),
      record: createFunctionRecord(minutes),
      usdPerMs: gbPerMs * usdPerGbSecond + storageGbPerMs * prices.ephemeralStorageUsdPerGbSecond,
      usdPerRequest: prices.usdPerRequest,
      reserved: spec.reservedConcurrency ?? -1,
      running: 0,
      idleSince: new Float64Array(16),
      idleCount: 0,
      fault: null,
      slowFactor: 1,
      slowCause: -1,
      emits: (spec.emits ?? []).map((emit) => emitState(emit, queueIndex, -1)),
      lastModifiedAt: spec.lastModifiedAt,
    };
  });
  const queues = scenario.queues.map((spec, index) => queueState(spec, { index, scenario, queueIndex }));
  const { sources, shards } = connect(scenario, { functionIndex, queueIndex, queues });
  return {
    scenario,
    minutes,
    endAt: minutes * 60_000,
    publishDelayMs: scenario.publishDelaySeconds * 1000,
    heap: createHeap(),
    messages: createPool(),
    receipts: createReceipts(),
    invocations: createInvocations(),
    asyncEvents: createAsyncEvents(),
    functions,
    queues,
    sources,
    shards,
    producers: scenario.producers.map((spec, index) => ({
      index,
      spec,
      rng: createRng(scenario.seed, 100_000 + index),
      target:
        spec.target.kind === 'queue'
          ? indexOf(queueIndex, spec.target.queue)
          : indexOf(functionIndex, spec.target.function),
      noise: 0,
      factor: 1,
      duplicateShare: 0,
      duplicateCause: -1,
      left: 0,
      leftUntil: 0,
      leftStepMs: 0,
    })),
    causes: scenario.events.map((_, index) => ({
      index,
      active: false,
      started: false,
      endedAt: Number.NaN,
      lastBadAt: Number.NaN,
      firstBadAt: Number.NaN,
      invocations: 0,
    })),
    moveTasks: [],
    functionIndex,
    queueIndex,
    usdPerSqsRequest: prices.sqs.standard[0]?.usd ?? 0,
    accountLimit: scenario.accountConcurrencyLimit ?? 1_000,
    rng: createRng(scenario.seed, 1),
    now: 0,
    minute: -1,
    rhythmShiftHours: 0,
    unreservedRunning: 0,
    reservedTotal: functions.reduce((sum, { reserved }) => sum + Math.max(0, reserved), 0),
    events: 0,
    woken: [],
    gaps: [],
  };
}

export function emitState(emit: EmitSpec, queueIndex: ReadonlyMap<string, number>, cause: number): EmitState {
  return {
    queue: indexOf(queueIndex, emit.queue),
    perMessage: emit.perMessage,
    delayMs: (emit.delaySeconds ?? 0) * 1000,
    carriesLineage: emit.carriesLineage ?? true,
    cause,
  };
}

/** A scenario that names what it does not define is a mistake of its author. */
export function indexOf(names: ReadonlyMap<string, number>, name: string): number {
  const index = names.get(name);
  if (index === undefined) throw new RangeError(`the scenario names "${name}" but does not define it`);
  return index;
}

function queueState(
  spec: QueueSpec,
  context: { index: number; scenario: Scenario; queueIndex: ReadonlyMap<string, number> },
): QueueState {
  const { index, scenario, queueIndex } = context;
  const phase = createRng(scenario.seed, 10_000 + index);
  return {
    index,
    spec,
    record: createQueueRecord(scenario.minutes),
    visible: createList(),
    inFlight: createList(),
    aging: createList(),
    ageless: createList(),
    gaugeOffsetMs: 1_000 + Math.floor((phase.a >>> 0) % 58_000),
    retentionMs: spec.messageRetentionSeconds * 1000,
    deadLetterQueue: spec.redrive === null ? -1 : indexOf(queueIndex, spec.redrive.deadLetterQueue),
    maxReceiveCount: spec.redrive?.maxReceiveCount ?? 0,
    sources: [],
    isWoken: false,
    visibilityMs: spec.visibilityTimeoutSeconds * 1000,
    visibilityCause: -1,
    visibilityPlannedAt: Number.POSITIVE_INFINITY,
    delayed: 0,
    lastActiveAt: Number.NEGATIVE_INFINITY,
    poisonShare: 0,
    poisonCause: -1,
    poisonLeft: 0,
    poisonUntil: 0,
    poisonHow: 'throw',
    initial: 0,
    sent: 0,
    movedIn: 0,
    received: 0,
    deleted: 0,
    movedToDlq: 0,
    expired: 0,
  };
}

/** Event source mappings: pollers of queues, and shards of streams. */
function connect(
  scenario: Scenario,
  context: {
    functionIndex: ReadonlyMap<string, number>;
    queueIndex: ReadonlyMap<string, number>;
    queues: readonly QueueState[];
  },
): { sources: SourceState[]; shards: ShardState[] } {
  const sources: SourceState[] = [];
  const shards: ShardState[] = [];
  const streamIndex = new Map(scenario.streams.map((stream, index) => [stream.name, index]));
  for (const [index, spec] of scenario.functions.entries()) {
    for (const mapping of spec.eventSources) {
      const enabled = mapping.enabled ?? true;
      const common = {
        id: mapping.id,
        function: index,
        batchSize: mapping.batchSize,
        windowMs: mapping.maximumBatchingWindowSeconds * 1000,
      };
      if (mapping.kind === 'sqs') {
        const queue = indexOf(context.queueIndex, mapping.source);
        context.queues[queue]?.sources.push(sources.length);
        const maximumConcurrency = mapping.maximumConcurrency ?? UNLIMITED;
        sources.push({
          ...common,
          index: sources.length,
          queue,
          maximumConcurrency,
          partial: mapping.partialBatchResponses,
          enabled,
          busy: 0,
          limit: Math.min(5, maximumConcurrency),
          grownAt: 0,
          windowPlanned: false,
          windowOver: false,
          attempts: 0,
          failures: 0,
          throttles: 0,
        });
        continue;
      }
      const stream = indexOf(streamIndex, mapping.source);
      const source = { ...common, maximumRetryAttempts: mapping.maximumRetryAttempts, enabled };
      for (let shard = 0; shard < (scenario.streams[stream]?.shards ?? 0); shard++) {
        shards.push({
          index: shards.length,
          stream,
          source,
          cursorAt: 0,
          poisonAt: Number.NaN,
          poisonCause: -1,
          poisonHow: 'throw',
          retries: 0,
          batchLastRecordAt: 0,
          batchNextCursorAt: 0,
          planned: false,
          running: false,
        });
      }
    }
  }
  return { sources, shards };
}
