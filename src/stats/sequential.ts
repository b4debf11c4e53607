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

/** Most that one minute may add, in nats: a single minute never decides, three clear ones may. */
export const NATS_PER_MINUTE = 5;

/**
 * Evidence that decides: ln(1.2 million minutes), that is at most one false alarm in 400 days of a function that is
 * as healthy as its history (Lorden 1971: the mean time between false alarms of one test is at least e^h; two run).
 */
export const NATS_TO_OPEN = 14;

/** Where the statistic stops growing: a long incident must not take hours to be forgotten. */
export const NATS_MAX = 60;

/** Log-likelihood ratio of one minute in nats, not capped. Negative `failed` counts against a rise. */
export function minuteNats(test: RateTest, attempts: number, failed: number): number {
  return failed * test.natsIfFailed + Math.max(0, attempts - failed) * test.natsIfNot;
}

/** Tests for a normal failure share: one for a rise that is just worth finding, one for work that mostly fails. */
export interface RateTests {
  /** Four times as much, and at least 5 %. */
  readonly raised: RateTest;
  /** Half of the attempts: decides in fewer of them where nearly all fail. */
  readonly mostly: RateTest;
}

export function rateTests(normalShare: number): RateTests {
  const normal = Math.min(0.9, Math.max(0.002, normalShare));
  const fourfold = Math.max(4 * normal, 0.05);
  const halfway = normal + (1 - normal) / 2;
  return {
    raised: rateTest(normal, fourfold < 0.8 ? fourfold : halfway),
    mostly: rateTest(normal, Math.max(0.5, halfway)),
  };
}

function rateTest(normalShare: number, abnormalShare: number): RateTest {
  return {
    normalShare,
    abnormalShare,
    natsIfFailed: Math.log(abnormalShare / normalShare),
    natsIfNot: Math.log((1 - abnormalShare) / (1 - normalShare)),
  };
}
