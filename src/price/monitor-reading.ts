import { pacesOf, searchAllowance, type Thrift, type Watched } from './monitor-pace.ts';
import { type Fleet, MINUTES_PER_MONTH, REGION_METRICS } from './monitor-plan.ts';

/** What reading a fleet asks for in a month of 30 days, a tick a minute. */
export interface ReadingDemand {
  /** Metrics, the region's totals left out. */
  readonly metrics: number;
  /** The region's totals. */
  readonly regionMetrics: number;
  /** Of `metrics`, what searches for the cause of a risen total may take. */
  readonly searchMetrics: number;
  /** GetQueueAttributes. */
  readonly depthReads: number;
}

/**
 * Readings of a function in a month because something about it moved, and nothing came of it: measured on simulated fleets
 * (docs/benchmark/reading.md). What has an incident is read every minute besides.
 */
const CLOSER_LOOKS_PER_MONTH = 30;

/** What the plan of `pacesOf` takes, in calm weather. */
export function readingDemand(fleet: readonly Watched[], thrift: Thrift): ReadingDemand {
  const paces = pacesOf(fleet, thrift);
  let metrics = 0;
  let depthReads = 0;
  fleet.forEach((fn, i) => {
    const pace = paces[i];
    if (pace === undefined) return;
    depthReads +=
      MINUTES_PER_MONTH * (fn.queues / pace.depthMinutes + fn.deadLetterQueues / pace.deadLetterMinutes);
    if (!fn.isActive) return;
    const usual = MINUTES_PER_MONTH / pace.readMinutes;
    metrics += usual * (pace.isGlance ? fn.glanceMetrics : fn.metrics);
    // What is read every minute anyway cannot be looked at more closely.
    metrics += Math.min(CLOSER_LOOKS_PER_MONTH, MINUTES_PER_MONTH - usual) * fn.metrics;
  });
  // A fleet that is read every minute is compared with the totals to the invocation: nothing is searched for.
  const isSearched = paces.some(({ readMinutes }) => readMinutes > 1);
  const searchMetrics = isSearched ? searchAllowance(fleet.length, thrift).perTick * MINUTES_PER_MONTH : 0;
  return {
    metrics: metrics + searchMetrics,
    regionMetrics: REGION_METRICS * MINUTES_PER_MONTH,
    searchMetrics,
    depthReads,
  };
}

/** A function like most: half a gigabyte, no reservation, and the account's limit to grow to. */
const TYPICAL_WORST_USD_PER_HOUR = 24;
const METRICS = { perFunction: 5, perQueue: 5, glance: 3 } as const;

/**
 * A fleet of which only the numbers are known: every other queue is a dead-letter queue, and each of the others feeds a
 * function of its own.
 */
export function typicalFleet({ functions, queues, activeShare }: Fleet): readonly Watched[] {
  const sources = Math.ceil(queues / 2);
  const active = Math.round(functions * activeShare);
  return Array.from({ length: functions }, (_, i): Watched => {
    // Spread evenly, so that those that run are like the others.
    const own = Math.floor(((i + 1) * sources) / functions) - Math.floor((i * sources) / functions);
    const deadLetterQueues =
      Math.floor(((i + 1) * (queues - sources)) / functions) -
      Math.floor((i * (queues - sources)) / functions);
    const isActive = Math.floor(((i + 1) * active) / functions) > Math.floor((i * active) / functions);
    return {
      worstUsdPerHour: TYPICAL_WORST_USD_PER_HOUR,
      isActive,
      metrics: METRICS.perFunction + own * METRICS.perQueue,
      glanceMetrics: METRICS.glance + own * METRICS.glance,
      queues: own,
      deadLetterQueues,
    };
  });
}
