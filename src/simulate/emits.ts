import { allocateAsyncEvent } from './async-events.ts';
import { EVENT, plan } from './event-heap.ts';
import { FLAG } from './messages.ts';
import { queueAt, sendMessage } from './queues.ts';
import { uniform } from './random.ts';
import { count } from './recorder.ts';
import { functionAt } from './runtime.ts';
import type { EmitState, FunctionState, World } from './state.ts';

/** A chain of this many invocations is cut by recursive loop detection (Lambda recursive loop detection, 2026). */
export const RECURSION_HOPS = 16;

/** The message or request that was finished: what is sent on because of superfluous work is superfluous too. */
export interface Parent {
  readonly flags: number;
  readonly cause: number;
  /** Invocations of the chain before this one. */
  readonly hops: number;
}

export const ORDINARY_REQUEST: Parent = { flags: 0, cause: -1, hops: 0 };

/** What a function sends on after it finished one message or request. */
export function sendOn(world: World, state: FunctionState, parent: Parent): void {
  const inherited = parent.flags & FLAG.superfluous;
  for (const emit of state.emits) {
    const whole = Math.floor(emit.perMessage);
    const more = uniform(state.rng) < emit.perMessage - whole ? 1 : 0;
    const flags = emit.cause >= 0 ? FLAG.superfluous : inherited;
    const cause = emit.cause >= 0 ? emit.cause : inherited > 0 ? parent.cause : -1;
    const hops = emit.carriesLineage ? parent.hops + 1 : 0;
    const { kind, index } = emit.target;
    for (let sent = 0; sent < whole + more; sent++) {
      if (kind === 'function') invokeLater(world, emit, { cause, hops });
      else sendMessage(world, queueAt(world, index), { flags, cause, hops, delayMs: emit.delayMs });
    }
  }
}

/** An asynchronous invocation, as an object written to S3 or a message to SNS makes one; it is received after the delay. */
function invokeLater(
  world: World,
  emit: EmitState,
  event: { readonly cause: number; readonly hops: number },
): void {
  const state = functionAt(world, emit.target.index);
  const at = world.now + emit.delayMs;
  count(state.record.asyncReceived, at);
  const index = allocateAsyncEvent(world.asyncEvents, { ...event, function: state.index, at });
  plan(world.heap, at, EVENT.asyncAttempt, index);
}
