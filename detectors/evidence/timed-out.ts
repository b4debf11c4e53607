import type { LambdaFunction } from '../../src/model/inventory.ts';
import { SECOND_MS } from '../../src/model/time.ts';

/** A run that takes nearly all of the timeout was ended by it. */
const TIMEOUT_SHARE = 0.98;

/** Whether the longest run of a minute was ended by the timeout of its function. */
export function hasTimedOut({ timeoutSeconds }: LambdaFunction, longestMs: number | undefined): boolean {
  return (longestMs ?? Number.NaN) >= TIMEOUT_SHARE * timeoutSeconds * SECOND_MS;
}

/** Share of a minute's Duration, 0..1, that `failed` runs of it took if each was ended by the timeout. */
export function timedOutShare({ timeoutSeconds }: LambdaFunction, failed: number, tookMs: number): number {
  return Math.min(1, (failed * timeoutSeconds * SECOND_MS) / tookMs);
}
