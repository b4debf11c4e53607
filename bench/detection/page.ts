import type { EpochMs } from '../../src/model/time.ts';

/** Somebody is told, in the middle of the night if need be. */
export interface Page {
  readonly at: EpochMs;
  /** Functions and queues that it names. */
  readonly resources: readonly string[];
  readonly what: string;
}
