/** What is watched, in numbers. */
export interface Fleet {
  readonly functions: number;
  readonly queues: number;
  /** Functions with invocations in a typical hour, 0..1. Idle ones cost no metric reads. */
  readonly activeShare: number;
}

/** A month of 30 days, a tick a minute. */
export const MINUTES_PER_MONTH = 30 * 24 * 60;
/**
 * Totals of the whole region, read at each tick: five that always are, three that hardly ever have a datapoint, and IteratorAge
 * where something reads a stream.
 */
export const REGION_METRICS = 9;

/** What the deployed monitor takes besides what `readingDemand` says. */
export interface MonitorPlan {
  /** Metrics of a tick that GetMetricStatistics reads, whose first million calls a month are free. */
  readonly freeLaneMetrics: number;
  /** ListMetrics calls an hour, for each 500 functions: which functions are active. */
  readonly listingsPerHour: number;
  /** GetMetricStatistics calls for the baselines: for each function and queue, at each survey. */
  readonly statisticsPerFunction: number;
  readonly statisticsPerQueue: number;
  readonly tickMemoryMB: number;
  /** Of one tick, without what each resource adds. */
  readonly tickMs: number;
  readonly tickMsPerResource: number;
  readonly tickReads: number;
  readonly tickWrites: number;
  /** What is normal, read at each tick: compressed bytes for each resource. */
  readonly baselineBytesPerResource: number;
  /** What is remembered between two processes: bytes for each resource, written every so many minutes. */
  readonly memoryBytesPerResource: number;
  readonly memoryMinutes: number;
  readonly logBytesPerTick: number;
  readonly ownMetrics: number;
  readonly alarms: number;
  readonly keys: number;
  readonly secrets: number;
  readonly costExplorerRequestsPerDay: number;
}

export const DEFAULT_PLAN: MonitorPlan = {
  freeLaneMetrics: 20,
  listingsPerHour: 36,
  statisticsPerFunction: 5,
  statisticsPerQueue: 4,
  tickMemoryMB: 512,
  // Time of a tick is an assumption until it is measured where it runs: the metric TickDurationMs.
  tickMs: 1_000,
  tickMsPerResource: 1,
  tickReads: 5,
  tickWrites: 4,
  // 126 as measured for 60 functions and 44 queues; more of them compress better.
  baselineBytesPerResource: 150,
  // 40 as measured for a thousand functions and as many queues of like names; names that are less alike take more.
  memoryBytesPerResource: 100,
  memoryMinutes: 10,
  logBytesPerTick: 1_500,
  ownMetrics: 11,
  alarms: 13,
  keys: 1,
  secrets: 1,
  costExplorerRequestsPerDay: 2,
};

/** A quarter of the million CloudWatch requests that are free each month. */
const SURVEY_CALLS_PER_MONTH = 250_000;
const HOURS_PER_MONTH = 720;
/** What is normal at this hour of the day changes slowly; a day old is old enough. */
const SURVEY_HOURS_MAX = 24;

/** Hours between two surveys of a fleet of this size: one for a small fleet, a day for thousands of functions. */
export function surveyHours(fleet: { readonly functions: number; readonly queues: number }): number {
  const { statisticsPerFunction, statisticsPerQueue } = DEFAULT_PLAN;
  const calls = fleet.functions * statisticsPerFunction + fleet.queues * statisticsPerQueue;
  return Math.min(
    SURVEY_HOURS_MAX,
    Math.max(1, Math.ceil((calls * HOURS_PER_MONTH) / SURVEY_CALLS_PER_MONTH)),
  );
}
