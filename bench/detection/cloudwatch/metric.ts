import {
  FUNCTION_METRICS,
  QUEUE_METRICS,
  type Trace,
  type TraceSeries,
} from '../../../src/observe/trace/format.ts';
import { type ReadableSeries, readableSeries } from '../../../src/observe/trace/readable-series.ts';

export interface MetricQuery {
  readonly namespace: 'AWS/Lambda' | 'AWS/SQS';
  readonly metric: string;
  readonly stat: string;
  /** Name of the function or queue. */
  readonly resource: string;
}

/** Value of a metric over the minutes [from, to); NaN: none of them has a datapoint. */
export type MetricReader = (from: number, to: number) => number;

/** Reads a trace as CloudWatch shows it at a tick: data that is late is not there yet. */
export interface MetricSource {
  reader(query: MetricQuery): MetricReader;
  /** Moves on to a tick, which must not be before the last one. */
  advance(tick: number): void;
}

/** Lambda emits these once an invocation, so that their Average is a share of the invocations. */
const PER_INVOCATION = ['Errors', 'Duration'];

/** Traces hold no percentiles. What stands in is larger where a few runs are long: such an alarm can only come sooner. */
const STAND_INS: Readonly<Record<string, string>> = { p50: 'Average', p90: 'Maximum' };

export function metricSource(trace: Trace): MetricSource {
  const opened = new Map<TraceSeries, ReadableSeries>();
  const open = (series: TraceSeries | undefined): Float64Array | null => {
    if (series === undefined) return null;
    const known = opened.get(series) ?? readableSeries(series);
    opened.set(series, known);
    return known.values as Float64Array;
  };

  function seriesOf({ namespace, metric, resource }: MetricQuery, stat: string): Float64Array | null {
    const key = `${metric}/${stat}`;
    if (namespace === 'AWS/Lambda') {
      const name = FUNCTION_METRICS[key];
      if (name === undefined) throw new RangeError(`no trace records ${namespace} ${key}`);
      return open(trace.functions.get(resource)?.[name]);
    }
    const name = QUEUE_METRICS[key];
    if (name === undefined) throw new RangeError(`no trace records ${namespace} ${key}`);
    return open(trace.queues.get(resource)?.[name]);
  }

  return {
    reader(query) {
      const stat = STAND_INS[query.stat] ?? query.stat;
      if (stat === 'Average') {
        if (!PER_INVOCATION.includes(query.metric))
          throw new RangeError(`no trace records the Average of ${query.metric}`);
        const total = sumOf(seriesOf(query, 'Sum'));
        const samples = sumOf(seriesOf({ ...query, metric: 'Invocations' }, 'Sum'));
        return (from, to) => total(from, to) / samples(from, to);
      }
      const series = seriesOf(query, stat);
      return stat === 'Sum' ? sumOf(series) : maximumOf(series);
    },
    advance(tick) {
      for (const series of opened.values()) series.advance(tick);
    },
  };
}

function sumOf(series: Float64Array | null): MetricReader {
  return (from, to) => {
    let total = Number.NaN;
    for (let i = Math.max(0, from); i < to; i++) {
      const value = series?.[i] ?? Number.NaN;
      if (!Number.isNaN(value)) total = Number.isNaN(total) ? value : total + value;
    }
    return total;
  };
}

function maximumOf(series: Float64Array | null): MetricReader {
  return (from, to) => {
    let highest = Number.NaN;
    for (let i = Math.max(0, from); i < to; i++) {
      const value = series?.[i] ?? Number.NaN;
      if (!(value <= highest) && !Number.isNaN(value)) highest = value;
    }
    return highest;
  };
}
