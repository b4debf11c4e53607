import type { Trace } from '../observe/trace/format.ts';

export interface ReadCount {
  /** Metrics requested of GetMetricData; statistics of one metric in one call count once. */
  readonly metricRequests: number;
  /** GetQueueAttributes requests. */
  readonly apiRequests: number;
}

/** Every recorded metric and every queue depth read at every tick. */
export function readsOf(trace: Trace): ReadCount {
  let metrics = 0;
  for (const series of [...trace.functions.values(), ...trace.queues.values()]) {
    metrics += new Set(Object.keys(series).map(metricOf)).size;
  }
  return { metricRequests: metrics * trace.periods, apiRequests: trace.queues.size * trace.periods };
}

/** The three statistics of Duration are one metric. */
function metricOf(name: string): string {
  return name.startsWith('duration') ? 'duration' : name;
}
