/**
 * All messages of all queues in parallel typed arrays. A message is an index; a freed index is used again with a new
 * generation, so that an old receipt handle cannot reach its successor.
 */
export interface MessagePool {
  capacity: number;
  /** Queue the message is in; -1: the index is free. */
  queue: Int32Array;
  generation: Int32Array;
  /** When it came into this queue: sent, or moved. */
  enqueuedAt: Float64Array;
  /** When it was first sent: a dead-letter queue keeps counting retention from it (SQS dead-letter queues, 2026). */
  sentAt: Float64Array;
  /** When an in-flight message becomes visible again. */
  visibleAt: Float64Array;
  receives: Int32Array;
  /** Receipt handle of the newest receive. */
  receipt: Int32Array;
  flags: Uint8Array;
  /** Event that made it poison or superfluous; -1: none. */
  cause: Int16Array;
  /** Invocations of one chain of messages that led to it, as AWS's recursive loop detection counts them. */
  hops: Uint8Array;
  /** Links of the visible or in-flight list, and of the age list. */
  previous: Int32Array;
  next: Int32Array;
  olderInAge: Int32Array;
  youngerInAge: Int32Array;
  freeHead: number;
}

export const FLAG = {
  /** Work that need not be done: a duplicate, or a message of a recursion. */
  superfluous: 1,
  /** A run of the handler already finished it. */
  processed: 2,
  /** Received three times without delete: ApproximateAgeOfOldestMessage no longer looks at it. */
  ageless: 4,
  /** Cannot be processed while its cause lasts. */
  poison: 8,
  /** Sent with DelaySeconds and not visible yet. */
  delayed: 16,
  /** Received, and its visibility timeout not over. */
  inFlight: 32,
} as const;

/** Doubly linked list of messages; -1 ends it. */
export interface MessageList {
  head: number;
  tail: number;
  count: number;
}

export function createList(): MessageList {
  return { head: -1, tail: -1, count: 0 };
}

export function createPool(): MessagePool {
  const pool: MessagePool = {
    capacity: 0,
    queue: new Int32Array(0),
    generation: new Int32Array(0),
    enqueuedAt: new Float64Array(0),
    sentAt: new Float64Array(0),
    visibleAt: new Float64Array(0),
    receives: new Int32Array(0),
    receipt: new Int32Array(0),
    flags: new Uint8Array(0),
    cause: new Int16Array(0),
    hops: new Uint8Array(0),
    previous: new Int32Array(0),
    next: new Int32Array(0),
    olderInAge: new Int32Array(0),
    youngerInAge: new Int32Array(0),
    freeHead: -1,
  };
  growPool(pool, 1024);
  return pool;
}

function growPool(pool: MessagePool, capacity: number): void {
  const from = pool.capacity;
  pool.queue = widen(pool.queue, new Int32Array(capacity));
  pool.generation = widen(pool.generation, new Int32Array(capacity));
  pool.enqueuedAt = widen(pool.enqueuedAt, new Float64Array(capacity));
  pool.sentAt = widen(pool.sentAt, new Float64Array(capacity));
  pool.visibleAt = widen(pool.visibleAt, new Float64Array(capacity));
  pool.receives = widen(pool.receives, new Int32Array(capacity));
  pool.receipt = widen(pool.receipt, new Int32Array(capacity));
  pool.flags = widen(pool.flags, new Uint8Array(capacity));
  pool.cause = widen(pool.cause, new Int16Array(capacity));
  pool.hops = widen(pool.hops, new Uint8Array(capacity));
  pool.previous = widen(pool.previous, new Int32Array(capacity));
  pool.next = widen(pool.next, new Int32Array(capacity));
  pool.olderInAge = widen(pool.olderInAge, new Int32Array(capacity));
  pool.youngerInAge = widen(pool.youngerInAge, new Int32Array(capacity));
  pool.capacity = capacity;
  for (let index = capacity - 1; index >= from; index--) {
    pool.queue[index] = -1;
    pool.next[index] = pool.freeHead;
    pool.freeHead = index;
  }
}

/** Copies an array into a longer one of its kind. */
export function widen<T extends Int32Array | Float64Array | Int16Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** A new message, in no list yet. */
export function allocateMessage(
  pool: MessagePool,
  message: { queue: number; at: number; flags: number; cause: number; hops: number },
): number {
  if (pool.freeHead < 0) growPool(pool, pool.capacity * 2);
  const index = pool.freeHead;
  pool.freeHead = pool.next[index] as number;
  pool.queue[index] = message.queue;
  pool.enqueuedAt[index] = message.at;
  pool.sentAt[index] = message.at;
  pool.receives[index] = 0;
  pool.receipt[index] = -1;
  pool.flags[index] = message.flags;
  pool.cause[index] = message.cause;
  pool.hops[index] = Math.min(message.hops, 255);
  return index;
}

