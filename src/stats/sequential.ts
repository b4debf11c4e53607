/**
 * A sequential test for a rise of a failure probability: Page's CUSUM on Bernoulli log-likelihood ratios (Page 1954;
 * optimal in Lorden's sense, Moustakides 1986), made robust for minutes of correlated events.
 *
 * Messages of one minute are not independent (one bad deploy fails them all), so a minute adds at most `NATS_PER_MINUTE`:
 * a single minute, however bad, can never decide, and the number of minutes to a decision has a floor. What a minute
 * takes away is not capped: deletes that catch up cancel what a lag of the metrics had added.
 */
export interface RateTest {
  /** Failure probability that is normal, 0..1. */
  readonly normalShare: number;
  /** Smallest failure probability worth finding, 0..1. */
  readonly abnormalShare: number;
  /** Log-likelihood ratio, in nats, of one attempt that failed, and of one that did not. */
  readonly natsIfFailed: number;
  readonly natsIfNot: number;
}

/** Most that one minute may add, in nats: e^2, about 7 to 1. */
export const NATS_PER_MINUTE = 2;

/** Where the statistic stops growing: a long incident must not take hours to be forgotten. */
export const NATS_MAX = 40;

/** Log-likelihood ratio of one minute in nats, not capped. Negative `failed` counts against a rise. */
export function minuteNats(test: RateTest, attempts: number, failed: number): number {
  return failed * test.natsIfFailed + Math.max(0, attempts - failed) * test.natsIfNot;
}

/** The pair of hypotheses for a normal failure share: worth finding is four times as much, and at least 5 %. */
export function rateTest(normalShare: number): RateTest {
  const normal = Math.min(0.9, Math.max(0.002, normalShare));
  const fourfold = Math.max(4 * normal, 0.05);
  const abnormal = fourfold < 0.8 ? fourfold : normal + (1 - normal) / 2;
  return {
    normalShare: normal,
    abnormalShare: abnormal,
    natsIfFailed: Math.log(abnormal / normal),
    natsIfNot: Math.log((1 - abnormal) / (1 - normal)),
  };
}
