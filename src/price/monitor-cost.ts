import { formatCountOf } from '../model/format.ts';
import { lambdaUsd, pricesFor, type RegionPrices, sqsRequestUsd } from './lambda-price.ts';
import { type MonitorCostItem, priced } from './monitor-cost-item.ts';
import type { Thrift, Watched } from './monitor-pace.ts';
import {
  DEFAULT_PLAN,
  type Fleet,
  MINUTES_PER_MONTH,
  type MonitorPlan,
  surveyHours,
} from './monitor-plan.ts';
import { type ReadingDemand, readingDemand, typicalFleet } from './monitor-reading.ts';
import { shardingItems } from './monitor-sharding.ts';
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
const TICKS = MINUTES_PER_MONTH;
const BYTES_PER_GB = 1024 ** 3;

/** Free each month, always (Amazon CloudWatch pricing, free tier; EventBridge Scheduler pricing, 2026). */
const FREE = {
  cloudWatchRequests: 1_000_000,
  alarms: 10,
  metrics: 10,
  logsGb: 5,
  schedulerInvocations: 14_000_000,
} as const;

export interface MonitorForecast {
  readonly usdPerMonth: number;
  /** The part that grows with the fleet, for each function. */
  readonly usdPerFunction: number;
  readonly usdAfterFreeTier: number;
  readonly items: readonly MonitorCostItem[];
  readonly assumptions: readonly string[];
}

/**
 * Forecast of the monitor's own bill for 30 days in calm weather, with and without what AWS gives for free: by the very plan
 * that the deployed tick reads by.
 */
export function forecastMonitorCost(input: {
  readonly fleet: Fleet;
  /** Its functions, where they are known; otherwise they are taken to be like most. */
  readonly watched?: readonly Watched[] | undefined;
  readonly prices: RegionPrices;
  readonly thrift?: Thrift | undefined;
  readonly plan?: MonitorPlan | undefined;
  /** Over how many shards this is read; absent: a tick reads it by itself, whatever it is. */
  readonly shardsOf?: ((demand: ReadingDemand) => number) | undefined;
}): MonitorForecast {
  const { fleet, prices, thrift = 0, plan = DEFAULT_PLAN } = input;
  const demand = readingDemand(input.watched ?? typicalFleet(fleet), thrift);
  const forecast = { fleet, prices, plan, demand };
  const shards = input.shardsOf?.(demand);
  const sharding =
    shards === undefined ? [] : shardingItems({ ...forecast, shards, tickMs: tickMsOf(forecast) });
  const items = [...readItems(forecast), ...runItems(forecast), ...sharding, ...keptItems(plan)];
  const sum = (of: (item: MonitorCostItem) => number) => items.reduce((total, item) => total + of(item), 0);
  return {
    usdPerMonth: sum(({ usdPerMonth }) => usdPerMonth),
    usdPerFunction: sum(({ usdPerMonth, grows }) => (grows ? usdPerMonth : 0)) / Math.max(1, fleet.functions),
    usdAfterFreeTier: sum(({ usdAfterFreeTier }) => usdAfterFreeTier),
    items,
    assumptions: [
      `${Math.round(fleet.activeShare * 100)} % of the functions are active in a typical hour; of idle ones only the depths of their queues are read`,
      ...(input.watched === undefined
        ? ['each function has 512 MB and no reservation; every other queue is a dead-letter queue']
        : []),
      'how often each is read follows from what it can burn; what moves is read at once: some 30 closer looks a month for each function that come to nothing',
      `a tick takes ${plan.tickMs} ms and ${plan.tickMsPerResource} ms for each resource`,
      ...(shards === undefined ? [] : [shardsText(shards)]),
      'functions with an open incident are read every minute: that comes on top',
    ],
  };
}

function shardsText(shards: number): string {
  if (shards === 0) return 'one invocation reads each tick: there are no shards yet';
  return `each tick is read by ${formatCountOf(shards, 'shard')}`;
}

/** Dollars a minute that no tick sees: what is paid for being there, and the services around a tick. */
export function standingUsdPerMinute(prices: RegionPrices, plan: MonitorPlan = DEFAULT_PLAN): number {
  const demand = { metrics: 0, regionMetrics: 0, searchMetrics: 0, depthReads: 0 };
  const fleet = { functions: 0, queues: 0, activeShare: 0 };
  const around = runItems({ fleet, prices, plan, demand }).filter(({ item }) => !item.startsWith('Lambda'));
  const usd = [...around, ...keptItems(plan)].reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
  return usd / MINUTES_PER_MONTH;
}

interface Forecast {
  readonly fleet: Fleet;
  readonly prices: RegionPrices;
  readonly plan: MonitorPlan;
  readonly demand: ReadingDemand;
}

