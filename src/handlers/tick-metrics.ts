import { DAY_MS, type EpochMs, MINUTE_MS } from '../model/time.ts';
import { type Reads, readsUsd } from '../observe/aws/reads.ts';
import { lambdaUsd, pricesFor } from '../price/lambda-price.ts';
import { undelivered } from '../respond/alert/delivery-report.ts';
import { fleetBurn } from '../run/fleet-burn.ts';
import type { RunTickReport } from '../run/run-tick.ts';
import type { MetricName } from './metric-names.ts';

const TICKS_PER_MONTH = (30 * DAY_MS) / MINUTE_MS;

export interface TickRun {
  readonly report: RunTickReport;
  readonly scheduledAt: EpochMs;
  readonly startedAt: EpochMs;
  readonly finishedAt: EpochMs;
  /** Asked of AWS in this tick. */
  readonly reads: Reads;
  readonly memoryMB: number;
  readonly region: string;
  /** What others have spent on reading for this tick. */
  readonly shardsUsd: number;
}

/** What one tick says of itself. */
export function tickMetrics(
  run: TickRun,
): Readonly<Record<Exclude<MetricName, 'BilledRatio' | 'MonitorDayUsd' | 'MonitorThrift'>, number>> {
  const open = run.report.result.incidents.filter(({ state }) => state === 'open' || state === 'critical');
  return {
    Heartbeat: 1,
    TickDurationMs: run.finishedAt - run.startedAt,
    TickLagMs: Math.max(0, run.finishedAt - run.scheduledAt),
    BurnUsdPerHour: fleetBurn(run.report).reduce((sum, { usdPerHour }) => sum + usdPerHour, 0),
    WastedUsdPerHour: open.reduce((sum, { burn }) => sum + burn.wastedUsdPerHour, 0),
    OpenIncidents: open.length,
    ReadGaps: run.report.gaps.length,
    Undelivered: undelivered(run.report.delivery).length,
    MonitorUsd: (tickUsd(run) + run.shardsUsd) * TICKS_PER_MONTH,
  };
}

/** Reading and computing of this tick; what is paid for being there, alarms, key, secret, logs and table come on top (docs/deployment.md). */
export function tickUsd({
  reads,
  startedAt,
  finishedAt,
  memoryMB,
  region,
}: Omit<TickRun, 'report' | 'scheduledAt' | 'shardsUsd'>): number {
  const compute = lambdaUsd({
    prices: pricesFor(region),
    architecture: 'arm64',
    memoryMB,
    durationMs: finishedAt - startedAt,
    invocations: 1,
  });
  return readsUsd(reads) + compute;
}

/** What was asked between two readings of a source's counter. */
export function readsBetween(before: Reads, after: Reads): Reads {
  return {
    metricRequests: after.metricRequests - before.metricRequests,
    cloudWatchRequests: after.cloudWatchRequests - before.cloudWatchRequests,
    sqsRequests: after.sqsRequests - before.sqsRequests,
    freeRequests: after.freeRequests - before.freeRequests,
    apiRequests: after.apiRequests - before.apiRequests,
  };
}
