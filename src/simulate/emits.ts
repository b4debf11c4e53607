import { FLAG } from './messages.ts';
import { queueAt, sendMessage } from './queues.ts';
import { uniform } from './random.ts';
import type { FunctionState, World } from './state.ts';

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
    for (let sent = 0; sent < whole + more; sent++) {
      sendMessage(world, queueAt(world, emit.queue), {
        flags: emit.cause >= 0 ? FLAG.superfluous : inherited,
        cause: emit.cause >= 0 ? emit.cause : inherited > 0 ? parent.cause : -1,
        hops: emit.carriesLineage ? parent.hops + 1 : 0,
        delayMs: emit.delayMs,
      });
    }
  }
}
