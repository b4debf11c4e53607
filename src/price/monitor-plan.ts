/** What is watched. */
export interface Fleet {
  readonly functions: number;
  readonly queues: number;
  /** Functions with invocations in a typical hour, 0..1. Idle ones cost no metric reads. */
  readonly activeShare: number;
}

/** How it is watched. The defaults are those of the deployed stack. */
export interface MonitorPlan {
  readonly minutesPerTick: number;
  /** Metrics read for each active function at each of its reads. Statistics of one metric count once. */
  readonly metricsPerFunction: number;
  /** Of a queue that is not still. */
  readonly metricsPerQueue: number;
  /** Minutes between two reads of the metrics of a function and its queues. */
  readonly minutesPerRead: number;
  /** Metrics of the whole region, read at each tick. */
  readonly tripwireMetrics: number;
  /** Metrics of a tick that GetMetricStatistics reads, whose first million calls a month are free. */
  readonly freeLaneMetrics: number;
  /** ListMetrics calls an hour: which functions are active. */
  readonly listingsPerHour: number;
  /** GetMetricStatistics calls for the baselines: for each function and queue, at each survey. */
  readonly statisticsPerFunction: number;
  readonly statisticsPerQueue: number;
  /** Surveys are spaced so that their calls stay below this in a month. */
  readonly statisticsPerMonthMax: number;
  readonly tickMemoryMB: number;
  /** Of one tick, without what each resource adds. */
  readonly tickMs: number;
  readonly tickMsPerResource: number;
  readonly tickReads: number;
  readonly tickWrites: number;
  readonly logBytesPerTick: number;
  readonly ownMetrics: number;
  readonly alarms: number;
  readonly keys: number;
  readonly secrets: number;
  readonly costExplorerRequestsPerDay: number;
}

export const DEFAULT_PLAN: MonitorPlan = {
  minutesPerTick: 1,
  metricsPerFunction: 5,
  metricsPerQueue: 6,
  minutesPerRead: 1,
  tripwireMetrics: 5,
  freeLaneMetrics: 20,
  listingsPerHour: 36,
  statisticsPerFunction: 5,
  statisticsPerQueue: 4,
  statisticsPerMonthMax: 500_000,
  tickMemoryMB: 512,
  // Time of a tick is an assumption until it is measured where it runs: the metric TickDurationMs.
  tickMs: 1_000,
  tickMsPerResource: 5,
  tickReads: 4,
  tickWrites: 3,
  logBytesPerTick: 1_500,
  ownMetrics: 8,
  alarms: 8,
  keys: 1,
  secrets: 1,
  costExplorerRequestsPerDay: 1,
};
