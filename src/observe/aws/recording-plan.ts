import type { Inventory, LambdaFunction, Queue } from '../../model/inventory.ts';
import { type EpochMs, MINUTE_MS, toIso } from '../../model/time.ts';
import type { MoveTask, ReadGap } from '../../model/window.ts';
import { listNames } from './activity.ts';
import { gapOf, summariseGaps } from './failure.ts';
import { ALL_DETAILS } from './function-details.ts';
import { readIdentity, readInventory } from './inventory.ts';
import {
  LAMBDA_TABLE,
  type MetricNamespace,
  type MetricRequest,
  requestsFor,
  SQS_TABLE,
} from './metric-request.ts';
import { readMoveTasks } from './queues.ts';
import { PUBLISH_DELAY_MS, windowSpan } from './window-span.ts';
import type { Wire } from './wire.ts';

type TraceFunction = Omit<LambdaFunction, 'lastModifiedAt' | 'billing'> & {
  readonly lastModifiedAt?: string;
};

/** A `firebreak-trace/1` document without its series. */
export interface TraceHeader {
  readonly format: 'firebreak-trace/1';
  readonly account: string;
  readonly region: string;
  readonly start: string;
  readonly periodSeconds: 60;
  readonly periods: number;
  readonly publishDelaySeconds: number;
  readonly accountConcurrencyLimit?: number;
  readonly functions: readonly TraceFunction[];
  readonly queues: readonly Omit<Queue, 'url'>[];
  readonly moveTasks: readonly (Omit<MoveTask, 'startedAt'> & { readonly startedAt: string })[];
}

/** What will be recorded: everything but the numbers. */
export interface RecordingPlan {
  readonly header: TraceHeader;
  readonly startAt: EpochMs;
  /** Metrics that have data, and are to be read. */
  readonly requests: readonly MetricRequest[];
  /** Metrics that are known to have none: recorded as such, without reading. */
  readonly silent: readonly MetricRequest[];
  readonly gaps: readonly ReadGap[];
}

export interface RecordingWish {
  readonly now: EpochMs;
  readonly sinceMs: number;
  /** Functions to record, with their queues; empty: all. */
  readonly functions: readonly string[];
}

/**
 * Reads what exists and which metrics have data.
 * @throws {UnavailableError} when functions cannot be listed.
 */
export async function planRecording(wire: Wire, wish: RecordingWish): Promise<RecordingPlan> {
  const { now } = wish;
  const identity = await readIdentity(wire);
  const read = await readInventory(wire, identity, null, { now, limits: ALL_DETAILS });
  const tasks = await readMoveTasks(wire, { ...read.memory, moveTasks: null }, now);
  const inventory = withEveryQueue(narrow(read.inventory, wish.functions));
  const listed = await listAllMetrics(wire);
  const requests = inventoryRequests(inventory);
  // Where the listing failed, everything is asked for.
  const hasData = ({ namespace, name, metric }: MetricRequest) =>
    listed.metrics === null || listed.metrics.has(`${namespace} ${metric} ${name}`);
  const alive = new Set(requests.filter(hasData).map(({ namespace, name }) => `${namespace} ${name}`));
  const { endAt, periods } = spanOf(wish);
  return {
    header: headerOf(inventory.inventory, tasks.moveTasks.items, {
      startAt: endAt - periods * MINUTE_MS,
      periods,
    }),
    startAt: endAt - periods * MINUTE_MS,
    requests: requests.filter(hasData),
    silent: requests.filter((one) => !hasData(one) && alive.has(`${one.namespace} ${one.name}`)),
    gaps: summariseGaps([...read.gaps, ...tasks.gaps, ...listed.gaps, ...inventory.gaps]),
  };
}

function spanOf({ now, sinceMs }: RecordingWish): { endAt: EpochMs; periods: number } {
  const { startAt, points } = windowSpan(now);
  return { endAt: startAt + points * MINUTE_MS, periods: Math.max(1, Math.floor(sinceMs / MINUTE_MS)) };
}

/** Only these functions, the queues that feed them, and their dead-letter queues. */
function narrow(inventory: Inventory, names: readonly string[]): Inventory {
  if (names.length === 0) return inventory;
  const functions = inventory.functions.filter(({ name }) => names.includes(name));
  const kept = new Set(functions.flatMap((fn) => fn.eventSources.map(({ source }) => source)));
  // Dead-letter queues may have one of their own: as often as a set of queues can grow.
  for (const _ of inventory.queues) {
    for (const { name, redrive } of inventory.queues) {
      if (kept.has(name) && redrive !== null) kept.add(redrive.deadLetterQueue);
    }
  }
  return { ...inventory, functions, queues: inventory.queues.filter(({ name }) => kept.has(name)) };
}

