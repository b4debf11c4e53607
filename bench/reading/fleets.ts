import { extname, join } from 'node:path';
import { pricesFor } from '../../src/price/lambda-price.ts';
import { forecastMonitorCost } from '../../src/price/monitor-cost.ts';
import { MINUTES_PER_MONTH, REGION_METRICS } from '../../src/price/monitor-plan.ts';
import { FLAT_PRICES } from '../../src/price/price-list.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { keptResults } from '../common/kept.ts';
import { runPool } from '../common/pool.ts';
import { commit } from '../common/results.ts';
import type { SizeCost } from '../fleets/cost.ts';
import type { DelayCase } from '../fleets/delay.ts';
import type { SparseReads } from '../fleets/sparse-source.ts';
import type { FleetResult, FleetTask } from '../fleets/worker.ts';

export const FLEET_SIZES = [10, 100, 1_000, 10_000] as const;
const SEED = 200_000;
/** Families whose traffic costs are measured over; without their event they are ordinary fleets. */
const CALM: readonly string[] = ['error-blip', 'traffic-spike'];

/** What watching a fleet costs, per function and month of 30 days. */
export interface FleetCost {
  readonly functions: number;
  /** Function-days that it was measured over. */
  readonly functionDays: number;
  readonly readingsPerMonth: Readonly<Record<string, number>>;
  /** Dollars: metrics of functions and queues; searches; depths; survey, listings, compute and memory as forecast. */
  readonly metricsUsd: number;
  /** Metrics on the first day, while nothing is known of what is usual. */
  readonly firstDayMetricsUsd: number;
  readonly searchesUsd: number;
  readonly depthsUsd: number;
  readonly restUsd: number;
  /** Dollars a month that do not grow with the fleet. */
  readonly fixedUsd: number;
}

export interface FleetReport {
  readonly seedsPerFamily: number;
  readonly costs: readonly FleetCost[];
  readonly delays: readonly DelayCase[];
}

export async function measureFleets(seedsPerFamily: number): Promise<FleetReport> {
  const kept = keptResults<FleetResult>(`reading-${commit()}`);
  const results: FleetResult[] = [...kept.results];
  const done = new Set(results.map(({ task }) => keyOf(task)));
  await runPool<FleetTask, FleetResult>({
    file: join(import.meta.dirname, '..', 'fleets', `worker${extname(import.meta.filename)}`),
    tasks: tasksOf(seedsPerFamily).filter((task) => !done.has(keyOf(task))),
    onResult: (result) => {
      results.push(result);
      kept.add(result);
    },
  });
  const costs = results.flatMap((result): readonly SizeCost[] => ('costs' in result ? result.costs : []));
  const delays = results.flatMap((result): readonly DelayCase[] => ('cases' in result ? result.cases : []));
  return {
    seedsPerFamily,
    costs: FLEET_SIZES.map((functions) =>
      costOf(
        functions,
        costs.filter((one) => one.functions === functions),
      ),
    ),
    delays: [...delays].sort(
      (a, b) => a.functions - b.functions || (a.family < b.family ? -1 : 1) || a.seed - b.seed,
    ),
  };
}

function keyOf({ kind, family, seed, sizes }: FleetTask): string {
  return `${kind} ${family} ${seed} ${sizes.join()}`;
}

function tasksOf(seedsPerFamily: number): FleetTask[] {
  return Object.values(families).flatMap(({ id, positive }): FleetTask[] => {
    const about = { family: id, sizes: FLEET_SIZES };
    if (!positive) {
      if (!CALM.includes(id)) return [];
      return FLEET_SIZES.map((size) => ({ family: id, sizes: [size], kind: 'cost', seed: SEED }));
    }
    return Array.from({ length: seedsPerFamily }, (_, i) => ({ ...about, kind: 'delay', seed: SEED + i }));
  });
}

/** Metrics of functions and queues. */
function ownMetrics({ metrics, regionMetrics, searchMetrics }: SparseReads): number {
  return metrics - regionMetrics - searchMetrics;
}

function costOf(functions: number, results: readonly SizeCost[]): FleetCost {
  const sum = (of: (result: SizeCost) => number) => results.reduce((total, one) => total + of(one), 0);
  const months = sum(({ traceFunctions, reads }) => (traceFunctions * reads.ticks) / MINUTES_PER_MONTH);
  const firstMonths = sum(
    ({ traceFunctions, firstDay }) => (traceFunctions * firstDay.ticks) / MINUTES_PER_MONTH,
  );
  const fleetMonths = sum(({ reads }) => reads.ticks / MINUTES_PER_MONTH);
  const usdPerMetric = FLAT_PRICES.getMetricData.usd / 1_000;
  const prices = pricesFor('us-east-1');
  const queues = Math.round(
    (sum(({ traceQueues }) => traceQueues) / sum(({ traceFunctions }) => traceFunctions)) * functions,
  );
  const { items } = forecastMonitorCost({ fleet: { functions, queues, activeShare: 1 }, prices });
  const rest = items.filter(({ item, grows }) => grows && !/GetMetricData|GetQueueAttributes/.test(item));
  const lane = rest.find(({ item }) => item.includes('GetMetricStatistics'));
  const reasons = new Map<string, number>();
  for (const { reads } of results) {
    for (const [reason, count] of Object.entries(reads.byReason)) {
      reasons.set(reason, (reasons.get(reason) ?? 0) + count / months);
    }
  }
  return {
    functions,
    functionDays: months * 30,
    readingsPerMonth: Object.fromEntries(reasons),
    metricsUsd: (sum(({ reads }) => ownMetrics(reads)) / months) * usdPerMetric,
    firstDayMetricsUsd: (sum(({ firstDay }) => ownMetrics(firstDay)) / firstMonths) * usdPerMetric,
    searchesUsd: (sum(({ reads }) => reads.searchMetrics) / fleetMonths / functions) * usdPerMetric,
    depthsUsd: (sum(({ reads }) => reads.depths) / months) * (prices.sqs.standard[0]?.usd ?? 0),
    restUsd:
      (rest.reduce((total, { usdPerMonth }) => total + usdPerMonth, 0) - laneUsd(lane?.quantity ?? 0)) /
      functions,
    fixedUsd: items.reduce((total, { usdPerMonth, grows }) => total + (grows ? 0 : usdPerMonth), 0),
  };
}

/** Of the requests that are forecast with the listings and the survey, those that read metrics are measured already. */
function laneUsd(quantity: number): number {
  const lane = Math.min(quantity, (20 - REGION_METRICS) * MINUTES_PER_MONTH);
  return (lane / 1_000) * FLAT_PRICES.cloudWatchRequest.usd;
}
