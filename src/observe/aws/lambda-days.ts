import { DAY_MS, type EpochMs } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import type { FunctionFacts } from './memory.ts';
import type { MetricRequest } from './metric-request.ts';
import { readStatistics } from './metric-statistics.ts';
import type { Wire } from './wire.ts';

/** What one function did, a value a day. */
export interface FunctionUseDays {
  readonly fn: FunctionFacts;
  readonly durationMs: Float64Array;
  readonly invocations: Float64Array;
}

/** What the metrics say that functions did on whole days (UTC). */
export interface LambdaDays {
  readonly functions: readonly FunctionUseDays[];
  readonly gaps: readonly ReadGap[];
}

/**
 * Two free calls a function (GetMetricStatistics, one point a day; CloudWatch keeps days for 15 months). A function whose
 * metrics cannot be read is a gap: the caller must not take the rest for the whole.
 */
export async function readLambdaDays(input: {
  readonly wire: Wire;
  readonly functions: readonly FunctionFacts[];
  readonly fromAt: EpochMs;
  readonly days: number;
}): Promise<LambdaDays> {
  const { wire, functions, fromAt, days } = input;
  const reads = functions.map((fn) => ({
    fn,
    duration: request(fn.name, 'Duration'),
    invocations: request(fn.name, 'Invocations'),
  }));
  const span = { startAt: fromAt, points: days, periodMs: DAY_MS };
  const requests = reads.flatMap(({ duration, invocations }) => [duration, invocations]);
  const { values, gaps } = await readStatistics(wire, requests, span);
  // No datapoint in a readable series: it did not run that day.
  const of = (metric: MetricRequest) =>
    Float64Array.from({ length: days }, (_, day) => values.get(metric)?.Sum?.[day] || 0);
  return {
    gaps,
    functions: reads.map(({ fn, duration, invocations }) => ({
      fn,
      durationMs: of(duration),
      invocations: of(invocations),
    })),
  };
}

function request(name: string, metric: string): MetricRequest {
  return { namespace: 'AWS/Lambda', metric, name, statistics: ['Sum'] };
}
