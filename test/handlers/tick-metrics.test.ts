import { describe, expect, it } from 'vitest';
import { METRIC_UNITS } from '../../src/handlers/metric-names.ts';
import { readsBetween, type TickRun, tickMetrics } from '../../src/handlers/tick-metrics.ts';
import type { Incident, IncidentState } from '../../src/model/incident.ts';
import type { Reads } from '../../src/observe/aws/reads.ts';
import { incidentOf } from '../store/samples.ts';

const AT = Date.parse('2026-11-24T04:12:00Z');
const NO_READS: Reads = {
  metricRequests: 0,
  cloudWatchRequests: 0,
  sqsRequests: 0,
  freeRequests: 0,
  apiRequests: 0,
};

function incident(state: IncidentState, wastedUsdPerHour: number): Incident {
  const base = incidentOf({ state });
  return { ...base, burn: { ...base.burn, wastedUsdPerHour } };
}

function run(over: Partial<TickRun> = {}, incidents: readonly Incident[] = []): TickRun {
  const gap = { resource: 'orders', operation: 'GetQueueAttributes', reason: 'access denied' };
  return {
    report: {
      result: { incidents, alerts: [], actions: [], decisions: [] },
      window: { inventory: { functions: [] } },
      pricing: {},
      gaps: [gap, gap],
      delivery: { outcomes: [], storeFailures: [] },
    } as unknown as TickRun['report'],
    scheduledAt: AT,
    startedAt: AT + 5_000,
    finishedAt: AT + 6_200,
    reads: NO_READS,
    memoryMB: 512,
    region: 'us-east-1',
    shardsUsd: 0,
    ...over,
  };
}

describe('tickMetrics', () => {
  it('has a value for every metric there is but the daily ones and that of the ceiling, and a heartbeat of 1', () => {
    const metrics = tickMetrics(run());
    expect([...Object.keys(metrics), 'BilledRatio', 'MonitorDayUsd', 'MonitorThrift'].sort()).toEqual(
      Object.keys(METRIC_UNITS).sort(),
    );
    expect(metrics).toMatchObject({ Heartbeat: 1, TickDurationMs: 1_200, TickLagMs: 6_200, ReadGaps: 2 });
  });

  it('the own bill is what this tick took and what its shards took, as if it went on so for a month', () => {
    const usd = (shardsUsd: number) => tickMetrics(run({ shardsUsd })).MonitorUsd;
    expect(usd(0.001) - usd(0)).toBeCloseTo(0.001 * 43_200);
  });

  it('waste and number are of incidents that somebody was told of, and are not over', () => {
    const incidents = [
      incident('pending', 100),
      incident('open', 2),
      incident('critical', 40),
      incident('resolved', 100),
    ];
    expect(tickMetrics(run({}, incidents))).toMatchObject({ OpenIncidents: 2, WastedUsdPerHour: 42 });
  });

  it('burn is what every function spends, incident or not, in the price tier of the month', () => {
    const minutes = 180;
    const fn = {
      name: 'orders',
      memoryMB: 1024,
      timeoutSeconds: 60,
      architecture: 'arm64',
      ephemeralStorageMB: 512,
      reservedConcurrency: null,
      tags: {},
      eventSources: [],
      asyncInvoke: null,
    };
    const everyMinute = (value: number) => new Float64Array(minutes).fill(value);
    const series = {
      invocations: everyMinute(60),
      durationSumMs: everyMinute(60_000),
      errors: everyMinute(0),
    };
    const window = {
      minutes,
      inventory: { region: 'us-east-1', functions: [fn] },
      functions: new Map([['orders', series]]),
      queues: new Map(),
    };
    const base = run();
    const report = { ...base.report, window } as unknown as TickRun['report'];
    // 3,600 GB-seconds and as many requests an hour.
    const expected = 3_600 * (0.0000133334 + 0.2 / 1_000_000);
    const { BurnUsdPerHour } = tickMetrics({ ...base, report });
    expect(BurnUsdPerHour / expected).toBeGreaterThan(0.95);
    expect(BurnUsdPerHour / expected).toBeLessThan(1.2);

    const pricing = { monthToDateGbSeconds: 8e9 };
    const cheaper = tickMetrics({ ...base, report: { ...report, pricing } }).BurnUsdPerHour;
    expect(cheaper / BurnUsdPerHour).toBeLessThan(0.95);
  });

  it('a tick that was scheduled in the future by a skewed clock is not ahead of its time', () => {
    expect(tickMetrics(run({ scheduledAt: AT + 60_000 })).TickLagMs).toBe(0);
  });

  it('the own bill is this tick for a month: 43,200 times its reads and its run', () => {
    const { MonitorUsd } = tickMetrics(run({ reads: { ...NO_READS, metricRequests: 100 } }));
    const reads = (100 * 0.01) / 1_000;
    const compute = 0.5 * 1.2 * 0.0000133334 + 0.2 / 1_000_000;
    expect(MonitorUsd).toBeCloseTo((reads + compute) * 43_200, 2);
  });

  it('alerts that nobody got are counted', () => {
    const outcome = (state: string) => ({ alert: {}, channels: {}, state, isRecorded: true });
    const outcomes = ['done', 'partial', 'pending', 'undelivered', 'expired'].map(outcome);
    const base = run();
    const report = {
      ...base.report,
      delivery: { outcomes, storeFailures: [] },
    } as unknown as TickRun['report'];
    expect(tickMetrics({ ...base, report }).Undelivered).toBe(2);
  });
});

describe('readsBetween', () => {
  it('is what was asked since', () => {
    const before = { ...NO_READS, metricRequests: 10, apiRequests: 4 };
    const after = { ...NO_READS, metricRequests: 25, apiRequests: 9, sqsRequests: 3 };
    expect(readsBetween(before, after)).toEqual({
      ...NO_READS,
      metricRequests: 15,
      apiRequests: 5,
      sqsRequests: 3,
    });
  });
});
