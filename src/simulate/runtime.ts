import { EVENT, plan } from './event-heap.ts';
import { freeInvocation, OUTCOME, TRIGGER } from './invocation-pool.ts';
import { FLAG, widen } from './messages.ts';
import { chance, logNormal } from './random.ts';
import { accrue, count, recordInvocation } from './recorder.ts';
import type { FailureKind } from './scenario.ts';
import type { FunctionState, World } from './state.ts';

/** An idle execution environment is kept this long (not documented by AWS; minutes in practice, assumption). */
const KEEP_WARM_MS = 10 * 60_000;
/** INIT takes at most 10 s (Lambda runtime environment, 2026). */
const INIT_MAXIMUM_MS = 10_000;

export function functionAt(world: World, index: number): FunctionState {
  const state = world.functions[index];
  if (state === undefined) throw new RangeError(`no function ${index}`);
  return state;
}

/** Whether one more invocation fits its reserved concurrency, or what the account has left unreserved. */
export function hasCapacity(world: World, state: FunctionState): boolean {
  if (state.reserved >= 0) return state.running < state.reserved;
  return world.unreservedRunning < world.accountLimit - world.reservedTotal;
}

export function recordThrottle(world: World, state: FunctionState): void {
  count(state.record.throttles, world.now);
  blame(world, state.throttleCause);
}

/** Starts an invocation that fits: decides how it will go, books its cost and plans its end. */
export function startInvocation(world: World, index: number): void {
  const { invocations } = world;
  const state = functionAt(world, invocations.function[index] as number);
  const at = world.now;
  state.running++;
  if (state.reserved < 0) world.unreservedRunning++;
  raiseConcurrency(world, state);

  const initMs = coldStartMs(state, at);
  const outcome = decide(world, index, state);
  const durationMs = Math.round(invocations.durationMs[index] as number);
  invocations.durationMs[index] = durationMs;
  invocations.outcome[index] = outcome;
  invocations.startAt[index] = at;
  const endAt = at + initMs + durationMs;
  invocations.endAt[index] = endAt;
  const usd = (initMs + durationMs) * state.usdPerMs + state.usdPerRequest;
  invocations.usd[index] = usd;
  accrue(state.record.usd, { usd, startAt: at, endAt, untilAt: endAt });
  plan(world.heap, endAt, EVENT.end, index);
}

function raiseConcurrency(world: World, state: FunctionState): void {
  const series = state.record.concurrency;
  const current = series[world.minute];
  if (current !== undefined && state.running > current) series[world.minute] = state.running;
}

/** 0 for a warm start; the most recently used environment is used again first. */
function coldStartMs(state: FunctionState, at: number): number {
  if (state.idleCount > 0) {
    if (at - (state.idleSince[state.idleCount - 1] as number) <= KEEP_WARM_MS) {
      state.idleCount--;
      return 0;
    }
    state.idleCount = 0;
  }
  return Math.min(INIT_MAXIMUM_MS, Math.round(logNormal(state.rng, state.spec.initMedianMs, 0.25)));
}

/** Draws outcome, cause and duration of an invocation. */
function decide(world: World, index: number, state: FunctionState): number {
  const { invocations } = world;
  const { spec, rng } = state;
  const timeoutMs = spec.timeoutSeconds * 1000;
  const naturalMs = Math.max(1, logNormal(rng, spec.durationMedianMs * state.slowFactor, spec.durationSigma));
  invocations.durationMs[index] = naturalMs;
  invocations.cause[index] = state.slowCause;

  const failure = worstOf(world, index, state);
  if (failure === 'timeout' || (failure === null && naturalMs >= timeoutMs)) {
    invocations.durationMs[index] = timeoutMs;
    return OUTCOME.timeout;
  }
  if (failure === 'throw') {
    invocations.durationMs[index] = Math.min(timeoutMs, Math.max(1, naturalMs * failureFactor));
    return OUTCOME.error;
  }
  if (naturalMs >= timeoutMs) invocations.durationMs[index] = timeoutMs;
  if (failure === 'partial') return naturalMs >= timeoutMs ? OUTCOME.timeout : OUTCOME.partial;
  if (chance(rng, spec.errorShare)) {
    invocations.cause[index] = -1;
    return OUTCOME.error;
  }
  return OUTCOME.success;
}

/** Share of its usual duration after which the invocation that `worstOf` judged last fails. */
let failureFactor = 1;

