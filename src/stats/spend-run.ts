/** Spend of one period, in dollars or in anything proportional to them, and what is normal for such a period. */
export interface SpendPeriod {
  readonly spent: number;
  /** Usual at this hour or day; `NaN`: not known. */
  readonly usual: number;
  /** The most of any normal period. */
  readonly most: number;
}

export interface SpendLimits {
  /** Multiple of the usual, and of the most, from which on a period is out of the ordinary. */
  readonly usualMultiple: number;
  readonly mostMultiple: number;
  /** Excess over the usual that is worth a word, in the unit of `spent`. */
  readonly excessMin: number;
}

/** The newest periods that are all out of the ordinary. */
export interface SpendRun {
  readonly periods: number;
  readonly spent: number;
  /** Spent in the run over what would have been usual; `Infinity` where that is nothing. */
  readonly factor: number;
}

/**
 * How long spend has been out of the ordinary up to the newest period; `null`: it is not now. Periods are oldest first, and
 * may be quarters of an hour from metrics or days from a bill: both are judged alike.
 */
export function spendRun(periods: readonly SpendPeriod[], limits: SpendLimits): SpendRun | null {
  let count = 0;
  let spent = 0;
  let usual = 0;
  for (let i = periods.length - 1; i >= 0; i--) {
    const period = periods[i];
    if (period === undefined || !isUnusual(period, limits)) break;
    count++;
    spent += period.spent;
    usual += period.usual || 0;
  }
  return count === 0 ? null : { periods: count, spent, factor: spent / usual };
}

function isUnusual({ spent, usual, most }: SpendPeriod, limits: SpendLimits): boolean {
  const normal = Number.isNaN(usual) ? most : usual;
  return (
    spent > limits.usualMultiple * normal &&
    spent > limits.mostMultiple * most &&
    spent - normal > limits.excessMin
  );
}
