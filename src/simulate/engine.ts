import { MINUTE_MS } from '../model/time.ts';
import { attemptAsync, completeAsync, completeDirect, onCallerRetry } from './callers.ts';
import { createState } from './create-state.ts';
import { beginEvent, finishEvent, onRedrive } from './effects.ts';
import { EVENT, nextAt, plan, take } from './event-heap.ts';
import { OUTCOME, TRIGGER } from './invocation-pool.ts';
import {
  completeBatch,
  onBatchingWindow,
  onGrowth,
  onSourceMinute,
  onThrottleRetry,
  pollQueue,
  sourceAt,
} from './pollers.ts';
import {
  ageOfOldestSeconds,
  expireMessages,
  onDelayed,
  onVisibility,
  queueAt,
  seedMessage,
} from './queues.ts';
import { bookWaste, endInvocation, functionAt } from './runtime.ts';
import type { Scenario } from './scenario.ts';
import type { QueueState, World } from './state.ts';
import { completeShard, onShard, planShard } from './streams.ts';
import { onArrival, onProducerMinute } from './traffic.ts';

/** SQS publishes metrics of a queue for six hours after it was last used (monitoring SQS with CloudWatch, 2026). */
const QUEUE_ACTIVE_MS = 6 * 60 * MINUTE_MS;

/** A world at the start of its scenario, with everything planned that happens by itself. */
export function startWorld(scenario: Scenario): World {
  const world = createState(scenario);
  for (const queue of world.queues) {
    for (let left = queue.spec.initialMessages ?? 0; left > 0; left--) seedMessage(world, queue);
    plan(world.heap, queue.gaugeOffsetMs, EVENT.gauge, queue.index);
  }
  for (const [index, event] of scenario.events.entries()) {
    plan(world.heap, event.atMinute * MINUTE_MS, EVENT.control, index * 2);
    if (event.untilMinute !== null)
      plan(world.heap, event.untilMinute * MINUTE_MS, EVENT.control, index * 2 + 1);
  }
  plan(world.heap, 0, EVENT.minute, 0);
  return world;
}

/** Lets everything happen that is due until `at` (ms since the start), this instant included. */
export function advance(world: World, at: number): void {
  const { heap } = world;
  for (;;) {
    const due = nextAt(heap);
    if (due > at) break;
    world.now = due;
    const code = take(heap);
    world.events++;
    handle(world, code & 15, code >> 4);
    if (world.woken.length > 0) pollWoken(world);
  }
  if (at > world.now) world.now = at;
}

function pollWoken(world: World): void {
  for (let index = world.woken.pop(); index !== undefined; index = world.woken.pop()) {
    const queue = queueAt(world, index);
    queue.isWoken = false;
    pollQueue(world, queue);
  }
}

function handle(world: World, kind: number, subject: number): void {
  switch (kind) {
    case EVENT.arrival: {
      const producer = world.producers[subject];
      if (producer !== undefined) onArrival(world, producer);
      return;
    }
    case EVENT.end:
      onEnd(world, subject);
      return;
    case EVENT.visibility:
      onVisibility(world, queueAt(world, subject));
      return;
    case EVENT.batchingWindow:
      onBatchingWindow(world, sourceAt(world, subject));
      return;
    case EVENT.growth:
      onGrowth(world, sourceAt(world, subject));
      return;
    case EVENT.throttleRetry:
      onThrottleRetry(world, subject);
      return;
    case EVENT.asyncAttempt:
      attemptAsync(world, subject);
      return;
    case EVENT.callerRetry:
      onCallerRetry(world, subject);
      return;
    case EVENT.shard: {
      const shard = world.shards[subject];
      if (shard !== undefined) onShard(world, shard);
      return;
    }
    case EVENT.gauge:
      onGauge(world, queueAt(world, subject));
      return;
    case EVENT.minute:
      onMinute(world);
      return;
    case EVENT.control:
      if (subject % 2 === 0) beginEvent(world, subject / 2);
      else finishEvent(world, (subject - 1) / 2);
      return;
    case EVENT.redrive:
      onRedrive(world, subject);
      return;
    case EVENT.delayed:
      onDelayed(world, subject);
      return;
  }
}

function onEnd(world: World, index: number): void {
  endInvocation(world, index);
  switch (world.invocations.trigger[index]) {
    case TRIGGER.queue:
      completeBatch(world, index);
      return;
    case TRIGGER.direct:
      completeDirect(world, index);
      return;
    case TRIGGER.async:
      completeAsync(world, index);
      return;
    case TRIGGER.shard:
      completeShard(world, index);
      return;
  }
}

/** Once a minute CloudWatch gets the depths of a queue as they are at that moment; each queue has its own second. */
function onGauge(world: World, queue: QueueState): void {
  plan(world.heap, world.now + MINUTE_MS, EVENT.gauge, queue.index);
  const minute = Math.floor(world.now / MINUTE_MS);
  if (minute >= world.minutes) return;
  const { record } = queue;
  record.visible[minute] = queue.visible.count;
  record.notVisible[minute] = queue.inFlight.count;
  record.ageSeconds[minute] = ageOfOldestSeconds(world, queue);
  record.active[minute] = isActive(world, queue) ? 1 : (record.active[minute] as number);
}

function isActive(world: World, queue: QueueState): boolean {
  if (queue.visible.count + queue.inFlight.count + queue.delayed > 0) queue.lastActiveAt = world.now;
  if (queue.sources.some((index) => world.sources[index]?.enabled === true)) queue.lastActiveAt = world.now;
  return world.now - queue.lastActiveAt <= QUEUE_ACTIVE_MS;
}

function onMinute(world: World): void {
  const { now } = world;
  const ended = world.minute;
  world.minute = Math.round(now / MINUTE_MS);
  for (const queue of world.queues) {
    expireMessages(world, queue);
    if (ended >= 0) closeMinute(world, queue, ended);
  }
  for (const source of world.sources) onSourceMinute(world, source);
  if (world.minute >= world.minutes) return;
  plan(world.heap, now + MINUTE_MS, EVENT.minute, 0);
  for (const state of world.functions) {
    if (state.running > 0) state.record.concurrency[world.minute] = state.running;
  }
  for (const shard of world.shards) if (ended < 0) planShard(world, shard);
  for (const producer of world.producers) onProducerMinute(world, producer);
}

/** Depths as GetQueueAttributes shows them at a tick: the one that is the first to see the minute `publishDelay` ago. */
function closeMinute(world: World, queue: QueueState, ended: number): void {
  const { record } = queue;
  const newestReadable = ended - Math.ceil(world.publishDelayMs / MINUTE_MS);
  if (newestReadable >= 0) {
    record.attributeVisible[newestReadable] = queue.visible.count;
    record.attributeNotVisible[newestReadable] = queue.inFlight.count;
  }
  if (isActive(world, queue)) record.active[ended] = 1;
}

/** Books the waste of what still runs when the trace ends; its cost up to then is booked already. */
export function closeBooks(world: World): void {
  const { invocations } = world;
  for (let index = 0; index < invocations.capacity; index++) {
    if ((invocations.function[index] as number) < 0 || invocations.held[index] === 1) continue;
    const outcome = invocations.outcome[index] as number;
    const isFailing = outcome === OUTCOME.error || outcome === OUTCOME.timeout;
    if (!isFailing) continue;
    bookWaste(world, functionAt(world, invocations.function[index] as number), {
      index,
      wasted: 1,
      superfluous: 0,
    });
  }
}
