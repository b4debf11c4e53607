/** The last values of a stream, kept in order of size: ranks and quantiles in O(log n), a new value in one memory move. */
export interface SortedWindow {
  readonly size: number;
  add(value: number): void;
  /** The k-th smallest, k from 0. NaN where there is none. */
  at(k: number): number;
  countBelow(value: number): number;
  countAtMost(value: number): number;
}

export function createSortedWindow(capacity: number): SortedWindow {
  const sorted = new Float64Array(capacity);
  const arrival = new Float64Array(capacity);
  let size = 0;
  let oldest = 0;
  const countBelow = (value: number): number => firstIndex(sorted, size, (other) => other >= value);
  const countAtMost = (value: number): number => firstIndex(sorted, size, (other) => other > value);
  return {
    get size() {
      return size;
    },
    add(value) {
      if (size === capacity) {
        const gone = countBelow(arrival[oldest] ?? 0);
        sorted.copyWithin(gone, gone + 1, size);
        size -= 1;
      }
      arrival[oldest] = value;
      oldest = (oldest + 1) % capacity;
      const place = countBelow(value);
      sorted.copyWithin(place + 1, place, size);
      sorted[place] = value;
      size += 1;
    },
    at: (k) => (k >= 0 && k < size ? (sorted[k] ?? Number.NaN) : Number.NaN),
    countBelow,
    countAtMost,
  };
}

/** First index of the sorted values for which `reached` holds; `size` where it never does. */
function firstIndex(sorted: Float64Array, size: number, reached: (value: number) => boolean): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(sorted[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}
