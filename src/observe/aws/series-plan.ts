import type { Inventory, LambdaFunction } from '../../model/inventory.ts';
import { type EpochMs, HOUR_MS } from '../../model/time.ts';
import { type Attention, deadLetterQueuesOf, latestDepth, type Reason } from './attention.ts';
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
];
/** Of the queues of a function that is stopped: how long messages have waited. */
const WAITING_METRICS = ['ApproximateAgeOfOldestMessage'];
/** What is read where the depths of queues are watched as well: enough to see trouble, which is then read in full. */
export const GLANCE = {
  metrics: ['Invocations', 'Errors', 'Duration'],
  queueMetrics: ['NumberOfMessagesSent', 'NumberOfMessagesReceived', 'NumberOfMessagesDeleted'],
} as const;
/** Why a function is read that has trouble, or may have it. */
const CLOSE: ReadonlySet<Reason> = new Set(['incident', 'moved', 'suspect', 'stopped']);
/** A dead-letter queue whose depth did not change for this many ticks has nothing to say: its metrics are not read. */
const STILL_TICKS_MIN = 10;
/** A function that woke up, or was deployed, is read for this long before the listing must know it. */
export const AWAKE_MS = HOUR_MS;

export interface PlanInput {
  readonly inventory: Inventory;
  readonly memory: SourceMemory;
  readonly now: EpochMs;
  /** Who is read at this tick. */
  readonly attention: Pick<Attention, 'read'>;
}

/** What a tick does about one function's (or queue's) series. */
type Reading = 'read' | 'glance' | 'silent' | 'not-now';

export interface SeriesPlan {
  readonly functions: ReadonlyMap<string, Reading>;
  readonly queues: ReadonlyMap<string, Reading>;
  readonly requests: readonly MetricRequest[];
}

/** Which series are read at this tick. */
export function planSeries(input: PlanInput): SeriesPlan {
  const functions = new Map<string, Reading>();
  const requests: MetricRequest[] = [];
  const activity = activityOf(input.memory);
  const isActive = activeFunctions(input.memory, input.now);
  for (const fn of input.inventory.functions) {
    const reading = readingOf(input.attention.read.get(fn.name), isActive(fn));
    functions.set(fn.name, reading);
    if (reading === 'read') requests.push(...functionRequests(fn, activity));
    if (reading === 'glance') requests.push(...requestsFor('AWS/Lambda', fn.name, GLANCE.metrics));
  }
  const queues = planQueues(input, functions);
  const waiting = new Set(
    input.inventory.functions.flatMap((fn) =>
      input.attention.read.get(fn.name) === 'stopped' ? fn.eventSources.map(({ source }) => source) : [],
    ),
  );
  for (const [name, reading] of queues) {
    if (reading === 'read') requests.push(...requestsFor('AWS/SQS', name, QUEUE_METRICS));
    if (waiting.has(name)) requests.push(...requestsFor('AWS/SQS', name, WAITING_METRICS));
    if (reading === 'glance') requests.push(...requestsFor('AWS/SQS', name, GLANCE.queueMetrics));
  }
  return { functions, queues, requests: urgentFirst(requests, input) };
}

/** Where the time does not suffice for all, the last ones wait: those with which nothing seems wrong. */
function urgentFirst(
  requests: readonly MetricRequest[],
  { inventory, attention }: PlanInput,
): readonly MetricRequest[] {
  const close = inventory.functions.filter(({ name }) => CLOSE.has(attention.read.get(name) ?? 'routine'));
  if (close.length === 0) return requests;
  const names = new Set(
    close.flatMap(({ name, eventSources }) => [name, ...eventSources.map(({ source }) => source)]),
  );
  const isUrgent = ({ name }: MetricRequest) => names.has(name ?? '');
  return [...requests.filter(isUrgent), ...requests.filter((one) => !isUrgent(one))];
}

function readingOf(reason: Reason | undefined, isActive: boolean): Reading {
  if (reason === undefined) return isActive ? 'not-now' : 'silent';
  return reason === 'glance' ? 'glance' : 'read';
}

/** How many metrics a full reading of a function asks for, without its queues. */
export function metricsCounter(memory: SourceMemory): (fn: LambdaFunction) => number {
  const activity = activityOf(memory);
  return (fn) => functionRequests(fn, activity).length;
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

/** Which functions may have run lately. In doubt they have. */
export function activeFunctions(memory: SourceMemory, now: EpochMs): (fn: LambdaFunction) => boolean {
  const activity = activityOf(memory);
  return (fn) => {
    if (activity === null || activity.active.has(fn.name)) return true;
    const awakeAt = memory.awake.get(fn.name);
    if (awakeAt !== undefined && now - awakeAt < AWAKE_MS) return true;
    if (fn.lastModifiedAt !== undefined && now - fn.lastModifiedAt < AWAKE_MS) return true;
    return fn.eventSources.some(
      ({ kind, source, enabled }) =>
        kind === 'sqs' && enabled && (latestDepth(memory.depths, source) ?? 0) > 0,
    );
  };
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
 * A queue is read with its functions, and not at all while it is empty and none of them runs; a dead-letter queue with the
 * functions whose messages it takes, while its depth changes or while something may be wrong with them.
 */
function planQueues(input: PlanInput, functions: ReadonlyMap<string, Reading>): ReadonlyMap<string, Reading> {
  const { inventory, memory } = input;
  const feeding = new Map<string, Set<Reading>>();
  const taking = new Map<string, Set<Reading>>();
  const close = new Set<string>();
  const add = (to: Map<string, Set<Reading>>, queue: string, reading: Reading) =>
    to.set(queue, (to.get(queue) ?? new Set<Reading>()).add(reading));
  const deadLetters = deadLetterQueuesOf(inventory);
  for (const fn of inventory.functions) {
    const reading = functions.get(fn.name) ?? 'read';
    for (const { kind, source } of fn.eventSources) {
      if (kind !== 'sqs') continue;
      add(feeding, source, reading);
      const isClose = CLOSE.has(input.attention.read.get(fn.name) ?? 'glance');
      for (const name of deadLetters.get(source) ?? []) {
        add(taking, name, reading);
        if (isClose) close.add(name);
      }
    }
  }
  const readingOf = (name: string): Reading => {
    // One that something empties at once stands still at nothing, whatever goes through it.
    if (close.has(name)) return 'read';
    const readings = feeding.get(name);
    if (readings === undefined) {
      if (isStill(memory.depths, name, STILL_TICKS_MIN)) return 'silent';
      return taking.get(name)?.has('read') === false ? 'not-now' : 'read';
    }
    if (readings.has('read')) return 'read';
    if (readings.has('glance')) return 'glance';
    if (readings.has('not-now')) return 'not-now';
    return latestDepth(memory.depths, name) === 0 ? 'silent' : 'not-now';
  };
  return new Map(inventory.queues.map(({ name }) => [name, readingOf(name)]));
}
