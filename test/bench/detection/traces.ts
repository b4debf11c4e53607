import type { Inventory, LambdaFunction, Queue } from '../../../src/model/inventory.ts';
import type { FunctionMetric, LateEntry, Trace, TraceSeries } from '../../../src/observe/trace/format.ts';
import { ORDERS_MAPPING } from '../../model/orders-mapping.ts';

export const START_AT = Date.parse('2026-11-02T00:00:00Z');

const WORKER: LambdaFunction = {
  name: 'orders-worker',
  memoryMB: 1_024,
  timeoutSeconds: 300,
  architecture: 'arm64',
  ephemeralStorageMB: 512,
  reservedConcurrency: null,
  tags: {},
  eventSources: [ORDERS_MAPPING],
  asyncInvoke: null,
};

const QUEUES: readonly Queue[] = [
  {
    name: 'orders',
    visibilityTimeoutSeconds: 1_800,
    messageRetentionSeconds: 345_600,
    redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
  },
  { name: 'orders-dlq', visibilityTimeoutSeconds: 30, messageRetentionSeconds: 1_209_600, redrive: null },
];

export const INVENTORY: Inventory = {
  account: '111122223333',
  region: 'us-east-1',
  functions: [WORKER],
  queues: QUEUES,
};

/** `3 _ 0x4`: a value a minute, `_` for no datapoint, `x4` for four of them. */
export function series(text: string, late: readonly LateEntry[] = []): TraceSeries {
  const values = text.split(' ').flatMap((part) => {
    const [value = '', times = '1'] = part.split('x');
    return new Array<number>(Number(times)).fill(value === '_' ? Number.NaN : Number(value));
  });
  return { additive: true, final: Float64Array.from(values), late };
}

/** A trace of one function. */
export function traceOf(functions: Partial<Record<FunctionMetric, TraceSeries>>): Trace {
  const periods = Object.values(functions)[0]?.final.length ?? 0;
  return {
    inventory: INVENTORY,
    startAt: START_AT,
    periods,
    publishDelayMs: 60_000,
    functions: new Map([['orders-worker', functions]]),
    queues: new Map(),
    moveTasks: [],
    seriesCount: Object.keys(functions).length,
  };
}
