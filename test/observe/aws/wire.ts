import { meter } from '../../../src/observe/aws/meter.ts';
import { readCounter } from '../../../src/observe/aws/reads.ts';
import { CALLS_PER_SECOND, type Reader, turnsOf } from '../../../src/observe/aws/turns.ts';
import type { Wire } from '../../../src/observe/aws/wire.ts';
import { type SimulatedClock, simulatedClock } from '../../simulated-clock.ts';
import type { FakeAws } from './fake-aws.ts';

/** A wire to a fake account on which time passes only while somebody waits for his turn. */
export function fakeWire(
  aws: FakeAws,
  { clock = simulatedClock(), reader }: { readonly clock?: SimulatedClock; readonly reader?: Reader } = {},
): Wire & { readonly clock: SimulatedClock } {
  const turns = turnsOf(CALLS_PER_SECOND, clock, reader);
  return { clients: aws.clients, reads: readCounter(), meter: meter(), turns, clock };
}
