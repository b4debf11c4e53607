import type { Incident } from '../../model/incident.ts';
import { type Inventory, queuesOf } from '../../model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import {
  type Pace,
  pacesOf,
  searchAllowance,
  type Thrift,
  type Watched,
  watchedOf,
} from '../../price/monitor-pace.ts';
import { deadLetterQueuesOf, phaseOf, troubledFunctions } from './attention.ts';
import { minutesSinceRead } from './depth-history.ts';
import type { SourceMemory } from './memory.ts';
import { activeFunctions, GLANCE, metricsCounter, QUEUE_METRICS } from './series-plan.ts';

/** How a fleet is read: how often each function, in which order where not all can be, and how many searches. */
export interface ReadingPlan {
  /** In the order of the inventory. */
  readonly watched: readonly Watched[];
  readonly paces: ReadonlyMap<string, Pace>;
  readonly dearestFirst: readonly string[];
  readonly allowance: { readonly perTick: number; readonly atMost: number };
}

export function readingPlan(
  inventory: Inventory,
  memory: SourceMemory,
  options: { readonly now: EpochMs; readonly thrift: Thrift },
): ReadingPlan {
  const { functions } = inventory;
  const watched = watchedOf(inventory, {
    metricsOf: metricsCounter(memory),
    metricsPerQueue: QUEUE_METRICS.length,
    glance: { metrics: GLANCE.metrics.length, metricsPerQueue: GLANCE.queueMetrics.length },
    isActive: activeFunctions(memory, options.now),
  });
  const paces = pacesOf(watched, options.thrift);
  const byName = new Map(functions.map(({ name }, i) => [name, paces[i] as Pace]));
  const worst = new Map(functions.map(({ name }, i) => [name, watched[i]?.worstUsdPerHour ?? 0]));
  return {
    watched,
    paces: byName,
    dearestFirst: [...worst].sort(([, a], [, b]) => b - a).map(([name]) => name),
    allowance: searchAllowance(functions.length, options.thrift),
  };
}

/** How due something is: 0 not now, 1 in time, more the longer it has waited for the share of time that is its own. */
export type Due = (name: string) => number;

/**
 * Which queues' depths are read at this tick: those of functions with an incident or under suspicion, those that no tick has
 * read, and the others every so many minutes, spread over the minutes by their names. What was due and could not be read stays
 * due.
 */
export function dueQueues(
  inventory: Inventory,
  memory: SourceMemory,
  options: {
    readonly now: EpochMs;
    /** Instant whose minute's turn it is, where that was settled before. Default: `now`. */
    readonly turnAt?: EpochMs | undefined;
    readonly incidents: readonly Incident[];
    readonly stopped: ReadonlySet<string>;
    readonly paces: ReadonlyMap<string, Pace>;
  },
): Due {
  const { now, paces } = options;
  const troubled = troubledFunctions(inventory, options.incidents);
  const deadLetters = deadLetterQueuesOf(inventory);
  const minutesOf = new Map<string, number>();
  const want = (queue: string, minutes: number) =>
    minutesOf.set(queue, Math.min(minutes, minutesOf.get(queue) ?? Number.POSITIVE_INFINITY));
  for (const fn of inventory.functions) {
    const pace = paces.get(fn.name);
    const suspect = memory.reading.suspects.get(fn.name);
    const isWatched =
      troubled.has(fn.name) ||
      options.stopped.has(fn.name) ||
      (suspect !== undefined && now < suspect.untilAt);
    for (const queue of queuesOf(fn)) {
      want(queue, isWatched ? 1 : (pace?.depthMinutes ?? 1));
      for (const name of deadLetters.get(queue) ?? [])
        want(name, isWatched ? 1 : (pace?.deadLetterMinutes ?? 1));
    }
  }
  const minute = Math.floor((options.turnAt ?? now) / MINUTE_MS);
  return (name) => {
    const every = minutesOf.get(name) ?? 1;
    const minutes = minutesSinceRead(memory.depths, name, now);
    if (minutes === null) return Number.POSITIVE_INFINITY;
    // A tick that is repeated reads what it read.
    const isTurn = every <= 1 || minutes === 0 || minute % every === Math.floor(phaseOf(name) * every);
    return isTurn || minutes > every ? Math.max(1, minutes / every) : 0;
  };
}
