import type { Baselines } from '../../model/baseline.ts';
import type { Incident } from '../../model/incident.ts';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import {
  type FunctionSeries,
  type MoveTask,
  type QueueSeries,
  type Series,
  WINDOW_MINUTES,
  type Window,
} from '../../model/window.ts';
import { type Spending, spendingOf } from '../../price/budget-spend.ts';
import { buildBaselines } from '../../stats/baseline.ts';
import { hourlyHistory } from '../../stats/hourly-history.ts';
import { abnormalSpans } from '../abnormal-span.ts';
import type { Source } from '../source.ts';
import type { Trace, TraceSeries } from './format.ts';
import { readableSeries } from './readable-series.ts';
import { type Readable, slidingWindow } from './sliding-window.ts';

/**
 * A recorded trace as a source: at each tick only what was readable then. Ticks go forward only.
 * A window's series are the source's own arrays: read them before the next call.
 */
export function traceSource(trace: Trace): Source {
  const functions = readableMap(trace.functions);
  const queues = readableMap(trace.queues);
  const late = [...functions.values(), ...queues.values()]
    .flatMap((readable) => readable.map(([, series]) => series))
    .filter(({ isLate }) => isLate);
  const slidingFunctions = slidingWindow<FunctionSeries>(functions, WINDOW_MINUTES);
  const slidingQueues = slidingWindow<QueueSeries>(queues, WINDOW_MINUTES);
  let lastTick = -1;

  function advance(tick: number): void {
    if (tick < lastTick) throw new RangeError('a trace is replayed forward only');
    if (tick === lastTick) return;
    lastTick = tick;
    for (const series of late) series.advance(tick);
  }

  return {
    window(now) {
      const tick = tickOf(trace, now);
      advance(tick);
      const minutes = Math.min(WINDOW_MINUTES, tick + 1);
      const from = tick + 1 - minutes;
      if (minutes < WINDOW_MINUTES)
        return Promise.resolve(cut(trace, functions, queues, { from, minutes, now }));
      slidingFunctions.moveTo(from);
      slidingQueues.moveTo(from);
      const series = { functions: slidingFunctions.series, queues: slidingQueues.series };
      return Promise.resolve(windowOf(trace, series, { from, minutes, now }));
    },
    baselines(now, incidents, spending) {
      advance(tickOf(trace, now));
      return Promise.resolve(baselinesAt(trace, functions, queues, { now, incidents, spending }));
    },
  };
}

/** The newest period that is readable at `now`. */
function tickOf(trace: Trace, now: EpochMs): number {
  const tick = Math.floor((now - trace.publishDelayMs - trace.startAt) / MINUTE_MS) - 1;
  return Math.min(tick, trace.periods - 1);
}

/** Instant of tick `period`: the period has ended and was published. */
export function tickAt(trace: Trace, period: number): EpochMs {
  return trace.startAt + (period + 1) * MINUTE_MS + trace.publishDelayMs;
}

function readableMap<K extends string>(
  source: ReadonlyMap<string, Partial<Record<K, TraceSeries>>>,
): Map<string, Readable<K>> {
  const map = new Map<string, Readable<K>>();
  for (const [name, series] of source) {
    const entries = Object.entries(series) as [K, TraceSeries][];
    map.set(
      name,
      entries.map(([metric, one]) => [metric, readableSeries(one)] as const),
    );
  }
  return map;
}

function cut(
  trace: Trace,
  functions: ReadonlyMap<string, Readable<string>>,
  queues: ReadonlyMap<string, Readable<string>>,
  span: { readonly from: number; readonly minutes: number; readonly now: EpochMs },
): Window {
  const byteOffset = span.from * Float64Array.BYTES_PER_ELEMENT;
  function view<T>(readable: Readable<string>): T {
    const views: Record<string, Series> = {};
    for (const [metric, { values }] of readable) {
      views[metric] = new Float64Array(values.buffer, values.byteOffset + byteOffset, span.minutes);
    }
    return views as T;
  }
  const functionViews = new Map<string, FunctionSeries>();
  for (const [name, readable] of functions) functionViews.set(name, view<FunctionSeries>(readable));
  const queueViews = new Map<string, QueueSeries>();
  for (const [name, readable] of queues) queueViews.set(name, view<QueueSeries>(readable));
  return windowOf(trace, { functions: functionViews, queues: queueViews }, span);
}

function windowOf(
  trace: Trace,
  series: Pick<Window, 'functions' | 'queues'>,
  span: { readonly from: number; readonly minutes: number; readonly now: EpochMs },
): Window {
  return {
    startAt: trace.startAt + span.from * MINUTE_MS,
    minutes: span.minutes,
    inventory: trace.inventory,
    ...series,
    depths: new Map(),
    moveTasks: trace.moveTasks.filter((task: MoveTask) => task.startedAt <= span.now),
    gaps: [],
  };
}

function baselinesAt(
  trace: Trace,
  functions: ReadonlyMap<string, Readable<string>>,
  queues: ReadonlyMap<string, Readable<string>>,
  at: {
    readonly now: EpochMs;
    readonly incidents: readonly Incident[];
    readonly spending: Spending | undefined;
  },
): Baselines {
  // Hours that are still in the window are judged, not believed.
  const minutes = Math.max(0, tickOf(trace, at.now) + 1 - WINDOW_MINUTES);
  const history = hourlyHistory(cut(trace, functions, queues, { from: 0, minutes, now: at.now }));
  const abnormal = abnormalSpans(at.incidents, at.now);
  const { inventory } = trace;
  return {
    ...buildBaselines({ builtAt: at.now, history, abnormal }),
    ...(at.spending === undefined ? {} : spendingOf({ ...at.spending, now: at.now, inventory, history })),
  };
}
