import { DAY_MS, MINUTE_MS } from '../model/time.ts';
import { ORDINARY_REQUEST, sendOn } from './emits.ts';
import { EVENT, plan } from './event-heap.ts';
import { allocateInvocation, OUTCOME, TRIGGER } from './invocation-pool.ts';
import { between, exponential, poisson } from './random.ts';
import { raise } from './recorder.ts';
import { closeInvocation, functionAt, hasCapacity, recordThrottle, startInvocation } from './runtime.ts';
import type { ShardState, World } from './state.ts';
import { rhythm } from './traffic.ts';

/** Wait before a failed batch is tried again: doubles up to this (AWS gives no figures, assumption). */
const RETRY_MAXIMUM_MS = 30_000;
const THROTTLE_WAIT_MS = 1_000;
/** Records expire after a day (Kinesis default, DynamoDB Streams; Lambda stream error handling, 2026). */
const RETENTION_MS = DAY_MS;

/** Plans when the shard's next batch is handed over: its first record plus the batching window, or at once in a backlog. */
export function planShard(world: World, shard: ShardState): void {
  if (shard.planned || shard.running || !shard.source.enabled) return;
  const rate = recordsPerMs(world, shard);
  if (rate <= 0) {
    shard.planned = true;
    plan(world.heap, world.now + MINUTE_MS, EVENT.shard, shard.index);
    return;
  }
  const { rng } = functionAt(world, shard.source.function);
  const firstAt = shard.cursorAt + exponential(rng, 1 / rate);
  const isBacklog = (world.now - firstAt) * rate >= shard.source.batchSize;
  const closeAt = isBacklog ? world.now : Math.max(world.now, firstAt + shard.source.windowMs);
  const more = poisson(rng, rate * Math.max(0, closeAt - firstAt));
  if (more + 1 > shard.source.batchSize) {
    shard.batchLastRecordAt = Math.min(closeAt, firstAt + (shard.source.batchSize - 1) / rate);
    shard.batchNextCursorAt = shard.batchLastRecordAt;
  } else {
    shard.batchLastRecordAt = closeAt - between(rng, 50, 900);
    shard.batchNextCursorAt = closeAt;
  }
  shard.retries = 0;
  shard.planned = true;
  plan(world.heap, closeAt, EVENT.shard, shard.index);
}

function recordsPerMs(world: World, shard: ShardState): number {
  const stream = world.scenario.streams[shard.stream];
  if (stream === undefined) return 0;
  const perMinute = stream.recordsPerMinute * rhythm(world, stream.shape, world.now);
  return perMinute / stream.shards / MINUTE_MS + shard.writtenBackPerMs;
}

/** Hands the planned batch over, for the first time or again. */
export function onShard(world: World, shard: ShardState): void {
  shard.planned = false;
  if (!shard.source.enabled) return;
  if (shard.batchNextCursorAt <= shard.cursorAt) {
    planShard(world, shard);
    return;
  }
  const state = functionAt(world, shard.source.function);
  if (!hasCapacity(world, state)) {
    // Throttles do not use up retries (Lambda event source mappings, 2026).
    recordThrottle(world, state);
    shard.planned = true;
    plan(world.heap, world.now + THROTTLE_WAIT_MS, EVENT.shard, shard.index);
    return;
  }
  shard.running = true;
  raise(state.record.iteratorAgeMs, world.now, Math.round(Math.max(0, world.now - shard.batchLastRecordAt)));
  const owner = {
    function: state.index,
    trigger: TRIGGER.shard,
    reference: shard.index,
    receipt: -1,
    batch: 0,
  };
  startInvocation(world, allocateInvocation(world.invocations, owner));
}

/** A batch that failed blocks its shard until it succeeds, is given up or expires (Lambda event source mappings, 2026). */
export function completeShard(world: World, index: number): void {
  const { invocations } = world;
  const shard = world.shards[invocations.reference[index] as number];
  if (shard === undefined) throw new RangeError('an invocation names a shard that does not exist');
  const outcome = invocations.outcome[index] as number;
  const failed = outcome === OUTCOME.error || outcome === OUTCOME.timeout;
  shard.running = false;
  const { maximumRetryAttempts } = shard.source;
  const isGivenUp =
    (maximumRetryAttempts >= 0 && shard.retries >= maximumRetryAttempts) ||
    world.now - shard.batchLastRecordAt > RETENTION_MS;
  if (failed && !isGivenUp) {
    const waitMs = Math.min(RETRY_MAXIMUM_MS, 1_000 * 2 ** Math.min(shard.retries, 10));
    shard.retries++;
    shard.planned = true;
    plan(world.heap, world.now + waitMs, EVENT.shard, shard.index);
  } else {
    shard.cursorAt = shard.batchNextCursorAt;
    const state = functionAt(world, shard.source.function);
    if (!failed && state.emits.length > 0) sendOn(world, state, ORDINARY_REQUEST);
    planShard(world, shard);
  }
  const writtenBack = shard.writtenBackPerMs;
  const superfluous = failed || writtenBack === 0 ? 0 : writtenBack / recordsPerMs(world, shard);
  if (superfluous > 0) invocations.cause[index] = shard.writeBackCause;
  closeInvocation(world, index, { wasted: failed ? 1 : 0, superfluous });
}
