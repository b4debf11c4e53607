import { readCounter } from '../../../src/observe/aws/reads.ts';
import { CALLS_PER_SECOND, turnsOf } from '../../../src/observe/aws/turns.ts';
import type { Wire } from '../../../src/observe/aws/wire.ts';
import { type SimulatedClock, simulatedClock } from '../../simulated-clock.ts';
import type { FakeAws } from './fake-aws.ts';

/** A wire to a fake account on which time passes only while somebody waits for his turn. */
export function fakeWire(aws: FakeAws): Wire & { readonly clock: SimulatedClock } {
  const clock = simulatedClock();
  return { clients: aws.clients, reads: readCounter(), turns: turnsOf(CALLS_PER_SECOND, clock), clock };
}
