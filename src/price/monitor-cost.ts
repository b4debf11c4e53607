import { lambdaUsd, pricesFor, type RegionPrices, sqsRequestUsd } from './lambda-price.ts';
import { DEFAULT_PLAN, type Fleet, type MonitorPlan } from './monitor-plan.ts';
import { FLAT_PRICES, SQS_FREE_REQUESTS } from './price-list.ts';

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

const DAYS = 30;
const MINUTES = DAYS * 24 * 60;
const BYTES_PER_GB = 1024 ** 3;

/** Free each month, always (Amazon CloudWatch pricing, free tier; EventBridge Scheduler pricing, 2026). */
const FREE = {
  cloudWatchRequests: 1_000_000,
  alarms: 10,
  metrics: 10,
  logsGb: 5,
  schedulerInvocations: 14_000_000,
} as const;

interface MonitorCostItem {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerMonth: number;
  /** If nothing else in the account uses up what is free each month. */
  readonly usdAfterFreeTier: number;
}

export interface MonitorForecast {
  readonly usdPerMonth: number;
  readonly usdAfterFreeTier: number;
  readonly items: readonly MonitorCostItem[];
  readonly assumptions: readonly string[];
}

/** Forecast of the monitor's own bill for 30 days in calm weather, with and without what AWS gives for free. */
export function forecastMonitorCost(input: {
  readonly fleet: Fleet;
  readonly prices: RegionPrices;
  readonly plan?: MonitorPlan | undefined;
}): MonitorForecast {
  const plan = input.plan ?? DEFAULT_PLAN;
  const items = [...readItems({ ...input, plan }), ...runItems({ ...input, plan }), ...keptItems(plan)];
  return {
    usdPerMonth: items.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0),
    usdAfterFreeTier: items.reduce((sum, { usdAfterFreeTier }) => sum + usdAfterFreeTier, 0),
    items,
    assumptions: [
      `${Math.round(input.fleet.activeShare * 100)} % of the functions and queues are active in a typical hour; idle ones are not read`,
      `metrics are read every ${plan.minutesPerRead} min, the depth of every queue every ${plan.minutesPerTick} min`,
      `a tick takes ${plan.tickMs} ms and ${plan.tickMsPerResource} ms for each resource`,
      'functions with an open incident are read every minute: that comes on top',
    ],
  };
}

interface Forecast {
  readonly fleet: Fleet;
  readonly prices: RegionPrices;
  readonly plan: MonitorPlan;
}

interface Quantity {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usdPerUnit: number;
  readonly free?: number;
}

function priced({ item, quantity, unit, usdPerUnit, free = 0 }: Quantity): MonitorCostItem {
  return {
    item,
    quantity,
    unit,
    usdPerMonth: quantity * usdPerUnit,
    usdAfterFreeTier: Math.max(0, quantity - free) * usdPerUnit,
  };
}

