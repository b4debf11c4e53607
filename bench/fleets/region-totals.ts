import { MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import type { Trace } from '../../src/observe/trace/format.ts';

const FIELDS = ['invocations', 'errors', 'throttles', 'durationSumMs', 'concurrentExecutions'] as const;
/** Of this the region's datapoint is the largest of all functions', not their sum; a minute without one is NaN. */
const OLDEST = 'iteratorAgeMaximumMs';
const DAY_MINUTES = 1_440;

/** The metrics without dimensions: those of a window's functions and of all the others of the account. */
export interface RegionTotals {
  at(window: Window, field: string): Float64Array | undefined;
}

/**
 * Totals of an account of so many functions: those of the window, and others drawn from a pool of traces of ordinary traffic,
 * each moved by up to an hour so that no two are alike to the minute. The pool repeats every day.
 */
export function regionTotals(pool: readonly Trace[], others: number, seed: number): RegionTotals {
  const days = new Map<string, Float64Array>(FIELDS.map((field) => [field, new Float64Array(DAY_MINUTES)]));
  const oldest = new Float64Array(DAY_MINUTES).fill(Number.NaN);
  const functions = pool.flatMap((trace) =>
    trace.inventory.functions.map(({ name }) => ({
      startAt: trace.startAt,
      series: trace.functions.get(name),
    })),
  );
  let state = (seed * 2_654_435_761) >>> 0;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let i = 0; i < others && functions.length > 0; i++) {
    const one = functions[next(functions.length)];
    const shift = next(120) - 60 + DAY_MINUTES;
    const from = Math.floor((one?.startAt ?? 0) / MINUTE_MS) + shift;
    for (const field of FIELDS) {
      const day = days.get(field) as Float64Array;
      const final = one?.series?.[field]?.final;
      if (final === undefined) continue;
      const length = Math.min(DAY_MINUTES, final.length);
      for (let minute = 0; minute < length; minute++) {
        const at = (from + minute) % DAY_MINUTES;
        day[at] = (day[at] as number) + (final[minute] || 0);
      }
    }
    one?.series?.[OLDEST]?.final.forEach((ageMs, minute) => {
      if (minute < DAY_MINUTES) raise(oldest, (from + minute) % DAY_MINUTES, ageMs);
    });
  }
  return {
    at(window, field) {
      if (field === OLDEST) return oldestOf(window, oldest);
      const day = days.get(field);
      if (day === undefined) return sumOf(window, field);
      const own = sumOf(window, field);
      const from = Math.floor(window.startAt / MINUTE_MS);
      return own.map((value, minute) => value + (day[(from + minute) % DAY_MINUTES] as number));
    },
  };
}

function sumOf(window: Window, field: string): Float64Array {
  const sum = new Float64Array(window.minutes);
  for (const series of window.functions.values()) {
    const one = (series as Readonly<Record<string, Float64Array | undefined>>)[field];
    if (one === undefined) continue;
    for (let minute = 0; minute < window.minutes; minute++)
      sum[minute] = (sum[minute] as number) + (one[minute] || 0);
  }
  return sum;
}

function oldestOf(window: Window, others: Float64Array): Float64Array {
  const from = Math.floor(window.startAt / MINUTE_MS);
  const most = new Float64Array(window.minutes).fill(Number.NaN);
  for (let minute = 0; minute < window.minutes; minute++) {
    raise(most, minute, others[(from + minute) % DAY_MINUTES] as number);
    for (const series of window.functions.values())
      raise(most, minute, series[OLDEST]?.[minute] ?? Number.NaN);
  }
  return most;
}

/** To at least this value; NaN is none. */
function raise(values: Float64Array, at: number, value: number): void {
  if (!Number.isNaN(value) && !(value <= (values[at] as number))) values[at] = value;
}
