import { RECURSION_HOPS, sendOn } from './emits.ts';
import { EVENT, plan } from './event-heap.ts';
import { allocateInvocation, freeInvocation, OUTCOME, TRIGGER } from './invocation-pool.ts';
import { FLAG, freeReceipts } from './messages.ts';
import { deleteMessage, lastBatchSize, queueAt, receiveMessages } from './queues.ts';
import { count } from './recorder.ts';
import { closeInvocation, functionAt, hasCapacity, recordThrottle, startInvocation } from './runtime.ts';
import type { QueueState, SourceState, World } from './state.ts';

/** Concurrent batches of an event source mapping at first, and after it was idle (SQS scaling, 2026). */
const LIMIT_START = 5;
/** 300 more concurrent invokes a minute (SQS scaling, 2026). */
const GROWTH_PER_MS = 300 / 60_000;
const GROWTH_CHECK_MS = 1_000;
/** "Gradually lowers concurrency" on errors and throttles: no figures from AWS, these are assumptions. */
const GROWTH_WHILE_FAILING = 0.1;
const SHRINK_WHILE_FAILING = 0.02;
const SHRINK_WHILE_THROTTLED = 0.25;
/** Lambda retries a throttled receive with back-off until the visibility timeout ends; the intervals are assumptions. */
const THROTTLE_RETRY_FIRST_MS = 1_000;
const THROTTLE_RETRY_MAXIMUM_MS = 30_000;
/** Long polls an idle event source mapping makes in a minute: 5 pollers, 20 s each (SQS scaling, quotas, 2026). */
const IDLE_POLLS_PER_MINUTE = 15;

export function sourceAt(world: World, index: number): SourceState {
  const source = world.sources[index];
  if (source === undefined) throw new RangeError(`no event source ${index}`);
  return source;
}

/** Lets the pollers of a queue take what they can. */
export function pollQueue(world: World, queue: QueueState): void {
  for (const index of queue.sources) poll(world, sourceAt(world, index), queue);
}

function poll(world: World, source: SourceState, queue: QueueState): void {
  while (source.enabled && queue.visible.count > 0) {
    if (source.busy >= Math.floor(source.limit)) {
      grow(world, source);
      if (source.busy >= Math.floor(source.limit)) {
        planGrowth(world, source);
        return;
      }
    }
    if (source.windowMs > 0 && queue.visible.count < source.batchSize && !source.windowOver) {
      if (!source.windowPlanned) {
        source.windowPlanned = true;
        plan(world.heap, world.now + source.windowMs, EVENT.batchingWindow, source.index);
      }
      return;
    }
    const receipt = receiveMessages(world, queue, source.batchSize);
    source.windowOver = false;
    if (receipt < 0) return;
    source.busy++;
    chargeRequests(world, source, Math.ceil(lastBatchSize / 10));
    const index = allocateInvocation(world.invocations, {
      function: source.function,
      trigger: TRIGGER.queue,
      reference: source.index,
      receipt,
      batch: lastBatchSize,
    });
    invokeBatch(world, source, index);
  }
  // Nothing waits: growth counts from when they fall behind again.
  if (queue.visible.count === 0) source.grownAt = world.now;
}

/** The batching window of a mapping is over: whatever is there goes. */
export function onBatchingWindow(world: World, source: SourceState): void {
  source.windowPlanned = false;
  source.windowOver = true;
  const queue = queueAt(world, source.queue);
  poll(world, source, queue);
  source.windowOver = false;
}

/** Pollers that cannot keep up grow, slowly while invocations fail. */
function grow(world: World, source: SourceState): void {
  const elapsedMs = Math.min(world.now - source.grownAt, 60_000);
  source.grownAt = world.now;
  const isFailing = source.failures > source.attempts / 2;
  const factor = source.throttles > 0 ? 0 : isFailing ? GROWTH_WHILE_FAILING : 1;
  source.limit = Math.min(source.maximumConcurrency, source.limit + elapsedMs * GROWTH_PER_MS * factor);
}

/** Pollers look again soon: they may have grown although nothing ended and nothing came. */
function planGrowth(world: World, source: SourceState): void {
  if (source.growthPlanned || source.limit >= source.maximumConcurrency) return;
  source.growthPlanned = true;
  plan(world.heap, world.now + GROWTH_CHECK_MS, EVENT.growth, source.index);
}

export function onGrowth(world: World, source: SourceState): void {
  source.growthPlanned = false;
  poll(world, source, queueAt(world, source.queue));
}

/** Once a minute: pollers back off from errors and throttles, and shrink when idle; empty long polls are billed. */
export function onSourceMinute(world: World, source: SourceState): void {
  const floor = Math.min(LIMIT_START, source.maximumConcurrency);
  if (source.throttles > 0) source.limit *= 1 - SHRINK_WHILE_THROTTLED;
  else if (source.failures > source.attempts / 2) source.limit *= 1 - SHRINK_WHILE_FAILING;
  if (source.busy < source.limit / 2 && source.throttles === 0)
    source.limit = Math.max(source.busy, source.limit * 0.8);
  if (source.limit < floor) source.limit = floor;
  source.attempts = 0;
  source.failures = 0;
  source.throttles = 0;
  if (source.enabled) chargeRequests(world, source, IDLE_POLLS_PER_MINUTE);
}

