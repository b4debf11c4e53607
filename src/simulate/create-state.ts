import { ACCOUNT_CONCURRENCY_DEFAULT } from '../model/inventory.ts';
import { MINUTE_MS } from '../model/time.ts';
import { pricesFor, type RegionPrices } from '../price/region-prices.ts';
import { createAsyncEvents } from './async-events.ts';
import { connect } from './connections.ts';
import { createHeap } from './event-heap.ts';
import { createInvocations } from './invocation-pool.ts';
import { createList, createPool, createReceipts } from './messages.ts';
import { createRng, integer } from './random.ts';
import { createFunctionRecord, createQueueRecord, GRACE_MS } from './recorder.ts';
import type { EmitSpec, FunctionSpec, ProducerSpec, QueueSpec, Scenario } from './scenario.ts';
import {
  type CauseState,
  type EmitState,
  type FunctionState,
  indexOf,
  type ProducerState,
  type QueueState,
  type World,
} from './state.ts';

/** The state of a scenario before anything has happened. Times inside are ms since the scenario's start. */
export function createState(scenario: Scenario): World {
  const prices = pricesFor(scenario.region);
  const { minutes } = scenario;
  const functionIndex = new Map(scenario.functions.map((spec, index) => [spec.name, index]));
  const queueIndex = new Map(scenario.queues.map((spec, index) => [spec.name, index]));
  const context: Context = { scenario, prices, functionIndex, queueIndex };
  const functions = scenario.functions.map((spec, index) => functionState(spec, index, context));
  const queues = scenario.queues.map((spec, index) => queueState(spec, index, context));
  const { sources, shards } = connect(scenario, { functionIndex, queueIndex, queues });
  return {
    scenario,
    minutes,
    endAt: minutes * MINUTE_MS,
    publishDelayMs: scenario.publishDelaySeconds * 1000,
    graceMs: Math.min(GRACE_MS, scenario.publishDelaySeconds * 1000),
    heap: createHeap(),
    messages: createPool(),
    receipts: createReceipts(),
    invocations: createInvocations(),
    asyncEvents: createAsyncEvents(),
    functions,
    queues,
    sources,
    shards,
    producers: scenario.producers.map((spec, index) => producerState(spec, index, context)),
    causes: scenario.events.map((_, index) => causeState(index)),
    moveTasks: [],
    functionIndex,
    queueIndex,
    usdPerSqsRequest: prices.sqs.standard[0]?.usd ?? 0,
    accountLimit: scenario.accountConcurrencyLimit ?? ACCOUNT_CONCURRENCY_DEFAULT,
    rng: createRng(scenario.seed, STREAM.world),
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

/** Random streams: each part of the world draws from its own. */
const STREAM = { world: 1, functions: 1_000, queues: 10_000, producers: 100_000 } as const;

interface Context {
  readonly scenario: Scenario;
  readonly prices: RegionPrices;
  readonly functionIndex: ReadonlyMap<string, number>;
  readonly queueIndex: ReadonlyMap<string, number>;
}

function functionState(spec: FunctionSpec, index: number, context: Context): FunctionState {
  const { scenario, prices } = context;
  const gbPerMs = spec.memoryMB / 1024 / 1000;
  const storageGbPerMs = Math.max(0, spec.ephemeralStorageMB - 512) / 1024 / 1000;
  const usdPerGbSecond = prices.compute[spec.architecture].durationTiers[0]?.usd ?? 0;
  return {
    index,
    spec,
    rng: createRng(scenario.seed, STREAM.functions + index),
    record: createFunctionRecord(scenario.minutes),
    usdPerMs: gbPerMs * usdPerGbSecond + storageGbPerMs * prices.ephemeralStorageUsdPerGbSecond,
    usdPerRequest: prices.usdPerRequest,
    reserved: spec.reservedConcurrency ?? -1,
    running: 0,
    idleSince: new Float64Array(16),
    idleCount: 0,
    fault: null,
    slowFactor: 1,
    slowCause: -1,
    throttleCause: -1,
    emits: (spec.emits ?? []).map((emit) => emitState(emit, context, -1)),
    lastModifiedAt: spec.lastModifiedAt,
  };
}

function producerState(spec: ProducerSpec, index: number, context: Context): ProducerState {
  const { target } = spec;
  return {
    index,
    spec,
    rng: createRng(context.scenario.seed, STREAM.producers + index),
    target:
      target.kind === 'queue'
        ? indexOf(context.queueIndex, target.queue)
        : indexOf(context.functionIndex, target.function),
    noise: 0,
    factor: 1,
    copies: 0,
    copiesCause: -1,
    left: 0,
    leftUntil: 0,
    leftStepMs: 0,
  };
}

function causeState(index: number): CauseState {
  return { index, active: false, endedAt: Number.NaN, lastFeltAt: Number.NaN, felt: 0 };
}

export function emitState(
  emit: EmitSpec,
  { functionIndex, queueIndex }: Pick<World, 'functionIndex' | 'queueIndex'>,
  cause: number,
): EmitState {
  return {
    target:
      'queue' in emit
        ? { kind: 'queue', index: indexOf(queueIndex, emit.queue) }
        : { kind: 'function', index: indexOf(functionIndex, emit.function) },
    perMessage: emit.perMessage,
    delayMs: (emit.delaySeconds ?? 0) * 1000,
    carriesLineage: emit.carriesLineage ?? true,
    cause,
  };
}

function queueState(spec: QueueSpec, index: number, context: Context): QueueState {
  const { scenario, queueIndex } = context;
  const phase = createRng(scenario.seed, STREAM.queues + index);
  return {
    index,
    spec,
    record: createQueueRecord(scenario.minutes),
    visible: createList(),
    inFlight: createList(),
    aging: createList(),
    ageless: createList(),
    gaugeOffsetMs: integer(phase, 1_000, 58_999),
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
