/** An exact confidence interval of a Poisson mean (Garwood 1936), from a count of events. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Two-sided 95 % interval of the mean of a Poisson variable of which `count` events were seen. */
export function poissonInterval(count: number): Interval {
  const tail = 0.025;
  // At the lower end so many or more are just too many; at the upper end so many or fewer just too few.
  const low = count === 0 ? 0 : solve((mean) => 1 - cumulative(count - 1, mean), tail, count);
  return { low, high: solve((mean) => -cumulative(count, mean), -tail, 2 * count + 20) };
}

/** P(X <= count) for a Poisson variable of this mean. */
function cumulative(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let total = term;
  for (let i = 1; i <= count; i++) {
    term *= mean / i;
    total += term;
  }
  return total;
}

/** The mean in [0, high] at which an increasing function takes a value. */
function solve(rising: (mean: number) => number, value: number, high: number): number {
  let from = 0;
  let to = high;
  for (let i = 0; i < 60; i++) {
    const middle = (from + to) / 2;
    if (rising(middle) < value) from = middle;
    else to = middle;
  }
  return (from + to) / 2;
}