function chargeRequests(world: World, source: SourceState, requests: number): void {
  const { record } = functionAt(world, source.function);
  const usd = requests * world.usdPerSqsRequest;
  count(record.usd, world.now, usd);
}

/** Invokes the function with a batch, or holds it where the function is throttled or the chain is cut. */
function invokeBatch(world: World, source: SourceState, index: number): void {
  const state = functionAt(world, source.function);
  if (isRecursive(world, index)) {
    count(state.record.recursiveDropped, world.now);
    release(world, source, index);
    return;
  }
  if (hasCapacity(world, state)) {
    world.invocations.held[index] = 0;
    startInvocation(world, index);
    return;
  }
  hold(world, source, index);
}

function isRecursive(world: World, index: number): boolean {
  const { invocations, receipts, messages } = world;
  let receipt = invocations.receipt[index] as number;
  while (receipt >= 0) {
    if ((messages.hops[receipts.message[receipt] as number] as number) >= RECURSION_HOPS) return true;
    receipt = receipts.next[receipt] as number;
  }
  return false;
}

/** A throttled batch is tried again until its visibility timeout ends; then its messages are visible again. */
function hold(world: World, source: SourceState, index: number): void {
  const { invocations } = world;
  recordThrottle(world, functionAt(world, source.function));
  source.throttles++;
  if (invocations.held[index] === 0) {
    invocations.held[index] = 1;
    invocations.endAt[index] = world.now + queueAt(world, source.queue).visibilityMs;
  }
  const tries = invocations.tries[index] as number;
  invocations.tries[index] = tries + 1;
  const waitMs = Math.min(THROTTLE_RETRY_MAXIMUM_MS, THROTTLE_RETRY_FIRST_MS * 2 ** Math.min(tries, 10));
  const retryAt = Math.min(world.now + waitMs, invocations.endAt[index] as number);
  plan(world.heap, retryAt, EVENT.throttleRetry, index);
}

export function onThrottleRetry(world: World, index: number): void {
  const source = sourceAt(world, world.invocations.reference[index] as number);
  if (!source.enabled || world.now >= (world.invocations.endAt[index] as number)) {
    release(world, source, index);
    const queue = queueAt(world, source.queue);
    if (queue.visible.count > 0) poll(world, source, queue);
    return;
  }
  invokeBatch(world, source, index);
}

/** Lets a batch go that was not invoked. */
function release(world: World, source: SourceState, index: number): void {
  source.busy--;
  freeReceipts(world.receipts, world.invocations.receipt[index] as number);
  freeInvocation(world.invocations, index);
}

/** The end of an invocation that a queue triggered: what succeeded is deleted, the rest stays in flight. */
export function completeBatch(world: World, index: number): void {
  const { invocations, receipts } = world;
  const source = sourceAt(world, invocations.reference[index] as number);
  const queue = queueAt(world, source.queue);
  const outcome = invocations.outcome[index] as number;
  const size = invocations.batch[index] as number;
  const failed = outcome === OUTCOME.error || outcome === OUTCOME.timeout;
  source.busy--;
  source.attempts++;
  if (failed) source.failures++;
  let bad = failed ? size : 0;
  let superfluous = 0;
  let receipt = invocations.receipt[index] as number;
  while (receipt >= 0 && !failed) {
    if (receipts.bad[receipt] === 1) bad++;
    else if (settle(world, { index, receipt, queue })) superfluous++;
    receipt = receipts.next[receipt] as number;
  }
  if (size > bad) chargeRequests(world, source, Math.ceil((size - bad) / 10));
  freeReceipts(receipts, invocations.receipt[index] as number);
  closeInvocation(world, index, { wasted: bad / size, superfluous: superfluous / size });
  if (queue.visible.count > 0) poll(world, source, queue);
}

/** A message that was processed: send on what follows from it and delete it. Whether it need not have been processed. */
function settle(
  world: World,
  done: { readonly index: number; readonly receipt: number; readonly queue: QueueState },
): boolean {
  const { invocations, receipts, messages } = world;
  const { index, receipt, queue } = done;
  const message = receipts.message[receipt] as number;
  const state = functionAt(world, invocations.function[index] as number);
  if (messages.generation[message] !== receipts.generation[receipt]) {
    // Another run deleted it, or it was dead-lettered meanwhile.
    deleteMessage(world, queue, receipt);
    blameRepetition(world, index, queue);
    return true;
  }
  const flags = messages.flags[message] as number;
  const cause = messages.cause[message] as number;
  const isRepetition = (flags & FLAG.processed) !== 0;
  const isSuperfluous = (flags & FLAG.superfluous) !== 0;
  if (isRepetition) blameRepetition(world, index, queue);
  else if (isSuperfluous) invocations.cause[index] = cause;
  if (state.emits.length > 0) {
    sendOn(world, state, { flags, cause, hops: messages.hops[message] as number });
  }
  messages.flags[message] = flags | FLAG.processed;
  deleteMessage(world, queue, receipt);
  return isRepetition || isSuperfluous;
}

function blameRepetition(world: World, index: number, queue: QueueState): void {
  if ((world.invocations.cause[index] as number) < 0) world.invocations.cause[index] = queue.visibilityCause;
}