/** Gives the index back. The message must be in no list. */
export function freeMessage(pool: MessagePool, index: number): void {
  pool.queue[index] = -1;
  pool.generation[index] = (pool.generation[index] as number) + 1;
  pool.next[index] = pool.freeHead;
  pool.freeHead = index;
}

export function append(pool: MessagePool, list: MessageList, index: number): void {
  pool.previous[index] = list.tail;
  pool.next[index] = -1;
  if (list.tail >= 0) pool.next[list.tail] = index;
  else list.head = index;
  list.tail = index;
  list.count++;
}

/** Inserts by `visibleAt`; from the end, where it belongs unless the visibility timeout was shortened. */
export function insertInFlight(pool: MessagePool, list: MessageList, index: number): void {
  const at = pool.visibleAt[index] as number;
  let before = list.tail;
  while (before >= 0 && (pool.visibleAt[before] as number) > at) before = pool.previous[before] as number;
  const after = before >= 0 ? (pool.next[before] as number) : list.head;
  pool.previous[index] = before;
  pool.next[index] = after;
  if (before >= 0) pool.next[before] = index;
  else list.head = index;
  if (after >= 0) pool.previous[after] = index;
  else list.tail = index;
  list.count++;
}

export function unlink(pool: MessagePool, list: MessageList, index: number): void {
  const before = pool.previous[index] as number;
  const after = pool.next[index] as number;
  if (before >= 0) pool.next[before] = after;
  else list.head = after;
  if (after >= 0) pool.previous[after] = before;
  else list.tail = before;
  list.count--;
}

export function appendAge(pool: MessagePool, list: MessageList, index: number): void {
  pool.olderInAge[index] = list.tail;
  pool.youngerInAge[index] = -1;
  if (list.tail >= 0) pool.youngerInAge[list.tail] = index;
  else list.head = index;
  list.tail = index;
  list.count++;
}

export function unlinkAge(pool: MessagePool, list: MessageList, index: number): void {
  const older = pool.olderInAge[index] as number;
  const younger = pool.youngerInAge[index] as number;
  if (older >= 0) pool.youngerInAge[older] = younger;
  else list.head = younger;
  if (younger >= 0) pool.olderInAge[younger] = older;
  else list.tail = older;
  list.count--;
}

/** Receipt handles: one per receive of a message, chained into the batch they were received in. */
export interface ReceiptPool {
  capacity: number;
  message: Int32Array;
  generation: Int32Array;
  /** Next receipt of the same batch; -1 ends it. */
  next: Int32Array;
  /** The message fails in this run. */
  bad: Uint8Array;
  freeHead: number;
}

export function createReceipts(): ReceiptPool {
  const pool: ReceiptPool = {
    capacity: 0,
    message: new Int32Array(0),
    generation: new Int32Array(0),
    next: new Int32Array(0),
    bad: new Uint8Array(0),
    freeHead: -1,
  };
  growReceipts(pool, 1024);
  return pool;
}

function growReceipts(pool: ReceiptPool, capacity: number): void {
  const from = pool.capacity;
  pool.message = widen(pool.message, new Int32Array(capacity));
  pool.generation = widen(pool.generation, new Int32Array(capacity));
  pool.next = widen(pool.next, new Int32Array(capacity));
  pool.bad = widen(pool.bad, new Uint8Array(capacity));
  pool.capacity = capacity;
  for (let index = capacity - 1; index >= from; index--) {
    pool.next[index] = pool.freeHead;
    pool.freeHead = index;
  }
}

export function allocateReceipt(pool: ReceiptPool, messages: MessagePool, message: number): number {
  if (pool.freeHead < 0) growReceipts(pool, pool.capacity * 2);
  const index = pool.freeHead;
  pool.freeHead = pool.next[index] as number;
  pool.message[index] = message;
  pool.generation[index] = messages.generation[message] as number;
  pool.next[index] = -1;
  pool.bad[index] = 0;
  return index;
}

/** Gives back a whole batch of receipts. */
export function freeReceipts(pool: ReceiptPool, first: number): void {
  let index = first;
  while (index >= 0) {
    const next = pool.next[index] as number;
    pool.next[index] = pool.freeHead;
    pool.freeHead = index;
    index = next;
  }
}
