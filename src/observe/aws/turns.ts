import { SECOND_MS } from '../../model/time.ts';

/**
 * Calls a second that firebreak takes at most of what the whole account and region have, whoever makes them: tick, survey and
 * shards together. Attempts that AWS throttles are slowed down further by the clients themselves.
 */
export const CALLS_PER_SECOND = {
  /** Lambda's control plane: 15 a second, shared with deployments (Lambda quotas, 2026). */
  controlPlane: 4,
  /** GetFunction has 100 a second of its own (same source). */
  getFunction: 20,
  /**
   * 500 calls and 396,000 datapoints a second (CloudWatch service quotas, 2026). A full call answers up to 90,000 datapoints:
   * the datapoints end first.
   */
  getMetricData: 4,
  /** SQS publishes no quota for reading a queue's attributes: an assumption, which its throttling would correct. */
  sqs: 2_000,
} as const;

export type Quota = keyof typeof CALLS_PER_SECOND;
export type Rates = Readonly<Record<Quota, number>>;

/** Who may call when. */
export interface Turns {
  /** Waits until one more call fits. */
  take(quota: Quota): Promise<void>;
}

/** One of several readers that share the rates: each has its slice, and none asks the others. */
export interface Reader {
  /** 0 to `of` - 1. */
  readonly index: number;
  readonly of: number;
}
const ALONE: Reader = { index: 0, of: 1 };

/**
 * In no stretch of a second more calls than the slice has. Where that is less than one, each reader has an instant of its own in
 * each stretch that it takes, counted from when it began: all begin at about the same time.
 */
export function turnsOf(
  rates: Rates,
  clock: { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> },
  reader: Reader = ALONE,
): Turns {
  const beganAt = clock.now();
  const taken = new Map<Quota, number[]>();

  /** The first instant from `at` on that is this reader's own. */
  function ownFrom(at: number, stretchMs: number): number {
    const first = beganAt + (reader.index / reader.of) * stretchMs;
    return first + Math.max(0, Math.ceil((at - first) / stretchMs)) * stretchMs;
  }

  return {
    async take(quota) {
      const perSecond = rates[quota] / reader.of;
      const calls = Math.max(1, Math.floor(perSecond));
      const stretchMs = Math.max(SECOND_MS, SECOND_MS / perSecond);
      const newest = taken.get(quota) ?? [];
      taken.set(quota, newest);
      const now = clock.now();
      const before = newest[newest.length - calls];
      const freeAt = before === undefined ? now : Math.max(now, before + stretchMs);
      // Half a stretch early: what falls on its own instant again must not miss it by rounding.
      const at = perSecond >= 1 ? freeAt : ownFrom(Math.max(now, freeAt - stretchMs / 2), stretchMs);
      newest.push(at);
      if (newest.length > calls) newest.shift();
      if (at > now) await clock.sleep(at - now);
    },
  };
}
