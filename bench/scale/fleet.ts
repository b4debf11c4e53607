import type { Baselines } from '../../src/model/baseline.ts';
import type { Inventory } from '../../src/model/inventory.ts';
import type { FunctionSeries, QueueSeries, Series, Window } from '../../src/model/window.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { tickAt, traceSource } from '../../src/observe/trace/trace-source.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';

/** What a tick reads, as it is after reading. */
export interface Fleet {
  readonly now: number;
  readonly window: Window;
  readonly baselines: Baselines;
}

/** Functions of the simulated account of which larger fleets are made. */
export const BASE_FUNCTIONS = 100;

/** Minutes of the simulated account: history enough for baselines, and a window. */
const BASE_MINUTES = 900;

/** Onset of the one retry loop in every hundred functions lies between 35 % and 75 % of the trace. */
const FAMILY = 'retry-throw';

/** An account of 100 functions, one of which is in a retry loop, at its last minute. */
export async function baseFleet(seed: number): Promise<Fleet> {
  const family = families[FAMILY];
  if (family === undefined) throw new RangeError(`no family ${FAMILY}`);
  const size = { background: BASE_FUNCTIONS - 1, minutes: BASE_MINUTES };
  const trace = parseTrace(simulate(family.scenario(seed, size)).trace);
  const source = traceSource(trace);
  const now = tickAt(trace, trace.periods - 1);
  return { now, baselines: await source.baselines(now, []), window: await source.window(now) };
}

/** The base account again and again under new names, every series a copy of its own, as if each had been read. */
export function enlarge(base: Fleet, functions: number): Fleet {
  const copies = Math.ceil(functions / base.window.inventory.functions.length);
  const inventory: Inventory = { ...base.window.inventory, functions: [], queues: [] };
  const all = {
    functions: [] as Inventory['functions'][number][],
    queues: [] as Inventory['queues'][number][],
    lambda: new Map<string, FunctionSeries>(),
    sqs: new Map<string, QueueSeries>(),
    functionBaselines: new Map(),
    queueBaselines: new Map(),
  };
  for (let copy = 0; copy < copies; copy++) {
    const rename = (name: string) => `${name}-${copy}`;
    for (const fn of base.window.inventory.functions.slice(0, functions - all.functions.length)) {
      const eventSources = fn.eventSources.map((source) => ({ ...source, source: rename(source.source) }));
      all.functions.push({ ...fn, name: rename(fn.name), eventSources });
      all.lambda.set(rename(fn.name), copyOf(base.window.functions.get(fn.name)));
      const baseline = base.baselines.functions.get(fn.name);
      if (baseline !== undefined) all.functionBaselines.set(rename(fn.name), structuredClone(baseline));
    }
    for (const queue of base.window.inventory.queues) {
      const redrive = queue.redrive && {
        ...queue.redrive,
        deadLetterQueue: rename(queue.redrive.deadLetterQueue),
      };
      all.queues.push({ ...queue, name: rename(queue.name), redrive });
      all.sqs.set(rename(queue.name), copyOf(base.window.queues.get(queue.name)));
      const baseline = base.baselines.queues.get(queue.name);
      if (baseline !== undefined) all.queueBaselines.set(rename(queue.name), structuredClone(baseline));
    }
  }
  return {
    now: base.now,
    window: {
      ...base.window,
      inventory: { ...inventory, functions: all.functions, queues: all.queues },
      functions: all.lambda,
      queues: all.sqs,
    },
    baselines: {
      builtAt: base.baselines.builtAt,
      functions: all.functionBaselines,
      queues: all.queueBaselines,
    },
  };
}

function copyOf<T extends FunctionSeries | QueueSeries>(series: T | undefined): T {
  const entries = Object.entries(series ?? {}) as [string, Series | undefined][];
  return Object.fromEntries(entries.map(([metric, values]) => [metric, values?.slice()])) as object as T;
}

/** Bytes of all the series of a window. */
export function seriesBytes({ functions, queues }: Window): number {
  let bytes = 0;
  for (const series of [...functions.values(), ...queues.values()]) {
    for (const values of Object.values(series) as (Series | undefined)[]) bytes += values?.byteLength ?? 0;
  }
  return bytes;
}
