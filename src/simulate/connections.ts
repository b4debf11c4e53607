import type { Scenario } from './scenario.ts';
import { indexOf, type QueueState, type ShardState, type SourceState } from './state.ts';

/** Concurrent invokes of one event source mapping without MaximumConcurrency (SQS scaling, 2026). */
const UNLIMITED = 1_250;

/** Event source mappings: pollers of queues, and shards of streams. */
export function connect(
  scenario: Scenario,
  context: {
    functionIndex: ReadonlyMap<string, number>;
    queueIndex: ReadonlyMap<string, number>;
    queues: readonly QueueState[];
  },
): { sources: SourceState[]; shards: ShardState[] } {
  const sources: SourceState[] = [];
  const shards: ShardState[] = [];
  const streamIndex = new Map(scenario.streams.map((stream, index) => [stream.name, index]));
  for (const [index, spec] of scenario.functions.entries()) {
    for (const mapping of spec.eventSources) {
      const enabled = mapping.enabled ?? true;
      const common = {
        id: mapping.id,
        function: index,
        batchSize: mapping.batchSize,
        windowMs: mapping.maximumBatchingWindowSeconds * 1000,
      };
      if (mapping.kind === 'sqs') {
        const queue = indexOf(context.queueIndex, mapping.source);
        context.queues[queue]?.sources.push(sources.length);
        const maximumConcurrency = mapping.maximumConcurrency ?? UNLIMITED;
        sources.push({
          ...common,
          index: sources.length,
          queue,
          maximumConcurrency,
          partial: mapping.partialBatchResponses,
          enabled,
          busy: 0,
          limit: Math.min(5, maximumConcurrency),
          grownAt: 0,
          growthPlanned: false,
          windowPlanned: false,
          windowOver: false,
          attempts: 0,
          failures: 0,
          throttles: 0,
        });
        continue;
      }
      const stream = indexOf(streamIndex, mapping.source);
      const source = { ...common, maximumRetryAttempts: mapping.maximumRetryAttempts, enabled };
      for (let shard = 0; shard < (scenario.streams[stream]?.shards ?? 0); shard++) {
        shards.push({
          index: shards.length,
          stream,
          source,
          cursorAt: 0,
          poisonAt: Number.NaN,
          poisonCause: -1,
          poisonHow: 'throw',
          retries: 0,
          writtenBackPerMs: 0,
          writeBackCause: -1,
          batchLastRecordAt: 0,
          batchNextCursorAt: 0,
          planned: false,
          running: false,
        });
      }
    }
  }
  return { sources, shards };
}
