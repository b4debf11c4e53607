import { lambdaUsd, pricesFor, type RegionPrices, sqsRequestUsd } from './lambda-price.ts';
import { FLAT_PRICES } from './price-list.ts';

/** Requests a monitor makes: what `backtest` counts. */
export interface MonitorRequests {
  /** Metrics requested through GetMetricData. */
  readonly metricRequests: number;
  /** SQS requests: GetQueueAttributes, ListMessageMoveTasks. Lambda's control plane is free: leave it out. */
  readonly apiRequests: number;
  /** ListMetrics, GetMetricStatistics. Default 0. */
  readonly cloudWatchRequests?: number | undefined;
}

/** Dollars of the requests alone, at us-east-1 rates, without any free tier. */
export function monitorCost(requests: MonitorRequests): number {
  const prices = pricesFor('us-east-1');
  return (
    (requests.metricRequests / 1000) * FLAT_PRICES.getMetricData.usd +
    ((requests.cloudWatchRequests ?? 0) / 1000) * FLAT_PRICES.cloudWatchRequest.usd +
    sqsRequestUsd({ prices, fifo: false, requests: requests.apiRequests })
  );
}

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

const DAYS = 30;
const MINUTES = DAYS * 24 * 60;
const BYTES_PER_GB = 1024 ** 3;

export interface MonitorCostItem {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerMonth: number;
}

export interface MonitorForecast {
  readonly usdPerMonth: number;
  readonly items: readonly MonitorCostItem[];
  readonly assumptions: readonly string[];
}

/** Forecast of the monitor's own bill for 30 days, without free tiers: what it can cost at most in calm weather. */
export function forecastMonitorCost(input: {
  readonly fleet: Fleet;
  readonly prices: RegionPrices;
  readonly plan?: MonitorPlan | undefined;
}): MonitorForecast {
  const plan = input.plan ?? DEFAULT_PLAN;
  const items = [...readItems({ ...input, plan }), ...runItems({ ...input, plan })];
  return {
    usdPerMonth: items.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0),
    items,
    assumptions: [
      `${Math.round(input.fleet.activeShare * 100)} % of the functions and queues are active in a typical hour; idle ones are not read`,
      `metrics are read every ${plan.minutesPerRead} min, the depth of every queue every ${plan.minutesPerTick} min`,
      `a tick takes ${plan.tickMs} ms and ${plan.tickMsPerResource} ms for each resource`,
      'no free tier is subtracted; the first 1,000,000 CloudWatch and SQS requests, 10 alarms and 10 metrics are free',
    ],
  };
}

interface Forecast {
  readonly fleet: Fleet;
  readonly prices: RegionPrices;
  readonly plan: MonitorPlan;
}

function readItems({ fleet, prices, plan }: Forecast): readonly MonitorCostItem[] {
  const active = {
    functions: fleet.functions * fleet.activeShare,
    queues: fleet.queues * fleet.activeShare,
  };
  const metrics =
    (active.functions * plan.metricsPerFunction + active.queues * plan.metricsPerQueue) *
      (MINUTES / plan.minutesPerRead) +
    plan.tripwireMetrics * (MINUTES / plan.minutesPerTick);
  const perSurvey = active.functions * plan.statisticsPerFunction + active.queues * plan.statisticsPerQueue;
  const statistics = Math.min(perSurvey * (MINUTES / 60), plan.statisticsPerMonthMax);
  const requests = plan.listingsPerHour * (MINUTES / 60) + statistics;
  const depthReads = fleet.queues * (MINUTES / plan.minutesPerTick);
  const costExplorer = plan.costExplorerRequestsPerDay * DAYS;
  return [
    {
      item: 'CloudWatch GetMetricData',
      quantity: metrics,
      unit: 'metrics requested',
      usdPerMonth: (metrics / 1000) * FLAT_PRICES.getMetricData.usd,
    },
    {
      item: 'CloudWatch ListMetrics, GetMetricStatistics',
      quantity: requests,
      unit: 'requests',
      usdPerMonth: (requests / 1000) * FLAT_PRICES.cloudWatchRequest.usd,
    },
    {
      item: 'SQS GetQueueAttributes',
      quantity: depthReads,
      unit: 'requests',
      usdPerMonth: sqsRequestUsd({ prices, fifo: false, requests: depthReads }),
    },
    {
      item: 'Cost Explorer',
      quantity: costExplorer,
      unit: 'requests',
      usdPerMonth: costExplorer * FLAT_PRICES.costExplorerRequest.usd,
    },
  ];
}

function runItems({ fleet, prices, plan }: Forecast): readonly MonitorCostItem[] {
  const ticks = MINUTES / plan.minutesPerTick;
  const tickMs = plan.tickMs + plan.tickMsPerResource * (fleet.functions + fleet.queues);
  const lambda = lambdaUsd({
    prices,
    architecture: 'arm64',
    memoryMB: plan.tickMemoryMB,
    durationMs: ticks * tickMs,
    invocations: ticks,
  });
  const logGb = (ticks * plan.logBytesPerTick) / BYTES_PER_GB;
  return [
    { item: 'Lambda ticks (arm64)', quantity: ticks, unit: 'invocations', usdPerMonth: lambda },
    {
      item: 'EventBridge Scheduler',
      quantity: ticks,
      unit: 'invocations',
      usdPerMonth: (ticks / 1e6) * FLAT_PRICES.schedulerInvocation.usd,
    },
    {
      item: 'DynamoDB on-demand',
      quantity: ticks * (plan.tickReads + plan.tickWrites),
      unit: 'requests',
      usdPerMonth:
        (ticks * plan.tickReads * FLAT_PRICES.dynamoDbRead.usd +
          ticks * plan.tickWrites * FLAT_PRICES.dynamoDbWrite.usd) /
        1e6,
    },
    {
      item: 'CloudWatch Logs',
      quantity: logGb,
      unit: 'GB ingested',
      usdPerMonth: logGb * prices.logsIngestionUsdPerGb,
    },
    {
      item: 'CloudWatch own metrics',
      quantity: plan.ownMetrics,
      unit: 'metrics',
      usdPerMonth: plan.ownMetrics * FLAT_PRICES.customMetric.usd,
    },
    {
      item: 'CloudWatch alarms',
      quantity: plan.alarms,
      unit: 'alarms',
      usdPerMonth: plan.alarms * FLAT_PRICES.alarm.usd,
    },
    {
      item: 'KMS',
      quantity: plan.keys,
      unit: 'keys',
      usdPerMonth: plan.keys * FLAT_PRICES.kmsKey.usd,
    },
    {
      item: 'Secrets Manager',
      quantity: plan.secrets,
      unit: 'secrets',
      usdPerMonth: plan.secrets * FLAT_PRICES.secret.usd,
    },
  ];
}
