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
  readonly minutesPerFunctionRead: number;
  readonly metricsPerQueue: number;
  readonly minutesPerQueueRead: number;
  /** GetQueueAttributes, one a queue. */
  readonly minutesPerDepthRead: number;
  /** Metrics of the whole account, read at each tick. */
  readonly tripwireMetrics: number;
  readonly tickMemoryMB: number;
  /** Of one tick, without what each resource adds. */
  readonly tickMs: number;
  readonly tickMsPerResource: number;
  readonly tickReads: number;
  readonly tickWrites: number;
  readonly alarms: number;
  readonly secrets: number;
  readonly costExplorerRequestsPerDay: number;
  readonly logBytesPerTick: number;
}

export const DEFAULT_PLAN: MonitorPlan = {
  minutesPerTick: 1,
  metricsPerFunction: 5,
  minutesPerFunctionRead: 5,
  metricsPerQueue: 5,
  minutesPerQueueRead: 5,
  minutesPerDepthRead: 1,
  tripwireMetrics: 5,
  tickMemoryMB: 512,
  tickMs: 800,
  tickMsPerResource: 2,
  tickReads: 4,
  tickWrites: 3,
  alarms: 2,
  secrets: 1,
  costExplorerRequestsPerDay: 2,
  logBytesPerTick: 1_500,
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
      `${Math.round(input.fleet.activeShare * 100)} % of the functions are active in a typical hour`,
      `active functions are read every ${plan.minutesPerFunctionRead} min, ${plan.metricsPerFunction} metrics each`,
      `queues: depth every ${plan.minutesPerDepthRead} min, ${plan.metricsPerQueue} metrics every ${plan.minutesPerQueueRead} min`,
      'no free tier is subtracted; open incidents read their functions every minute and come on top',
    ],
  };
}

interface Forecast {
  readonly fleet: Fleet;
  readonly prices: RegionPrices;
  readonly plan: MonitorPlan;
}

function readItems({ fleet, prices, plan }: Forecast): readonly MonitorCostItem[] {
  const activeFunctions = fleet.functions * fleet.activeShare;
  const metrics =
    activeFunctions * plan.metricsPerFunction * (MINUTES / plan.minutesPerFunctionRead) +
    fleet.queues * plan.metricsPerQueue * (MINUTES / plan.minutesPerQueueRead) +
    plan.tripwireMetrics * (MINUTES / plan.minutesPerTick);
  const depthReads = fleet.queues * (MINUTES / plan.minutesPerDepthRead);
  const costExplorer = plan.costExplorerRequestsPerDay * DAYS;
  return [
    {
      item: 'CloudWatch GetMetricData',
      quantity: metrics,
      unit: 'metrics requested',
      usdPerMonth: (metrics / 1000) * FLAT_PRICES.getMetricData.usd,
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
  const { alarm } = FLAT_PRICES;
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
      item: 'CloudWatch alarms',
      quantity: plan.alarms,
      unit: 'alarms',
      usdPerMonth: plan.alarms * alarm.usd,
    },
    {
      item: 'Secrets Manager',
      quantity: plan.secrets,
      unit: 'secrets',
      usdPerMonth: plan.secrets * FLAT_PRICES.secret.usd,
    },
  ];
}