function readItems({ fleet, prices, plan, demand }: Forecast): readonly MonitorCostItem[] {
  const lane = Math.min(demand.metrics + demand.regionMetrics, plan.freeLaneMetrics * TICKS);
  const surveys = MINUTES_PER_MONTH / 60 / surveyHours(fleet);
  const perSurvey =
    (fleet.functions * plan.statisticsPerFunction + fleet.queues * plan.statisticsPerQueue) *
    fleet.activeShare;
  const pages = Math.max(1, fleet.functions / METRICS_PER_LISTING);
  const listings = plan.listingsPerHour * pages * (MINUTES_PER_MONTH / 60);
  const usd = (requests: number, freeTier: boolean) =>
    sqsRequestUsd({ prices, fifo: false, requests, freeTier });
  const perRequest = FLAT_PRICES.cloudWatchRequest.usd / 1000;
  return [
    priced({
      item: 'CloudWatch totals of the region',
      quantity: demand.regionMetrics,
      unit: 'requests',
      usdPerUnit: perRequest,
      free: Math.min(lane, demand.regionMetrics),
    }),
    priced({
      item: 'CloudWatch GetMetricData',
      quantity: demand.metrics + demand.regionMetrics - lane,
      unit: 'metrics requested',
      usdPerUnit: FLAT_PRICES.getMetricData.usd / 1000,
      grows: true,
    }),
    priced({
      item: 'CloudWatch ListMetrics, GetMetricStatistics',
      quantity: Math.max(0, lane - demand.regionMetrics) + listings + surveys * perSurvey,
      unit: 'requests',
      usdPerUnit: perRequest,
      free: Math.max(0, FREE.cloudWatchRequests - Math.min(lane, demand.regionMetrics)),
      grows: true,
    }),
    {
      item: 'SQS GetQueueAttributes',
      quantity: demand.depthReads,
      unit: 'requests',
      usdPerMonth: usd(demand.depthReads, false),
      usdAfterFreeTier: demand.depthReads <= SQS_FREE_REQUESTS ? 0 : usd(demand.depthReads, true),
      grows: true,
    },
    priced({
      item: 'Cost Explorer',
      quantity: plan.costExplorerRequestsPerDay * DAYS,
      unit: 'requests',
      usdPerUnit: FLAT_PRICES.costExplorerRequest.usd,
    }),
  ];
}

/** Metrics in one page of ListMetrics (API reference, 2026-08). */
const METRICS_PER_LISTING = 500;
const BYTES_PER_WRITE_UNIT = 1_024;
/** Strongly consistent. */
const BYTES_PER_READ_UNIT = 4_096;

/** How long a tick takes. */
function tickMsOf({ fleet, plan }: Pick<Forecast, 'fleet' | 'plan'>): number {
  return plan.tickMs + plan.tickMsPerResource * (fleet.functions + fleet.queues);
}

function runItems({ fleet, prices, plan }: Forecast): readonly MonitorCostItem[] {
  const ticks = TICKS;
  const resources = fleet.functions + fleet.queues;
  const lambda = (tickMs: number, freeTier: boolean) =>
    lambdaUsd({
      prices,
      architecture: 'arm64',
      memoryMB: plan.tickMemoryMB,
      durationMs: ticks * tickMs,
      invocations: ticks,
      freeTier,
    });
  const tickMs = tickMsOf({ fleet, plan });
  const { dynamoDbRead, dynamoDbWrite } = FLAT_PRICES;
  const requests = ticks * (plan.tickReads + plan.tickWrites);
  const usdPerTick = (plan.tickReads * dynamoDbRead.usd + plan.tickWrites * dynamoDbWrite.usd) / 1e6;
  const memoryUnits = (resources * plan.memoryBytesPerResource) / BYTES_PER_WRITE_UNIT;
  return [
    {
      item: 'Lambda ticks (arm64)',
      quantity: ticks,
      unit: 'invocations',
      usdPerMonth: lambda(plan.tickMs, false),
      // A month of ticks is far below the million free requests.
      usdAfterFreeTier: Math.max(0, lambda(plan.tickMs, true) - ticks * prices.usdPerRequest),
      grows: false,
    },
    {
      item: 'Lambda ticks, for what is watched',
      quantity: (ticks * plan.tickMsPerResource * resources) / 1000,
      unit: 'seconds',
      usdPerMonth: lambda(tickMs, false) - lambda(plan.tickMs, false),
      usdAfterFreeTier: lambda(tickMs, true) - lambda(plan.tickMs, true),
      grows: true,
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
      usdPerUnit: (ticks * usdPerTick) / requests,
    }),
    priced({
      item: 'DynamoDB, what is normal',
      quantity: (resources * plan.baselineBytesPerResource * ticks) / BYTES_PER_READ_UNIT,
      unit: 'read units',
      usdPerUnit: dynamoDbRead.usd / 1e6,
      grows: true,
    }),
    priced({
      item: 'DynamoDB, what is remembered',
      quantity: (memoryUnits * ticks) / plan.memoryMinutes,
      unit: 'write units',
      usdPerUnit: dynamoDbWrite.usd / 1e6,
      grows: true,
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
