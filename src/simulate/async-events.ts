import { widen } from './messages.ts';

/** Events in Lambda's internal queue of asynchronous invocations, in parallel typed arrays. */
export interface AsyncEventPool {
  capacity: number;
  function: Int32Array;
  receivedAt: Float64Array;
  /** Tries that ended in a function error. */
  failures: Int32Array;
  throttles: Int32Array;
  /** Event that made it superfluous; -1: none. */
  cause: Int16Array;
  /** Invocations of one chain that led to it, as AWS's recursive loop detection counts them. */
  hops: Int32Array;
  freeHead: number;
  next: Int32Array;
}

export function createAsyncEvents(): AsyncEventPool {
  const pool: AsyncEventPool = {
    capacity: 0,
    function: new Int32Array(0),
    receivedAt: new Float64Array(0),
    failures: new Int32Array(0),
    throttles: new Int32Array(0),
    cause: new Int16Array(0),
    hops: new Int32Array(0),
    next: new Int32Array(0),
    freeHead: -1,
  };
  growAsyncEvents(pool, 256);
  return pool;
}

function growAsyncEvents(pool: AsyncEventPool, capacity: number): void {
  const from = pool.capacity;
  pool.function = widen(pool.function, new Int32Array(capacity));
  pool.receivedAt = widen(pool.receivedAt, new Float64Array(capacity));
  pool.failures = widen(pool.failures, new Int32Array(capacity));
  pool.throttles = widen(pool.throttles, new Int32Array(capacity));
  pool.cause = widen(pool.cause, new Int16Array(capacity));
  pool.hops = widen(pool.hops, new Int32Array(capacity));
  pool.next = widen(pool.next, new Int32Array(capacity));
  pool.capacity = capacity;
  for (let index = capacity - 1; index >= from; index--) {
    pool.function[index] = -1;
    pool.next[index] = pool.freeHead;
    pool.freeHead = index;
  }
}

export function allocateAsyncEvent(
  pool: AsyncEventPool,
  event: { readonly function: number; readonly at: number; readonly cause: number; readonly hops: number },
): number {
  if (pool.freeHead < 0) growAsyncEvents(pool, pool.capacity * 2);
  const index = pool.freeHead;
  pool.freeHead = pool.next[index] as number;
  pool.function[index] = event.function;
  pool.receivedAt[index] = event.at;
  pool.cause[index] = event.cause;
  pool.hops[index] = event.hops;
  pool.failures[index] = 0;
  pool.throttles[index] = 0;
  return index;
}

export function freeAsyncEvent(pool: AsyncEventPool, index: number): void {
  pool.function[index] = -1;
  pool.next[index] = pool.freeHead;
  pool.freeHead = index;
}
