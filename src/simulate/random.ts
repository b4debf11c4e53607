/**
 * A small, fast, seeded generator (sfc32). Every producer and function of a world has its own stream, so that a
 * change to one part of a scenario leaves what the others draw untouched.
 */
export interface Rng {
  a: number;
  b: number;
  c: number;
  d: number;
}

/** Generator of the stream `stream` of `seed`; the same pair always yields the same numbers. */
export function createRng(seed: number, stream = 0): Rng {
  const rng: Rng = { a: seed | 0, b: (seed / 0x1_0000_0000) | 0, c: stream | 0, d: 1 };
  for (let round = 0; round < 15; round++) nextUint32(rng);
  return rng;
}

/** 0 .. 2^32 - 1. */
function nextUint32(rng: Rng): number {
  const t = (((rng.a + rng.b) | 0) + rng.d) | 0;
  rng.d = (rng.d + 1) | 0;
  rng.a = rng.b ^ (rng.b >>> 9);
  rng.b = (rng.c + (rng.c << 3)) | 0;
  rng.c = (rng.c << 21) | (rng.c >>> 11);
  rng.c = (rng.c + t) | 0;
  return t >>> 0;
}

/** Uniform in (0, 1): never exactly 0 or 1, so that its logarithm and roots are finite. */
export function uniform(rng: Rng): number {
  return (nextUint32(rng) + 0.5) / 0x1_0000_0000;
}

export function chance(rng: Rng, share: number): boolean {
  return share > 0 && uniform(rng) < share;
}

export function between(rng: Rng, low: number, high: number): number {
  return low + (high - low) * uniform(rng);
}

/** Log-uniform: a figure between 0.2 and 2,000 is as likely to be below as above 20. */
export function logBetween(rng: Rng, low: number, high: number): number {
  return Math.exp(between(rng, Math.log(low), Math.log(high)));
}

/** Whole number from `low` to `high`, both included. */
export function integer(rng: Rng, low: number, high: number): number {
  return low + Math.floor(uniform(rng) * (high - low + 1));
}

export function pick<T>(rng: Rng, choices: readonly T[]): T {
  const choice = choices[Math.floor(uniform(rng) * choices.length)];
  if (choice === undefined) throw new RangeError('pick needs at least one choice');
  return choice;
}

export function exponential(rng: Rng, mean: number): number {
  return -Math.log(uniform(rng)) * mean;
}

/** Standard normal, from a table of 4,096 quantiles (range about -3.7 .. 3.7): fast, and the same everywhere. */
export function normal(rng: Rng): number {
  return QUANTILES[nextUint32(rng) >>> 20] ?? 0;
}

export function logNormal(rng: Rng, median: number, sigma: number): number {
  return median * Math.exp(sigma * normal(rng));
}

/** Poisson count; exact below 30, rounded normal above. */
export function poisson(rng: Rng, mean: number): number {
  if (mean <= 0) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(rng)));
  const limit = Math.exp(-mean);
  let product = uniform(rng);
  let count = 0;
  while (product > limit) {
    count++;
    product *= uniform(rng);
  }
  return count;
}

const QUANTILES = Float64Array.from({ length: 4096 }, (_, index) => inverseNormal((index + 0.5) / 4096));

/** Quantile of the standard normal by bisection on the distribution function: only run 4,096 times, at load. */
function inverseNormal(share: number): number {
  let low = -5;
  let high = 5;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (normalShare(middle) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Standard normal distribution function by its series; exact to 1e-12 for |z| <= 5. */
function normalShare(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 1; k < 100; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}
