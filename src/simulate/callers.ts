import { allocateAsyncEvent, freeAsyncEvent } from './async-events.ts';
import { RECURSION_HOPS, sendOn } from './emits.ts';
import { EVENT, plan } from './event-heap.ts';
import { allocateInvocation, OUTCOME, TRIGGER } from './invocation-pool.ts';
import { FLAG } from './messages.ts';
import { queueAt, sendMessage } from './queues.ts';
import { between } from './random.ts';
import { count, raise } from './recorder.ts';
import { closeInvocation, functionAt, hasCapacity, recordThrottle, startInvocation } from './runtime.ts';
import { type FunctionState, indexOf, type ProducerState, type World } from './state.ts';

/** Waits before the two retries after a function error (asynchronous invocation error handling, 2026). */
const ASYNC_RETRY_MS = [60_000, 120_000] as const;
/** A throttled event is tried again after 1 s, up to 5 min (asynchronous invocation error handling, 2026). */
const ASYNC_THROTTLE_FIRST_MS = 1_000;
const ASYNC_THROTTLE_MAXIMUM_MS = 300_000;
const ASYNC_DEFAULTS = { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailure: null };
/** Time from the internal queue to the function when nothing is in the way (assumption). */
const ASYNC_AGE_MS = 15;

/** A synchronous call: run, or throttled; its caller may try again. `attempt` is 0 for the first. */
export function callDirect(
  world: World,
  producer: ProducerState,
  call: { readonly attempt: number; readonly cause: number },
): void {
  const state = functionAt(world, producer.target);
  if (!hasCapacity(world, state)) {
    recordThrottle(world, state);
    planCallerRetry(world, producer, call.attempt);
    return;
  }
  const index = allocateInvocation(world.invocations, {
    function: state.index,
    trigger: TRIGGER.direct,
    reference: producer.index * 16 + call.attempt,
    receipt: -1,
    // The event that made the call superfluous, plus one.
    batch: call.cause + 1,
  });
  startInvocation(world, index);
}

function planCallerRetry(world: World, producer: ProducerState, attempt: number): void {
  const { target } = producer.spec;
  if (target.kind !== 'direct' || attempt >= Math.min(15, target.callerRetries)) return;
  const waitMs = between(producer.rng, 200, 1_000) * 2 ** Math.min(attempt, 6);
  plan(world.heap, world.now + waitMs, EVENT.callerRetry, producer.index * 16 + attempt + 1);
}

export function onCallerRetry(world: World, subject: number): void {
  const producer = world.producers[subject >> 4];
  if (producer !== undefined) callDirect(world, producer, { attempt: subject & 15, cause: -1 });
}

export function completeDirect(world: World, index: number): void {
  const { invocations } = world;
  const outcome = invocations.outcome[index] as number;
  const failed = outcome === OUTCOME.error || outcome === OUTCOME.timeout;
  const reference = invocations.reference[index] as number;
  const cause = (invocations.batch[index] as number) - 1;
  if (failed) {
    const producer = world.producers[reference >> 4];
    if (producer !== undefined) planCallerRetry(world, producer, reference & 15);
  } else {
    finishRequest(world, index, { cause, hops: 0 });
  }
  if (cause >= 0 && !failed) invocations.cause[index] = cause;
  closeInvocation(world, index, { wasted: failed ? 1 : 0, superfluous: !failed && cause >= 0 ? 1 : 0 });
}

function finishRequest(
  world: World,
  index: number,
  { cause, hops }: { readonly cause: number; readonly hops: number },
): void {
  const state = functionAt(world, world.invocations.function[index] as number);
  if (state.emits.length === 0) return;
  sendOn(world, state, { flags: cause >= 0 ? FLAG.superfluous : 0, cause, hops });
}

/** An asynchronous call: Lambda takes the event in any case and invokes the function when it can. */
export function callAsync(world: World, state: FunctionState, cause: number): void {
  count(state.record.asyncReceived, world.now);
  attemptAsync(
    world,
    allocateAsyncEvent(world.asyncEvents, { function: state.index, at: world.now, cause, hops: 0 }),
  );
}

export function attemptAsync(world: World, event: number): void {
  const { asyncEvents } = world;
  const state = functionAt(world, asyncEvents.function[event] as number);
  if ((asyncEvents.hops[event] as number) >= RECURSION_HOPS) {
    count(state.record.recursiveDropped, world.now);
    dropAsync(world, state, event);
    return;
  }
  const settings = state.spec.asyncInvoke ?? ASYNC_DEFAULTS;
  const ageMs = world.now - (asyncEvents.receivedAt[event] as number);
  // With reserved concurrency 0 events go to the destination at once (asynchronous invocation records, 2026).
  if (state.reserved === 0 || ageMs > settings.maximumEventAgeSeconds * 1000) {
    dropAsync(world, state, event);
    return;
  }
  if (!hasCapacity(world, state)) {
    recordThrottle(world, state);
    const throttles = asyncEvents.throttles[event] as number;
    asyncEvents.throttles[event] = throttles + 1;
    const waitMs = Math.min(
      ASYNC_THROTTLE_MAXIMUM_MS,
      ASYNC_THROTTLE_FIRST_MS * 2 ** Math.min(throttles, 10),
    );
    plan(world.heap, world.now + waitMs * between(state.rng, 0.75, 1.25), EVENT.asyncAttempt, event);
    return;
  }
  raise(state.record.asyncAgeMs, world.now, Math.round(Math.max(ASYNC_AGE_MS, ageMs)));
  const owner = { function: state.index, trigger: TRIGGER.async, reference: event, receipt: -1, batch: 0 };
  startInvocation(world, allocateInvocation(world.invocations, owner));
}

export function completeAsync(world: World, index: number): void {
  const { invocations, asyncEvents } = world;
  const event = invocations.reference[index] as number;
  const outcome = invocations.outcome[index] as number;
  const failed = outcome === OUTCOME.error || outcome === OUTCOME.timeout;
  const cause = asyncEvents.cause[event] as number;
  if (failed) retryAsync(world, event);
  else {
    finishRequest(world, index, { cause, hops: asyncEvents.hops[event] as number });
    freeAsyncEvent(asyncEvents, event);
    if (cause >= 0) invocations.cause[index] = cause;
  }
  closeInvocation(world, index, { wasted: failed ? 1 : 0, superfluous: !failed && cause >= 0 ? 1 : 0 });
}

function retryAsync(world: World, event: number): void {
  const { asyncEvents } = world;
  const state = functionAt(world, asyncEvents.function[event] as number);
  const settings = state.spec.asyncInvoke ?? ASYNC_DEFAULTS;
  const failures = (asyncEvents.failures[event] as number) + 1;
  asyncEvents.failures[event] = failures;
  const waitMs = ASYNC_RETRY_MS[failures - 1];
  if (waitMs === undefined || failures > settings.maximumRetryAttempts) dropAsync(world, state, event);
  else plan(world.heap, world.now + waitMs, EVENT.asyncAttempt, event);
}

/** The event is given up: it goes to the on-failure destination where there is one. */
function dropAsync(world: World, state: FunctionState, event: number): void {
  count(state.record.asyncDropped, world.now);
  freeAsyncEvent(world.asyncEvents, event);
  const destination = state.spec.asyncInvoke?.onFailure ?? null;
  if (destination === null) return;
  const queue = queueAt(world, indexOf(world.queueIndex, destination));
  sendMessage(world, queue, { flags: 0, cause: -1, hops: 0, delayMs: 0 });
}