/** SQS defaults (SQS API reference, CreateQueue, 2026-08), for a queue of which only the name is known. */
const DEFAULT_QUEUE = { visibilityTimeoutSeconds: 30, messageRetentionSeconds: 345_600, redrive: null };

/** A trace must list every queue it names: those that could not be read get the defaults of SQS, and a gap says so. */
function withEveryQueue(inventory: Inventory): { inventory: Inventory; gaps: ReadGap[] } {
  const known = new Set(inventory.queues.map(({ name }) => name));
  const named = [
    ...inventory.functions.flatMap((fn) =>
      fn.eventSources.filter(({ kind }) => kind === 'sqs').map(({ source }) => source),
    ),
    ...inventory.queues.flatMap(({ redrive }) => (redrive === null ? [] : [redrive.deadLetterQueue])),
  ];
  const missing = [...new Set(named)].filter((name) => !known.has(name));
  return {
    inventory: {
      ...inventory,
      queues: [...inventory.queues, ...missing.map((name) => ({ name, ...DEFAULT_QUEUE }))],
    },
    gaps: missing.map((resource) => ({
      resource,
      operation: 'GetQueueAttributes',
      reason: 'its settings are not readable: the defaults of SQS are recorded instead',
    })),
  };
}

function inventoryRequests({ inventory }: { readonly inventory: Inventory }): MetricRequest[] {
  return [
    ...inventory.functions.flatMap((fn) => {
      const isStream = fn.eventSources.some(({ kind }) => kind !== 'sqs');
      const metrics = [...LAMBDA_TABLE.keys()].filter((metric) => isStream || metric !== 'IteratorAge');
      return requestsFor('AWS/Lambda', fn.name, metrics);
    }),
    ...inventory.queues.flatMap(({ name }) => requestsFor('AWS/SQS', name, [...SQS_TABLE.keys()])),
  ];
}

/** Which metrics have had data within the last two weeks; `null`: that cannot be known. */
async function listAllMetrics(
  wire: Wire,
): Promise<{ readonly metrics: ReadonlySet<string> | null; readonly gaps: readonly ReadGap[] }> {
  const metrics = new Set<string>();
  const tables: readonly (readonly [MetricNamespace, Iterable<string>])[] = [
    ['AWS/Lambda', LAMBDA_TABLE.keys()],
    ['AWS/SQS', SQS_TABLE.keys()],
  ];
  for (const [namespace, names] of tables) {
    for (const metric of names) {
      try {
        const listing = await listNames(wire, { namespace, metric, recent: false });
        if (listing.cutBy !== null) throw listing.cutBy;
        for (const name of listing.items) metrics.add(`${namespace} ${metric} ${name}`);
      } catch (error) {
        return { metrics: null, gaps: [gapOf(error, 'ListMetrics', metric)] };
      }
    }
  }
  return { metrics, gaps: [] };
}

function headerOf(
  inventory: Inventory,
  moveTasks: readonly MoveTask[],
  span: { readonly startAt: EpochMs; readonly periods: number },
): TraceHeader {
  const queues = new Set(inventory.queues.map(({ name }) => name));
  return {
    format: 'firebreak-trace/1',
    account: inventory.account,
    region: inventory.region,
    start: toIso(span.startAt),
    periodSeconds: 60,
    periods: span.periods,
    publishDelaySeconds: PUBLISH_DELAY_MS / 1000,
    ...(inventory.accountConcurrencyLimit === undefined
      ? {}
      : { accountConcurrencyLimit: inventory.accountConcurrencyLimit }),
    functions: inventory.functions.map(({ lastModifiedAt, billing: _, ...fn }) => ({
      ...fn,
      ...(lastModifiedAt === undefined ? {} : { lastModifiedAt: toIso(lastModifiedAt) }),
    })),
    queues: inventory.queues.map(({ url: _, ...queue }) => queue),
    moveTasks: moveTasks
      .filter(({ queue }) => queues.has(queue))
      .map((task) => ({ ...task, startedAt: toIso(task.startedAt) })),
  };
}
