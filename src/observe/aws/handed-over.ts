import type { EpochMs } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import type { MetricAnswer, MetricRequest, MetricValues } from './metric-request.ts';
import type { AskQueue, QueueReply } from './queues.ts';
import type { ReadMetrics } from './series.ts';
import type { ReadingOrder } from './shard-plan.ts';
import type { ShardReading } from './shard-reading.ts';

/**
 * What shards have read before a tick decides: it asks AWS only for what none of them was to read. What one was to read and
 * did not hand over is a gap, so that a shard that fails costs its part of one tick, and never the tick.
 */
export interface HandedOver {
  /** Instant of the tick for which the order was made: whose turn it was. */
  readonly turnAt: EpochMs;
  readonly readings: readonly ShardReading[];
  ask(itself: AskQueue): AskQueue;
  read(itself: ReadMetrics): ReadMetrics;
}

const MISSING = 'not handed over: the shard that was to read it did not end in time';

/** `readings[i]` is what came of `parts[i]`; `null`: nothing did. */
export function handedOver(
  turnAt: EpochMs,
  parts: readonly ReadingOrder[],
  readings: readonly (ShardReading | null)[],
): HandedOver {
  const replies = new Map<string, QueueReply>();
  const values = new Map<string, MetricValues>();
  const gaps = new Map<string, ReadGap[]>();
  for (const [i, part] of parts.entries()) {
    const reading = readings[i] ?? null;
    for (const { name } of part.queues) replies.set(name, reading?.queues.get(name) ?? missingQueue(name));
    for (const one of part.metrics) values.set(keyOf(one), {});
    for (const one of reading?.metrics ?? []) values.set(keyOf(one), one.values);
    for (const gap of reading?.gaps ?? []) {
      const key = gapKey(gap.resource, gap.operation);
      gaps.set(key, [...(gaps.get(key) ?? []), gap]);
    }
  }
  const gapsOf = (request: MetricRequest): readonly ReadGap[] => {
    const operation = `GetMetricData ${request.metric}`;
    const resource = request.name ?? '';
    const said = gaps.get(gapKey(resource, operation));
    if (said !== undefined) return said;
    const isRead = Object.keys(values.get(keyOf(request)) ?? {}).length > 0;
    return isRead ? [] : [{ resource, operation, reason: MISSING }];
  };
  return {
    turnAt,
    readings: readings.filter((reading) => reading !== null),
    ask: (itself) => async (name, url) => replies.get(name) ?? itself(name, url),
    read: (itself) => async (requests) => {
      const isOrdered = (request: MetricRequest) => values.has(keyOf(request));
      const ordered = requests.filter(isOrdered);
      const answer: MetricAnswer = await itself(requests.filter((request) => !isOrdered(request)));
      return {
        values: new Map([
          ...answer.values,
          ...ordered.map((request) => [request, values.get(keyOf(request)) ?? {}] as const),
        ]),
        gaps: [...answer.gaps, ...ordered.flatMap(gapsOf)],
      };
    },
  };
}

function missingQueue(name: string): QueueReply {
  return { gap: { resource: name, operation: 'GetQueueAttributes', reason: MISSING }, isGone: false };
}

function keyOf({ namespace, name, metric }: Pick<MetricRequest, 'namespace' | 'name' | 'metric'>): string {
  return JSON.stringify([namespace, name, metric]);
}

function gapKey(resource: string, operation: string): string {
  return JSON.stringify([resource, operation]);
}