function readItems({ fleet, prices, plan }: Forecast): readonly MonitorCostItem[] {
  const ticks = MINUTES / plan.minutesPerTick;
  const functions = fleet.functions * fleet.activeShare;
  const queues = fleet.queues * fleet.activeShare;
  const ofResources = functions * plan.metricsPerFunction + queues * plan.metricsPerQueue;
  const perTick = plan.tripwireMetrics + (ofResources * plan.minutesPerTick) / plan.minutesPerRead;
  const freeLane = Math.min(perTick, plan.freeLaneMetrics);
  const perSurvey = functions * plan.statisticsPerFunction + queues * plan.statisticsPerQueue;
  const surveys = Math.min(perSurvey * (MINUTES / 60), plan.statisticsPerMonthMax);
  const depthReads = fleet.queues * ticks;
  const usd = (requests: number, freeTier: boolean) =>
    sqsRequestUsd({ prices, fifo: false, requests, freeTier });
  return [
    priced({
      item: 'CloudWatch GetMetricData',
      quantity: (perTick - freeLane) * ticks,
      unit: 'metrics requested',
      usdPerUnit: FLAT_PRICES.getMetricData.usd / 1000,
    }),
    priced({
      item: 'CloudWatch ListMetrics, GetMetricStatistics',
      quantity: freeLane * ticks + plan.listingsPerHour * (MINUTES / 60) + surveys,
      unit: 'requests',
      usdPerUnit: FLAT_PRICES.cloudWatchRequest.usd / 1000,
      free: FREE.cloudWatchRequests,
    }),
    {
      item: 'SQS GetQueueAttributes',
      quantity: depthReads,
      unit: 'requests',
      usdPerMonth: usd(depthReads, false),
      usdAfterFreeTier: depthReads <= SQS_FREE_REQUESTS ? 0 : usd(depthReads, true),
    },
    priced({
      item: 'Cost Explorer',
      quantity: plan.costExplorerRequestsPerDay * DAYS,
      unit: 'requests',
      usdPerUnit: FLAT_PRICES.costExplorerRequest.usd,
    }),
  ];
}

function runItems({ fleet, prices, plan }: Forecast): readonly MonitorCostItem[] {
  const ticks = MINUTES / plan.minutesPerTick;
  const tickMs = plan.tickMs + plan.tickMsPerResource * (fleet.functions + fleet.queues);
  const lambda = (freeTier: boolean) =>
    lambdaUsd({
      prices,
      architecture: 'arm64',
      memoryMB: plan.tickMemoryMB,
      durationMs: ticks * tickMs,
      invocations: ticks,
      freeTier,
    });
  const { dynamoDbRead, dynamoDbWrite } = FLAT_PRICES;
  const requests = ticks * (plan.tickReads + plan.tickWrites);
  const usdPerTick = (plan.tickReads * dynamoDbRead.usd + plan.tickWrites * dynamoDbWrite.usd) / 1e6;
  return [
    {
      item: 'Lambda ticks (arm64)',
      quantity: ticks,
      unit: 'invocations',
      usdPerMonth: lambda(false),
      // A month of ticks is far below the million free requests.
      usdAfterFreeTier: Math.max(0, lambda(true) - ticks * prices.usdPerRequest),
    },
    priced({
      item: 'EventBridge Scheduler',
      quantity: ticks,
      unit: 'invocations',
      usdPerUnit: FLAT_PRICES.schedulerInvocation.usd / 1e6,
      free: FREE.schedulerInvocations,
    }),
    priced({
      item: 'DynamoDB on-demand',
      quantity: requests,
      unit: 'requests',
      usdPerUnit: requests === 0 ? 0 : (ticks * usdPerTick) / requests,
    }),
    priced({
      item: 'CloudWatch Logs',
      quantity: (ticks * plan.logBytesPerTick) / BYTES_PER_GB,
      unit: 'GB ingested',
      usdPerUnit: prices.logsIngestionUsdPerGb,
      free: FREE.logsGb,
    }),
  ];
}

/** What is paid for being there. */
function keptItems(plan: MonitorPlan): readonly MonitorCostItem[] {
  const { customMetric, alarm, kmsKey, secret } = FLAT_PRICES;
  return [
    priced({
      item: 'CloudWatch own metrics',
      quantity: plan.ownMetrics,
      unit: 'metrics',
      usdPerUnit: customMetric.usd,
      free: FREE.metrics,
    }),
    priced({
      item: 'CloudWatch alarms',
      quantity: plan.alarms,
      unit: 'alarms',
      usdPerUnit: alarm.usd,
      free: FREE.alarms,
    }),
    priced({ item: 'KMS', quantity: plan.keys, unit: 'keys', usdPerUnit: kmsKey.usd }),
    priced({ item: 'Secrets Manager', quantity: plan.secrets, unit: 'secrets', usdPerUnit: secret.usd }),
  ];
}
