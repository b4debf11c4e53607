import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../../bench/detection/cloudwatch/definition.ts';
import { cdkMonitoringAlarms } from '../../../bench/detection/peers/cdk-monitoring.ts';
import { slicWatchAlarms } from '../../../bench/detection/peers/slic-watch.ts';
import { spikePages } from '../../../bench/detection/peers/spike-rule.ts';
import { staticAlarms } from '../../../bench/detection/peers/static-alarms.ts';
import { INVENTORY, START_AT, series, traceOf } from './traces.ts';

/** `Errors/Sum of orders-worker > 0, 1 of 1 x 1 min`. */
function told({ queries, resource, comparison, threshold, rule, periodMinutes }: Alarm): string {
  const metrics = [...queries.values()].map(({ metric, stat }) => `${metric}/${stat}`).join(' + ');
  const sign = comparison === 'GreaterThanThreshold' ? '>' : comparison;
  return `${metrics} of ${resource} ${sign} ${String(threshold)}, ${rule.datapointsToAlarm} of ${rule.evaluationPeriods} x ${periodMinutes} min, ${rule.treatMissingData}`;
}

describe('alarms of the peers, from the packages themselves', () => {
  it('slic-watch: its defaults', () => {
    expect(slicWatchAlarms(INVENTORY).map(told).sort()).toEqual([
      'ApproximateNumberOfMessagesNotVisible/Maximum of orders > 96000, 1 of 1 x 1 min, notBreaching',
      'ApproximateNumberOfMessagesNotVisible/Maximum of orders-dlq > 96000, 1 of 1 x 1 min, notBreaching',
      'Duration/Maximum of orders-worker > 285000, 1 of 1 x 1 min, notBreaching',
      'Errors/Sum of orders-worker > 0, 1 of 1 x 1 min, notBreaching',
      'IteratorAge/Maximum of orders-worker > 10000, 1 of 1 x 1 min, notBreaching',
      'Throttles/Sum + Invocations/Sum of orders-worker > 0, 1 of 1 x 1 min, notBreaching',
    ]);
  });

  it('cdk-monitoring-constructs: those of its examples, 3 of 3 periods of 5 minutes', () => {
    expect(cdkMonitoringAlarms(INVENTORY).map(told).sort()).toEqual([
      'ApproximateNumberOfMessagesVisible/Maximum of orders-dlq > 2, 3 of 3 x 5 min, missing',
      'Duration/p50 of orders-worker > 10000, 3 of 3 x 5 min, notBreaching',
      'Errors/Sum of orders-worker > 2, 3 of 3 x 5 min, notBreaching',
      'NumberOfMessagesSent/Sum of orders-dlq > 5, 3 of 3 x 5 min, missing',
      'Throttles/Sum of orders-worker > 2, 3 of 3 x 5 min, notBreaching',
    ]);
  });

  it('pays for every metric of an alarm', () => {
    const metrics = slicWatchAlarms(INVENTORY).reduce((sum, { billedMetrics }) => sum + billedMetrics, 0);
    expect(metrics).toBe(7);
  });

  it('four static alarms a function', () => {
    expect(staticAlarms(INVENTORY).map(told)).toEqual([
      'Errors/Sum of orders-worker > 0, 3 of 3 x 1 min, missing',
      'Throttles/Sum of orders-worker > 0, 5 of 5 x 1 min, missing',
      'Duration/p90 of orders-worker > 240000, 15 of 15 x 1 min, missing',
      'ConcurrentExecutions/Maximum of orders-worker > 900, 10 of 10 x 1 min, missing',
    ]);
  });
});

describe('spikePages', () => {
  const hours = (pages: ReturnType<typeof spikePages>) => pages.map(({ at }) => (at - START_AT) / 3_600_000);

  it.each([
    { what: 'eight times the usual', invocations: '10x300 80x60', expected: [] },
    { what: 'thirty times the usual', invocations: '10x300 300x60', expected: [5.25] },
    { what: 'a function that never ran before', invocations: '_x310 2x50', expected: [5.25] },
    { what: 'a function that does not run', invocations: '_x360', expected: [] },
  ])('looks once an hour: $what', ({ invocations, expected }) => {
    const trace = traceOf({ invocations: series(invocations) });
    // Of the five minutes that it asks for the newest cannot be read: the four others must make ten times the mean.
    expect(hours(spikePages(trace, 13))).toEqual(expected);
  });
});
