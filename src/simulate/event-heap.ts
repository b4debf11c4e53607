/**
 * What is going to happen, earliest first; equal instants in the order they were planned (determinism). A 4-ary heap
 * on typed arrays: no object per event.
 */
export interface EventHeap {
  at: Float64Array;
  order: Float64Array;
  code: Int32Array;
  size: number;
  planned: number;
}

export function createHeap(): EventHeap {
  const capacity = 1024;
  return {
    at: new Float64Array(capacity),
    order: new Float64Array(capacity),
    code: new Int32Array(capacity),
    size: 0,
    planned: 0,
  };
}

/** Kinds of event; `code` of an event is `kind + 16 * subject`, the subject an index below 2^27. */
export const EVENT = {
  minute: 0,
  gauge: 1,
  arrival: 2,
  end: 3,
  visibility: 4,
  batchingWindow: 5,
  throttleRetry: 6,
  asyncAttempt: 7,
  shard: 8,
  control: 9,
  redrive: 10,
  callerRetry: 11,
  delayed: 12,
  growth: 13,
} as const;

export function plan(heap: EventHeap, at: number, kind: number, subject: number): void {
  if (heap.size === heap.at.length) grow(heap);
  const { at: ats, order, code } = heap;
  let hole = heap.size++;
  const rank = heap.planned++;
  while (hole > 0) {
    const parent = (hole - 1) >> 2;
    // Ranks only grow, so the new event goes after its equals.
    if ((ats[parent] as number) <= at) break;
    ats[hole] = ats[parent] as number;
    order[hole] = order[parent] as number;
    code[hole] = code[parent] as number;
    hole = parent;
  }
  ats[hole] = at;
  order[hole] = rank;
  code[hole] = kind + 16 * subject;
}

/** Instant of the next event; Infinity where nothing is planned. */
export function nextAt(heap: EventHeap): number {
  return heap.size === 0 ? Number.POSITIVE_INFINITY : (heap.at[0] as number);
}

/** Removes the next event and returns its code. Only where there is one. */
export function take(heap: EventHeap): number {
  const taken = heap.code[0] as number;
  const last = --heap.size;
  if (last > 0) sink(heap, last);
  return taken;
}

/** Puts the event at index `last` where it belongs, from the top. */
function sink(heap: EventHeap, last: number): void {
  const { at, order, code } = heap;
  const movedAt = at[last] as number;
  const movedOrder = order[last] as number;
  let hole = 0;
  for (;;) {
    const first = hole * 4 + 1;
    if (first >= last) break;
    let least = first;
    const end = Math.min(first + 4, last);
    for (let child = first + 1; child < end; child++) {
      const difference = (at[child] as number) - (at[least] as number);
      if (difference < 0 || (difference === 0 && (order[child] as number) < (order[least] as number)))
        least = child;
    }
    const difference = (at[least] as number) - movedAt;
    if (difference > 0 || (difference === 0 && (order[least] as number) > movedOrder)) break;
    at[hole] = at[least] as number;
    order[hole] = order[least] as number;
    code[hole] = code[least] as number;
    hole = least;
  }
  at[hole] = movedAt;
  order[hole] = movedOrder;
  code[hole] = code[last] as number;
}

function grow(heap: EventHeap): void {
  const at = new Float64Array(heap.at.length * 2);
  const order = new Float64Array(at.length);
  const code = new Int32Array(at.length);
  at.set(heap.at);
  order.set(heap.order);
  code.set(heap.code);
  heap.at = at;
  heap.order = order;
  heap.code = code;
}
