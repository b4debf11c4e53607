import { EVENT, plan } from './event-heap.ts';
import {
  allocateMessage,
  allocateReceipt,
  append,
  appendAge,
  FLAG,
  freeMessage,
  insertInFlight,
  unlink,
  unlinkAge,
} from './messages.ts';
import { chance } from './random.ts';
import { count } from './recorder.ts';
import type { QueueState, World } from './state.ts';

export interface NewMessage {
  readonly flags: number;
  readonly cause: number;
  readonly hops: number;
  readonly delayMs: number;
}

/** Receives until a message no longer counts for ApproximateAgeOfOldestMessage (SQS CloudWatch metrics, 2026). */
const AGE_RECEIVES = 3;

export function queueAt(world: World, index: number): QueueState {
  const queue = world.queues[index];
  if (queue === undefined) throw new RangeError(`no queue ${index}`);
  return queue;
}

/** Lets the pollers of the queue look again after the event at hand. */
export function wake(world: World, queue: QueueState): void {
  if (queue.isWoken || queue.sources.length === 0) return;
  queue.isWoken = true;
  world.woken.push(queue.index);
}

/** SendMessage. While a poison effect is in force, a share of what is sent cannot be processed. */
export function sendMessage(world: World, queue: QueueState, message: NewMessage): void {
  const at = world.now;
  let { flags, cause } = message;
  if (queue.poisonShare > 0 && at < queue.poisonUntil && queue.poisonLeft > 0) {
    if (queue.poisonShare >= 1 || chance(world.rng, queue.poisonShare)) {
      flags |= FLAG.poison;
      cause = queue.poisonCause;
      queue.poisonLeft--;
    }
  }
  const index = allocateMessage(world.messages, {
    queue: queue.index,
    at,
    flags: message.delayMs > 0 ? flags | FLAG.delayed : flags,
    cause,
    hops: message.hops,
  });
  queue.sent++;
  queue.lastActiveAt = at;
  count(queue.record.sent, at);
  if (message.delayMs > 0) {
    queue.delayed++;
    plan(world.heap, at + message.delayMs, EVENT.delayed, index);
    return;
  }
  enter(world, queue, index);
}

/** A message that was there before the trace began. */
export function seedMessage(world: World, queue: QueueState): void {
  const index = allocateMessage(world.messages, {
    queue: queue.index,
    at: world.now,
    flags: 0,
    cause: -1,
    hops: 0,
  });
  queue.initial++;
  queue.lastActiveAt = world.now;
  enter(world, queue, index);
}

/** DelaySeconds of a message are over. */
export function onDelayed(world: World, index: number): void {
  const queue = queueAt(world, world.messages.queue[index] as number);
  world.messages.flags[index] = (world.messages.flags[index] as number) & ~FLAG.delayed;
  queue.delayed--;
  enter(world, queue, index);
}

function enter(world: World, queue: QueueState, index: number): void {
  append(world.messages, queue.visible, index);
  appendAge(world.messages, queue.aging, index);
  wake(world, queue);
}

/**
 * ReceiveMessage of up to `maximum` messages. A message whose receive count would exceed maxReceiveCount moves to the
 * dead-letter queue instead (SQS dead-letter queues, 2026). First receipt of the batch, or -1; `lastBatchSize` is its size.
 */
export function receiveMessages(world: World, queue: QueueState, maximum: number): number {
  const { messages, receipts } = world;
  let first = -1;
  let last = -1;
  let size = 0;
  while (size < maximum && queue.visible.head >= 0) {
    const index = queue.visible.head;
    unlink(messages, queue.visible, index);
    if (world.now - (messages.sentAt[index] as number) >= queue.retentionMs) {
      drop(world, queue, index);
      queue.expired++;
      continue;
    }
    const receives = (messages.receives[index] as number) + 1;
    if (queue.deadLetterQueue >= 0 && receives > queue.maxReceiveCount) {
      moveToDeadLetterQueue(world, queue, index);
      continue;
    }
    messages.receives[index] = receives;
    messages.visibleAt[index] = world.now + queue.visibilityMs;
    messages.flags[index] = (messages.flags[index] as number) | FLAG.inFlight;
    insertInFlight(messages, queue.inFlight, index);
    const receipt = allocateReceipt(receipts, messages, index);
    messages.receipt[index] = receipt;
    if (last >= 0) receipts.next[last] = receipt;
    else first = receipt;
    last = receipt;
    size++;
  }
  if (size > 0) {
    queue.received += size;
    queue.lastActiveAt = world.now;
    count(queue.record.received, world.now, size);
    planVisibility(world, queue);
  }
  lastBatchSize = size;
  return first;
}

/** Size of the batch that the last `receiveMessages` returned. */
export let lastBatchSize = 0;

