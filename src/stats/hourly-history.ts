import { HOUR_MS, MINUTE_MS } from '../model/time.ts';
import type { Series, Window } from '../model/window.ts';
import type { FunctionHours, HourlyHistory, QueueHours } from './baseline.ts';

/** The whole clock hours of a window as history; a part hour at either end is left out. */
export function hourlyHistory(window: Window): HourlyHistory {
  const first = Math.ceil(window.startAt / HOUR_MS) * HOUR_MS;
  const from = Math.round((first - window.startAt) / MINUTE_MS);
  const span = { from, hours: Math.max(0, Math.floor((window.minutes - from) / 60)) };
  const functions = new Map<string, FunctionHours>();
  for (const fn of window.inventory.functions) {
    const series = window.functions.get(fn.name);
    functions.set(fn.name, {
      invocations: sums(series?.invocations, span),
      errors: sums(series?.errors, span),
      throttles: sums(series?.throttles, span),
      durationSumMs: sums(series?.durationSumMs, span),
      durationMaximumMs: maxima(series?.durationMaximumMs, span),
      concurrentExecutions: maxima(series?.concurrentExecutions, span),
      memoryMB: fn.memoryMB,
    });
  }
  const queues = new Map<string, QueueHours>();
  for (const [name, series] of window.queues) {
    queues.set(name, {
      sent: sums(series.sent, span),
      received: sums(series.received, span),
      deleted: sums(series.deleted, span),
      visible: maxima(series.visible, span),
    });
  }
  return { startAt: first, functions, queues };
}

interface Span {
  readonly from: number;
  readonly hours: number;
}

function sums(series: Series | undefined, span: Span): Float64Array {
  return perHour(series, span, (soFar, value) => soFar + value);
}

function maxima(series: Series | undefined, span: Span): Float64Array {
  return perHour(series, span, Math.max);
}

/** `NaN` where the hour has no datapoint. */
function perHour(
  series: Series | undefined,
  { from, hours }: Span,
  combine: (soFar: number, value: number) => number,
): Float64Array {
  const result = new Float64Array(hours).fill(Number.NaN);
  if (series === undefined) return result;
  for (let i = 0; i < hours * 60; i++) {
    const value = series[from + i] as number;
    if (Number.isNaN(value)) continue;
    const hour = Math.floor(i / 60);
    const soFar = result[hour] as number;
    result[hour] = Number.isNaN(soFar) ? value : combine(soFar, value);
  }
  return result;
}
