/** Counts that are read now and then: what is usual of them, and which rise is worth finding. */
export interface RiseTest {
  /** The usual mean of a reading. */
  readonly usual: number;
  /** The mean that speaks for a rise. */
  readonly risen: number;
  /** Variance over mean, at least 1: how much more a count varies than independent arrivals would. */
  readonly dispersion: number;
}

/** Which rise is worth finding: the usual mean times `factor` and `plus` more. `meanMin`: what is taken for usual at least. */
export interface RiseKind {
  readonly meanMin: number;
  readonly factor: number;
  readonly plus: number;
}

/** The test that fits these usual readings; without any, of readings that are usually 1. */
export function riseTest(usual: readonly number[], kind: RiseKind): RiseTest {
  const count = usual.length;
  const mean = count === 0 ? 1 : usual.reduce((sum, value) => sum + value, 0) / count;
  const variance = count === 0 ? 1 : usual.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  const atLeast = Math.max(kind.meanMin, mean);
  return {
    usual: atLeast,
    risen: kind.factor * atLeast + kind.plus,
    dispersion: mean === 0 ? 1 : Math.max(1, variance / mean),
  };
}

/**
 * Page's CUSUM (Page 1954) on the log-likelihood ratio of Poisson counts; counts that vary more than Poisson weigh less by
 * their dispersion (quasi-likelihood). In nats: 0 where nothing speaks for a rise. One reading adds `natsPerReading` at most:
 * one that is out of line, however far, does not decide.
 */
export function riseNats(values: readonly number[], test: RiseTest, natsPerReading: number): number {
  const perCount = Math.log(test.risen / test.usual) / test.dispersion;
  const perReading = (test.risen - test.usual) / test.dispersion;
  let nats = 0;
  for (const value of values) {
    nats = Math.max(0, nats + Math.min(natsPerReading, value * perCount - perReading));
  }
  return nats;
}
