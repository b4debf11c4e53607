import { widen } from './messages.ts';

/** How an invocation came about; `reference` of it is an event source, a producer, an async event or a shard. */
export const TRIGGER = { queue: 0, direct: 1, async: 2, shard: 3 } as const;

export const OUTCOME = { success: 0, error: 1, timeout: 2, partial: 3 } as const;

/** Running invocations, and batches held while they are throttled, in parallel typed arrays. */
export interface InvocationPool {
  capacity: number;
  /** -1: the index is free. */
  function: Int32Array;
  trigger: Uint8Array;
  reference: Int32Array;
  startAt: Float64Array;
  endAt: Float64Array;
  durationMs: Float64Array;
  usd: Float64Array;
  outcome: Uint8Array;
  cause: Int16Array;
  /** First receipt of the batch; -1: no messages. */
  receipt: Int32Array;
  batch: Int32Array;
  /** Throttled tries so far of a held batch. */
  tries: Int32Array;
  held: Uint8Array;
  next: Int32Array;
  freeHead: number;
}

export function createInvocations(): InvocationPool {
  const pool: InvocationPool = {
    capacity: 0,
    function: new Int32Array(0),
    trigger: new Uint8Array(0),
    reference: new Int32Array(0),
    startAt: new Float64Array(0),
    endAt: new Float64Array(0),
    durationMs: new Float64Array(0),
    usd: new Float64Array(0),
    outcome: new Uint8Array(0),
    cause: new Int16Array(0),
    receipt: new Int32Array(0),
    batch: new Int32Array(0),
    tries: new Int32Array(0),
    held: new Uint8Array(0),
    next: new Int32Array(0),
    freeHead: -1,
  };
  growInvocations(pool, 256);
  return pool;
}

function growInvocations(pool: InvocationPool, capacity: number): void {
  const from = pool.capacity;
  pool.function = widen(pool.function, new Int32Array(capacity));
  pool.trigger = widen(pool.trigger, new Uint8Array(capacity));
  pool.reference = widen(pool.reference, new Int32Array(capacity));
  pool.startAt = widen(pool.startAt, new Float64Array(capacity));
  pool.endAt = widen(pool.endAt, new Float64Array(capacity));
  pool.durationMs = widen(pool.durationMs, new Float64Array(capacity));
  pool.usd = widen(pool.usd, new Float64Array(capacity));
  pool.outcome = widen(pool.outcome, new Uint8Array(capacity));
  pool.cause = widen(pool.cause, new Int16Array(capacity));
  pool.receipt = widen(pool.receipt, new Int32Array(capacity));
  pool.batch = widen(pool.batch, new Int32Array(capacity));
  pool.tries = widen(pool.tries, new Int32Array(capacity));
  pool.held = widen(pool.held, new Uint8Array(capacity));
  pool.next = widen(pool.next, new Int32Array(capacity));
  pool.capacity = capacity;
  for (let index = capacity - 1; index >= from; index--) {
    pool.function[index] = -1;
    pool.next[index] = pool.freeHead;
    pool.freeHead = index;
  }
}

export function allocateInvocation(
  pool: InvocationPool,
  owner: { function: number; trigger: number; reference: number; receipt: number; batch: number },
): number {
  if (pool.freeHead < 0) growInvocations(pool, pool.capacity * 2);
  const index = pool.freeHead;
  pool.freeHead = pool.next[index] as number;
  pool.function[index] = owner.function;
  pool.trigger[index] = owner.trigger;
  pool.reference[index] = owner.reference;
  pool.receipt[index] = owner.receipt;
  pool.batch[index] = owner.batch;
  pool.tries[index] = 0;
  pool.held[index] = 0;
  return index;
}

export function freeInvocation(pool: InvocationPool, index: number): void {
  pool.function[index] = -1;
  pool.next[index] = pool.freeHead;
  pool.freeHead = index;
}
