import { MINUTE_MS } from '../model/time.ts';
import { emitState } from './create-state.ts';
import { EVENT, plan } from './event-heap.ts';
import { FLAG } from './messages.ts';
import { moveMessage, queueAt, takeVisible, wake } from './queues.ts';
import { integer } from './random.ts';
import { count } from './recorder.ts';
import { functionAt } from './runtime.ts';
import type { Effect } from './scenario.ts';
import { type FunctionState, indexOf, type ProducerState, type QueueState, type World } from './state.ts';
import { planShard } from './streams.ts';

/** An event of the scenario begins. */
export function beginEvent(world: World, index: number): void {
  const event = world.scenario.events[index];
  const cause = world.causes[index];
  if (event === undefined || cause === undefined) return;
  cause.active = true;
  for (const effect of event.effects) switchOn(world, effect, index);
}

/** An event of the scenario is over, or was repaired. Idempotent. */
export function finishEvent(world: World, index: number): void {
  const event = world.scenario.events[index];
  const cause = world.causes[index];
  if (event === undefined || cause === undefined || !cause.active) return;
  cause.active = false;
  cause.endedAt = world.now;
  for (const effect of event.effects) switchOff(world, effect, index);
}

function functionNamed(world: World, name: string): FunctionState {
  return functionAt(world, indexOf(world.functionIndex, name));
}

function queueNamed(world: World, name: string): QueueState {
  return queueAt(world, indexOf(world.queueIndex, name));
}

function switchOn(world: World, effect: Effect, cause: number): void {
  switch (effect.kind) {
    case 'fail':
      functionNamed(world, effect.function).fault = {
        share: effect.share,
        how: effect.how,
        durationFactor: effect.durationFactor ?? 1,
        cause,
      };
      return;
    case 'poison':
      poison(world, effect, cause);
      return;
    case 'poison-record':
      poisonRecord(world, effect, cause);
      return;
    case 'slow':
      functionNamed(world, effect.function).slowFactor = effect.factor;
      functionNamed(world, effect.function).slowCause = cause;
      return;
    case 'traffic':
      setTraffic(world, effect, cause);
      return;
    case 'copies':
      setCopies(world, effect, effect.copies, cause);
      return;
    case 'write-back':
      setWriteBack(world, effect.stream, effect.recordsPerMinute, cause);
      return;
    case 'pause':
      setSources(world, effect.function, false);
      return;
    case 'reserve':
      setReserved(world, functionNamed(world, effect.function), effect.concurrency);
      functionNamed(world, effect.function).throttleCause = cause;
      return;
    case 'visibility':
      queueNamed(world, effect.queue).visibilityMs = effect.seconds * 1000;
      queueNamed(world, effect.queue).visibilityCause = cause;
      return;
    case 'emit':
      functionNamed(world, effect.function).emits.push(emitState(effect.emit, world, cause));
      return;
    case 'redrive':
      startMoveTask(world, effect);
      return;
    case 'deploy':
      functionNamed(world, effect.function).lastModifiedAt = world.scenario.startAt + Math.round(world.now);
      functionNamed(world, effect.function).idleCount = 0;
      return;
    case 'shift-rhythm':
      world.rhythmShiftHours += effect.hours;
      return;
    case 'gap':
      startGap(world, effect, cause);
      return;
  }
}

function switchOff(world: World, effect: Effect, cause: number): void {
  switch (effect.kind) {
    case 'fail': {
      const state = functionNamed(world, effect.function);
      if (state.fault?.cause === cause) state.fault = null;
      return;
    }
    case 'poison': {
      const queue = queueNamed(world, effect.queue);
      if (queue.poisonCause === cause) queue.poisonShare = 0;
      return;
    }
    case 'slow': {
      const state = functionNamed(world, effect.function);
      if (state.slowCause !== cause) return;
      state.slowFactor = 1;
      state.slowCause = -1;
      return;
    }
    case 'traffic':
      setTraffic(world, { ...effect, factor: 1 }, -1);
      return;
    case 'copies':
      setCopies(world, effect, 0, -1);
      return;
    case 'write-back':
      setWriteBack(world, effect.stream, 0, -1);
      return;
    case 'pause':
      setSources(world, effect.function, true);
      return;
    case 'reserve': {
      const state = functionNamed(world, effect.function);
      setReserved(world, state, state.spec.reservedConcurrency ?? -1);
      state.throttleCause = -1;
      return;
    }
    case 'visibility': {
      const queue = queueNamed(world, effect.queue);
      queue.visibilityMs = queue.spec.visibilityTimeoutSeconds * 1000;
      return;
    }
    case 'emit': {
      const state = functionNamed(world, effect.function);
      state.emits = state.emits.filter((emit) => emit.cause !== cause);
      return;
    }
    case 'shift-rhythm':
      world.rhythmShiftHours -= effect.hours;
      return;
    default:
      return;
  }
}

function poison(world: World, effect: Effect & { kind: 'poison' }, cause: number): void {
  const queue = queueNamed(world, effect.queue);
  queue.poisonShare = effect.share;
  queue.poisonCause = cause;
  queue.poisonHow = effect.how;
  queue.poisonLeft = effect.count ?? Number.POSITIVE_INFINITY;
  queue.poisonUntil =
    effect.forMinutes === undefined ? Number.POSITIVE_INFINITY : world.now + effect.forMinutes * MINUTE_MS;
}

