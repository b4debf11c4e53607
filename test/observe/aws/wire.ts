import { readCounter } from '../../../src/observe/aws/reads.ts';
import type { Wire } from '../../../src/observe/aws/wire.ts';
import type { FakeAws } from './fake-aws.ts';

/** A wire to a fake account on which no time passes; `slept` collects the pauses that were asked for. */
export function fakeWire(aws: FakeAws): Wire & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    clients: aws.clients,
    reads: readCounter(),
    sleep: async (ms) => void slept.push(ms),
    slept,
  };
}
