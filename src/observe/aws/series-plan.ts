import type { Inventory, LambdaFunction } from '../../model/inventory.ts';
import { type EpochMs, HOUR_MS } from '../../model/time.ts';
import type { QueueDepth } from '../../model/window.ts';
import { isStill } from './depth-history.ts';
import type { SourceMemory } from './memory.ts';
import { type MetricRequest, requestsFor } from './metric-request.ts';

/** Every function that runs publishes these. */
export const BASE_METRICS = ['Invocations', 'Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'];
const ASYNC_METRICS = ['AsyncEventsReceived', 'AsyncEventAge'];
const STREAM_METRICS = ['IteratorAge'];
export const QUEUE_METRICS = [
  'NumberOfMessagesSent',
  'NumberOfMessagesReceived',
  'NumberOfMessagesDeleted',
  'ApproximateNumberOfMessagesVisible',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateAgeOfOldestMessage',
];
/** A dead-letter queue whose depth did not change for this many ticks has nothing to say: its metrics are not read. */
const STILL_TICKS_MIN = 10;
/** A function that woke up, or was deployed, is read for this long before the listing must know it. */
export const AWAKE_MS = HOUR_MS;

export interface PlanInput {
  readonly inventory: Inventory;
  readonly memory: SourceMemory;
  readonly depths: ReadonlyMap<string, QueueDepth>;
  readonly now: EpochMs;
  /** Minutes between two readings of a function's series: 1 for what can burn much or is suspicious. */
  readonly readEveryMinutes: (fn: LambdaFunction) => number;
}

/** What a tick does about one function's (or queue's) series. */
type Reading = 'read' | 'silent' | 'not-now';

export interface SeriesPlan {
  readonly functions: ReadonlyMap<string, Reading>;
  readonly queues: ReadonlyMap<string, Reading>;
  readonly requests: readonly MetricRequest[];
}

/** Which series are worth their price at this tick. */
export function planSeries(input: PlanInput): SeriesPlan {
  const functions = new Map<string, Reading>();
  const requests: MetricRequest[] = [];
  const minute = Math.floor(input.now / 60_000);
  const activity = activityOf(input.memory);
  for (const fn of input.inventory.functions) {
    const due = minute % Math.max(1, Math.floor(input.readEveryMinutes(fn))) === 0;
    const reading = !isActive(fn, input, activity) ? 'silent' : due ? 'read' : 'not-now';
    functions.set(fn.name, reading);
    if (reading === 'read') requests.push(...functionRequests(fn, activity));
  }
  const queues = planQueues(input, functions);
  for (const [name, reading] of queues) {
    if (reading === 'read') requests.push(...requestsFor('AWS/SQS', name, QUEUE_METRICS));
  }
  return { functions, queues, requests };
}

interface KnownActivity {
  readonly active: ReadonlySet<string>;
  readonly async: ReadonlySet<string>;
  readonly rare: ReadonlyMap<string, ReadonlySet<string>>;
}

function activityOf({ activity }: SourceMemory): KnownActivity | null {
  if (activity === null) return null;
  return {
    active: new Set(activity.active),
    async: new Set(activity.async),
    rare: new Map([...activity.rare].map(([metric, names]) => [metric, new Set(names)])),
  };
}

/** Whether the function may have run lately. In doubt it has. */
function isActive(fn: LambdaFunction, input: PlanInput, activity: KnownActivity | null): boolean {
  if (activity === null || activity.active.has(fn.name)) return true;
  const awakeAt = input.memory.awake.get(fn.name);
  if (awakeAt !== undefined && input.now - awakeAt < AWAKE_MS) return true;
  if (fn.lastModifiedAt !== undefined && input.now - fn.lastModifiedAt < AWAKE_MS) return true;
  return fn.eventSources.some(({ source, enabled }) => {
    const depth = input.depths.get(source);
    return enabled && depth !== undefined && depth.visible + depth.notVisible > 0;
  });
}

function functionRequests(fn: LambdaFunction, activity: KnownActivity | null): MetricRequest[] {
  const metrics = [...BASE_METRICS];
  if (activity === null || activity.async.has(fn.name)) metrics.push(...ASYNC_METRICS);
  if (hasStream(fn)) metrics.push(...STREAM_METRICS);
  for (const [metric, names] of activity?.rare ?? []) if (names.has(fn.name)) metrics.push(metric);
  return requestsFor('AWS/Lambda', fn.name, metrics);
}

function hasStream(fn: LambdaFunction): boolean {
  return fn.eventSources.some(({ kind, enabled }) => kind !== 'sqs' && enabled);
}

/**
 * A queue is read as often as the most watched of its functions, and not at all while it is empty and none of them runs;
 * a dead-letter queue is read while its depth changes.
 */
function planQueues(
  { inventory, memory, depths }: PlanInput,
  functions: ReadonlyMap<string, Reading>,
): ReadonlyMap<string, Reading> {
  const feeding = new Map<string, Set<Reading>>();
  for (const fn of inventory.functions) {
    for (const { kind, source } of fn.eventSources) {
      if (kind !== 'sqs') continue;
      const readings = feeding.get(source) ?? new Set<Reading>();
      feeding.set(source, readings.add(functions.get(fn.name) ?? 'read'));
    }
  }
  const readingOf = (name: string): Reading => {
    const readings = feeding.get(name);
    if (readings === undefined) return isStill(memory.depths, name, STILL_TICKS_MIN) ? 'silent' : 'read';
    if (readings.has('read')) return 'read';
    if (readings.has('not-now')) return 'not-now';
    const depth = depths.get(name);
    return depth !== undefined && depth.visible + depth.notVisible === 0 ? 'silent' : 'read';
  };
  return new Map(inventory.queues.map(({ name }) => [name, readingOf(name)]));
}