/** Plans the end of the earliest visibility timeout, unless that is planned already. */
function planVisibility(world: World, queue: QueueState): void {
  const head = queue.inFlight.head;
  if (head < 0) return;
  const at = world.messages.visibleAt[head] as number;
  if (at >= queue.visibilityPlannedAt) return;
  queue.visibilityPlannedAt = at;
  plan(world.heap, at, EVENT.visibility, queue.index);
}

/** Messages whose visibility timeout ended are visible again, at the back of the queue. */
export function onVisibility(world: World, queue: QueueState): void {
  if (world.now !== queue.visibilityPlannedAt) return;
  const { messages } = world;
  while (queue.inFlight.head >= 0) {
    const index = queue.inFlight.head;
    if ((messages.visibleAt[index] as number) > world.now) break;
    unlink(messages, queue.inFlight, index);
    append(messages, queue.visible, index);
    const flags = (messages.flags[index] as number) & ~FLAG.inFlight;
    messages.flags[index] = flags;
    if ((messages.receives[index] as number) >= AGE_RECEIVES && (flags & FLAG.ageless) === 0) {
      unlinkAge(messages, queue.aging, index);
      appendAge(messages, queue.ageless, index);
      messages.flags[index] = flags | FLAG.ageless;
    }
  }
  queue.visibilityPlannedAt = Number.POSITIVE_INFINITY;
  planVisibility(world, queue);
  if (queue.visible.count > 0) wake(world, queue);
}

/** DeleteMessage of one receipt. Whether the message is gone by it. */
export function deleteMessage(world: World, queue: QueueState, receipt: number): boolean {
  const { messages, receipts } = world;
  const index = receipts.message[receipt] as number;
  // Duplicate and stale deletes succeed and are counted all the same (SQS CloudWatch metrics, 2026).
  count(queue.record.deleted, world.now);
  if (messages.generation[index] !== receipts.generation[receipt]) return false;
  const newest = messages.receipt[index] === receipt;
  if (!newest && queue.spec.staleDeletesWork !== true) return false;
  unlink(messages, inFlight(world, index) ? queue.inFlight : queue.visible, index);
  drop(world, queue, index);
  queue.deleted++;
  queue.lastActiveAt = world.now;
  return true;
}

function inFlight(world: World, index: number): boolean {
  return ((world.messages.flags[index] as number) & FLAG.inFlight) !== 0;
}

function drop(world: World, queue: QueueState, index: number): void {
  leaveAge(world, queue, index);
  freeMessage(world.messages, index);
}

function leaveAge(world: World, queue: QueueState, index: number): void {
  const ageless = ((world.messages.flags[index] as number) & FLAG.ageless) !== 0;
  unlinkAge(world.messages, ageless ? queue.ageless : queue.aging, index);
}

/** The redrive policy moves a message: not a SendMessage, and retention goes on from when it was first sent. */
function moveToDeadLetterQueue(world: World, queue: QueueState, index: number): void {
  queue.movedToDlq++;
  moveMessage(world, { index, from: queue, to: queueAt(world, queue.deadLetterQueue) });
}

/** Puts a message that is in no visible or in-flight list into another queue. */
export function moveMessage(
  world: World,
  move: { readonly index: number; readonly from: QueueState; readonly to: QueueState },
): void {
  const { messages } = world;
  const { index, from, to } = move;
  leaveAge(world, from, index);
  messages.queue[index] = to.index;
  messages.enqueuedAt[index] = world.now;
  messages.receives[index] = 0;
  messages.flags[index] = (messages.flags[index] as number) & ~FLAG.ageless;
  messages.generation[index] = (messages.generation[index] as number) + 1;
  to.movedIn++;
  to.lastActiveAt = world.now;
  enter(world, to, index);
}

/** Takes the oldest visible message out of its list, for a move task; -1: none. */
export function takeVisible(world: World, queue: QueueState): number {
  const index = queue.visible.head;
  if (index >= 0) unlink(world.messages, queue.visible, index);
  return index;
}

/** Removes visible messages that are past retention. */
export function expireMessages(world: World, queue: QueueState): void {
  expireFrom(world, queue, queue.aging.head, world.messages.youngerInAge);
  expireFrom(world, queue, queue.ageless.head, world.messages.youngerInAge);
}

function expireFrom(world: World, queue: QueueState, head: number, younger: Int32Array): void {
  const { messages } = world;
  let index = head;
  while (index >= 0 && world.now - (messages.sentAt[index] as number) >= queue.retentionMs) {
    const next = younger[index] as number;
    if (!inFlight(world, index)) {
      unlink(messages, queue.visible, index);
      drop(world, queue, index);
      queue.expired++;
    }
    index = next;
  }
}

/** What ApproximateAgeOfOldestMessage shows now, seconds. */
export function ageOfOldestSeconds(world: World, queue: QueueState): number {
  const oldest = queue.aging.head;
  if (oldest < 0) return 0;
  return Math.floor((world.now - (world.messages.enqueuedAt[oldest] as number)) / 1000);
}
