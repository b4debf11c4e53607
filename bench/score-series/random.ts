/** A small seeded generator: the same seed gives the same corpus on every machine. */
export interface Rng {
  /** 0 (included) to 1 (excluded). */
  unit(): number;
  between(low: number, high: number): number;
  /** Whole number from low to high, both included. */
  whole(low: number, high: number): number;
  normal(mean?: number, deviation?: number): number;
  exponential(mean: number): number;
  /** At least 1; the smaller alpha, the heavier the tail. */
  pareto(alpha: number): number;
  poisson(mean: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function createRng(seed: number): Rng {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  const unit = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (mean = 0, deviation = 1): number =>
    mean + deviation * Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
  const exponential = (mean: number): number => -mean * Math.log(1 - unit());
  const whole = (low: number, high: number): number => low + Math.floor(unit() * (high - low + 1));
  return {
    unit,
    normal,
    exponential,
    whole,
    between: (low, high) => low + unit() * (high - low),
    pareto: (alpha) => (1 - unit()) ** (-1 / alpha),
    poisson: (mean) => poisson(mean, unit, normal),
    chance: (probability) => unit() < probability,
    pick: (items) => items[whole(0, items.length - 1)] as (typeof items)[number],
  };
}

function poisson(mean: number, unit: () => number, normal: (m: number, d: number) => number): number {
  if (mean > 40) return Math.max(0, Math.round(normal(mean, Math.sqrt(mean))));
  const limit = Math.exp(-Math.max(0, mean));
  let count = 0;
  for (let product = unit(); product > limit; product *= unit()) count += 1;
  return count;
}