/** The worst that its function and its messages do to an invocation; sets its cause. */
function worstOf(world: World, index: number, state: FunctionState): FailureKind | null {
  const { invocations } = world;
  const { fault, rng } = state;
  let worst: FailureKind | null = null;
  failureFactor = 1;
  if (fault !== null && fault.how !== 'partial' && (fault.share >= 1 || chance(rng, fault.share))) {
    worst = fault.how;
    failureFactor = fault.durationFactor;
    invocations.cause[index] = fault.cause;
  }
  if (invocations.trigger[index] === TRIGGER.shard) return worst ?? poisonRecord(world, index);
  if (invocations.trigger[index] !== TRIGGER.queue) return worst ?? partialAsThrow(index, world, state);
  const { receipts, messages, causes } = world;
  for (
    let receipt = invocations.receipt[index] as number;
    receipt >= 0;
    receipt = receipts.next[receipt] as number
  ) {
    const message = receipts.message[receipt] as number;
    if (messages.generation[message] !== receipts.generation[receipt]) continue;
    const cause = messages.cause[message] as number;
    const queue = world.queues[messages.queue[message] as number];
    const isFlagged = ((messages.flags[message] as number) & FLAG.poison) !== 0;
    // Only the consumer of the queue it was sent to chokes on it, not whoever reads the dead-letter queue.
    if (isFlagged && queue?.poisonCause === cause && causes[cause]?.active === true) {
      receipts.bad[receipt] = 1;
      const how = queue.poisonHow;
      if (worst === null || worst === 'partial' || how === 'timeout') worst = how;
      invocations.cause[index] = cause;
    } else if (fault !== null && fault.how === 'partial' && chance(rng, fault.share)) {
      receipts.bad[receipt] = 1;
      worst ??= 'partial';
      invocations.cause[index] = fault.cause;
    }
  }
  if (worst !== 'partial') return worst;
  // Without ReportBatchItemFailures a handler can only fail the whole batch.
  return world.sources[invocations.reference[index] as number]?.partial === true ? 'partial' : 'throw';
}

/** A stream batch that holds a record nobody can process fails as a whole. */
function poisonRecord(world: World, index: number): FailureKind | null {
  const shard = world.shards[world.invocations.reference[index] as number];
  if (shard === undefined || world.causes[shard.poisonCause]?.active !== true) return null;
  if (shard.poisonAt <= shard.cursorAt || shard.poisonAt > shard.batchNextCursorAt) return null;
  world.invocations.cause[index] = shard.poisonCause;
  return shard.poisonHow;
}

function partialAsThrow(index: number, world: World, state: FunctionState): FailureKind | null {
  const { fault } = state;
  if (fault?.how !== 'partial' || !chance(state.rng, fault.share)) return null;
  world.invocations.cause[index] = fault.cause;
  return 'throw';
}

/** What every invocation does at its end, whatever triggered it: metrics, and its execution environment is idle again. */
export function endInvocation(world: World, index: number): void {
  const { invocations } = world;
  const state = functionAt(world, invocations.function[index] as number);
  state.running--;
  if (state.reserved < 0 && world.unreservedRunning > 0) world.unreservedRunning--;
  if (state.idleCount === state.idleSince.length) {
    state.idleSince = widen(state.idleSince, new Float64Array(state.idleCount * 2));
  }
  state.idleSince[state.idleCount++] = world.now;
  const outcome = invocations.outcome[index] as number;
  recordInvocation(state.record, {
    startAt: invocations.startAt[index] as number,
    endAt: world.now,
    durationMs: invocations.durationMs[index] as number,
    failed: outcome === OUTCOME.error || outcome === OUTCOME.timeout,
    graceMs: world.graceMs,
  });
}

/** Books which shares of a finished invocation were wasted or superfluous (0..1), notes its cause, and forgets it. */
export function closeInvocation(
  world: World,
  index: number,
  share: { readonly wasted: number; readonly superfluous: number },
): void {
  const { invocations } = world;
  const { wasted, superfluous } = share;
  if (wasted > 0 || superfluous > 0) {
    const state = functionAt(world, invocations.function[index] as number);
    bookWaste(world, state, { index, wasted, superfluous });
  }
  blame(world, invocations.cause[index] as number);
  freeInvocation(invocations, index);
}

/** As {@link closeInvocation}, of the part that has run until now. */
export function bookWaste(
  world: World,
  state: FunctionState,
  part: { readonly index: number; readonly wasted: number; readonly superfluous: number },
): void {
  // No object spread here: this runs once per failed invocation, millions of times in a loop.
  const { invocations, now } = world;
  const startAt = invocations.startAt[part.index] as number;
  const endAt = invocations.endAt[part.index] as number;
  const usd = invocations.usd[part.index] as number;
  const wastedUsd = usd * part.wasted;
  const excessUsd = usd * Math.min(1, part.wasted + part.superfluous);
  if (wastedUsd > 0) accrue(state.record.wastedUsd, { usd: wastedUsd, startAt, endAt, untilAt: now });
  accrue(state.record.excessUsd, { usd: excessUsd, startAt, endAt, untilAt: now });
}

/** Notes that an event of the scenario made itself felt at this moment; -1: none did. */
function blame(world: World, cause: number): void {
  if (cause < 0) return;
  const state = world.causes[cause];
  if (state === undefined) return;
  state.lastFeltAt = world.now;
  state.felt++;
}
