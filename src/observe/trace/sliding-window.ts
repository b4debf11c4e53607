import type { Series } from '../../model/window.ts';
import type { ReadableSeries } from './readable-series.ts';

export type Readable<K extends string> = readonly (readonly [K, ReadableSeries])[];

/**
 * The newest minutes of many series in arrays that are kept from tick to tick: thousands of ticks over hundreds of
 * series would otherwise make millions of views.
 */
export interface SlidingWindow<T> {
  readonly series: ReadonlyMap<string, T>;
  /** Shows the minutes from `from` on; what was shown before is gone. */
  moveTo(from: number): void;
}

export function slidingWindow<T>(
  readable: ReadonlyMap<string, Readable<string>>,
  minutes: number,
): SlidingWindow<T> {
  const series = new Map<string, T>();
  const all: { readonly shown: Float64Array; readonly source: ReadableSeries }[] = [];
  for (const [name, metrics] of readable) {
    const record: Record<string, Series> = {};
    for (const [metric, source] of metrics) {
      const shown = new Float64Array(minutes);
      record[metric] = shown;
      all.push({ shown, source });
    }
    series.set(name, record as T);
  }
  let at = Number.NaN;
  return {
    series,
    moveTo(from) {
      const isNext = from === at + 1;
      at = from;
      for (const { shown, source } of all) {
        // Late data changes minutes that were shown already.
        if (isNext && !source.isLate) {
          shown.copyWithin(0, 1);
          shown[minutes - 1] = source.values[from + minutes - 1] as number;
        } else shown.set(source.values.subarray(from, from + minutes));
      }
    },
  };
}