function poisonRecord(world: World, effect: Effect & { kind: 'poison-record' }, cause: number): void {
  const shards = world.shards.filter(({ stream }) => world.scenario.streams[stream]?.name === effect.stream);
  const shard = shards[integer(world.rng, 0, shards.length - 1)];
  if (shard === undefined) return;
  shard.poisonAt = world.now;
  shard.poisonCause = cause;
  shard.poisonHow = effect.how;
}

function setTraffic(world: World, effect: Effect & { kind: 'traffic' }, cause: number): void {
  for (const producer of world.producers) {
    const { target } = producer.spec;
    if ((target.kind === 'queue' ? target.queue : target.function) !== effect.target) continue;
    producer.factor = effect.factor;
    for (const state of fedBy(world, producer)) state.throttleCause = cause;
  }
}

function setWriteBack(world: World, name: string, recordsPerMinute: number, cause: number): void {
  for (const shard of world.shards) {
    const stream = world.scenario.streams[shard.stream];
    if (stream?.name !== name) continue;
    shard.writtenBackPerMs = recordsPerMinute / stream.shards / MINUTE_MS;
    shard.writeBackCause = cause;
  }
}

function setCopies(world: World, effect: Effect & { kind: 'copies' }, copies: number, cause: number): void {
  for (const producer of world.producers) {
    const { target } = producer.spec;
    if (target.kind !== 'queue' || target.queue !== effect.queue) continue;
    producer.copies = copies;
    producer.copiesCause = cause;
    for (const state of fedBy(world, producer)) state.throttleCause = cause;
  }
}

/** Functions that a producer gives work to. */
function fedBy(world: World, producer: ProducerState): FunctionState[] {
  if (producer.spec.target.kind !== 'queue') return [functionAt(world, producer.target)];
  return world.sources
    .filter(({ queue }) => queue === producer.target)
    .map((source) => functionAt(world, source.function));
}

/** Enables or disables every event source of a function. */
function setSources(world: World, name: string, enabled: boolean): void {
  const index = indexOf(world.functionIndex, name);
  for (const source of world.sources) if (source.function === index) setEnabled(world, source.id, enabled);
  for (const shard of world.shards) {
    if (shard.source.function === index) setEnabled(world, shard.source.id, enabled);
  }
}

/** UpdateEventSourceMapping of `Enabled`. What runs goes on; nothing new is read. */
export function setEnabled(world: World, id: string, enabled: boolean): boolean {
  let found = false;
  for (const source of world.sources) {
    if (source.id !== id) continue;
    found = true;
    source.enabled = enabled;
    if (enabled) wake(world, queueAt(world, source.queue));
  }
  for (const shard of world.shards) {
    if (shard.source.id !== id) continue;
    found = true;
    shard.source.enabled = enabled;
    if (enabled) planShard(world, shard);
  }
  return found;
}

/** PutFunctionConcurrency, or DeleteFunctionConcurrency with -1. */
export function setReserved(world: World, state: FunctionState, concurrency: number): void {
  if (state.reserved < 0 && concurrency >= 0) world.unreservedRunning -= state.running;
  if (state.reserved >= 0 && concurrency < 0) world.unreservedRunning += state.running;
  world.reservedTotal += Math.max(0, concurrency) - Math.max(0, state.reserved);
  state.reserved = concurrency;
}

function startGap(world: World, effect: Effect & { kind: 'gap' }, cause: number): void {
  const event = world.scenario.events[cause];
  if (event === undefined) return;
  world.gaps.push({
    scope: effect.scope,
    fromMinute: Math.floor(event.atMinute),
    untilMinute: Math.ceil(event.untilMinute ?? world.minutes),
    lost: effect.lost,
  });
}

/** StartMessageMoveTask to the queue that the dead-letter queue serves. */
function startMoveTask(world: World, effect: Effect & { kind: 'redrive' }): void {
  const queue = queueNamed(world, effect.queue);
  const target = world.queues.findIndex(({ deadLetterQueue }) => deadLetterQueue === queue.index);
  if (target < 0) return;
  const index = world.moveTasks.length;
  world.moveTasks.push({
    queue: queue.index,
    target,
    startedAt: world.now,
    intervalMs: 1000 / effect.perSecond,
    recorded: effect.recorded,
    left: queue.visible.count,
    moved: 0,
    status: 'RUNNING',
  });
  plan(world.heap, world.now + 1_000, EVENT.redrive, index);
}

/** Moves one message back; a message that was moved is new: its retention and receive count start again. */
export function onRedrive(world: World, taskIndex: number): void {
  const task = world.moveTasks[taskIndex];
  if (task === undefined) return;
  const from = queueAt(world, task.queue);
  const to = queueAt(world, task.target);
  const index = task.left > 0 ? takeVisible(world, from) : -1;
  if (index < 0) {
    task.status = 'COMPLETED';
    return;
  }
  task.left--;
  task.moved++;
  const { messages } = world;
  messages.sentAt[index] = world.now;
  messages.flags[index] = (messages.flags[index] as number) & ~FLAG.processed;
  from.lastActiveAt = world.now;
  from.deleted++;
  if (task.recorded) {
    if (world.scenario.redriveCountsAsSent === true) count(to.record.sent, world.now);
  } else {
    // A script receives, sends and deletes: all three show in the metrics.
    from.received++;
    count(from.record.received, world.now);
    count(from.record.deleted, world.now);
    count(to.record.sent, world.now);
  }
  moveMessage(world, { index, from, to });
  if (!task.recorded) {
    to.movedIn--;
    to.sent++;
  }
  plan(world.heap, world.now + task.intervalMs, EVENT.redrive, taskIndex);
}
