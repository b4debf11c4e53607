import type { EventSource } from '../../src/model/inventory.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Series } from '../../src/model/window.ts';
import { FUNCTION_METRICS, QUEUE_METRICS, type Trace } from '../../src/observe/trace/format.ts';
import { parseTrace } from '../../src/observe/trace/parse.ts';
import { tickAt } from '../../src/observe/trace/trace-source.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { type FakeAws, type FakeMetric, fakeAws, mapping, queueArn } from '../observe/aws/fake-aws.ts';

/** A simulated account that answers over the wire as it stood at each minute. */
export interface PlayedAccount {
  readonly aws: FakeAws;
  readonly periods: number;
  /** Lets the account be as it was when that minute ended, and says when a tick sees it. */
  at(period: number): number;
}

/** One function in a retry loop among healthy ones, each with a queue. */
export function playedLoop(options: {
  readonly seed: number;
  readonly background: number;
  readonly minutes: number;
}): PlayedAccount {
  const family = families['retry-throw'];
  if (family === undefined) throw new RangeError('no family retry-throw');
  return play(parseTrace(simulate(family.scenario(options.seed, options)).trace));
}

function play(trace: Trace): PlayedAccount {
  const { inventory } = trace;
  const aws = fakeAws({
    functions: inventory.functions.map(({ name, memoryMB, timeoutSeconds, architecture, tags }) => ({
      name,
      tags,
      config: { MemorySize: memoryMB, Timeout: timeoutSeconds, Architectures: [architecture] },
    })),
    mappings: inventory.functions.flatMap((fn) =>
      fn.eventSources
        .filter(({ kind }) => kind === 'sqs')
        .map((source) => mapping(fn.name, queueArn(source.source), mappingOf(source))),
    ),
    metrics: metricsOf(trace),
  });
  return {
    aws,
    periods: trace.periods,
    at(period) {
      aws.state.queues = inventory.queues.map((queue) => ({
        name: queue.name,
        visible: depthOf(trace.queues.get(queue.name)?.attributeVisible?.final, period),
        notVisible: depthOf(trace.queues.get(queue.name)?.attributeNotVisible?.final, period),
        attributes: {
          VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
          MessageRetentionPeriod: String(queue.messageRetentionSeconds),
        },
        ...(queue.redrive === null
          ? {}
          : {
              deadLetterQueue: queue.redrive.deadLetterQueue,
              maxReceiveCount: queue.redrive.maxReceiveCount,
            }),
      }));
      return tickAt(trace, period);
    },
  };
}

function mappingOf({ id, batchSize, enabled, maximumConcurrency, partialBatchResponses }: EventSource) {
  return {
    UUID: id,
    BatchSize: batchSize,
    State: enabled ? 'Enabled' : 'Disabled',
    ...(maximumConcurrency === null ? {} : { ScalingConfig: { MaximumConcurrency: maximumConcurrency } }),
    ...(partialBatchResponses ? { FunctionResponseTypes: ['ReportBatchItemFailures'] } : {}),
  };
}

function depthOf(series: Series | undefined, period: number): number {
  return Math.round(series?.[period] || 0);
}

/** One statistic of each metric, for the fake knows one; the region's totals are sums of them. */
function metricsOf(trace: Trace): FakeMetric[] {
  const metrics: FakeMetric[] = [];
  const region = new Map<string, Map<number, number>>();
  for (const [name, series] of trace.functions) {
    for (const [key, field] of firstStatistics(FUNCTION_METRICS)) {
      const points = pointsOf(trace, series[field]?.final);
      if (points.size === 0) continue;
      metrics.push({ namespace: 'AWS/Lambda', metric: key, dimensions: { FunctionName: name }, points });
      const total = region.get(key) ?? new Map<number, number>();
      for (const [at, value] of points) total.set(at, (total.get(at) ?? 0) + value);
      region.set(key, total);
    }
  }
  for (const [name, series] of trace.queues) {
    for (const [key, field] of firstStatistics(QUEUE_METRICS)) {
      const points = pointsOf(trace, series[field]?.final);
      if (points.size === 0) continue;
      metrics.push({ namespace: 'AWS/SQS', metric: key, dimensions: { QueueName: name }, points });
    }
  }
  const totals = [...region].map(([metric, points]) => {
    return { namespace: 'AWS/Lambda', metric, dimensions: {}, points };
  });
  return [...totals, ...metrics];
}

function firstStatistics<Field>(table: Readonly<Record<string, Field>>): ReadonlyMap<string, Field> {
  const first = new Map<string, Field>();
  for (const [key, field] of Object.entries(table)) {
    const [metric = ''] = key.split('/');
    if (!first.has(metric)) first.set(metric, field);
  }
  return first;
}

function pointsOf(trace: Trace, series: Series | undefined): Map<number, number> {
  const points = new Map<number, number>();
  for (const [period, value] of (series ?? []).entries()) {
    if (!Number.isNaN(value)) points.set(trace.startAt + period * MINUTE_MS, value);
  }
  return points;
}
