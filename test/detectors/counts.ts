/** Repeatable pseudo-random counts: a generator that no test shares with another. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

/** Independent arrivals, `mean` a minute (or by the minute), each of `clump` at once: as words for a scene. */
export function arrivals(
  minutes: number,
  options: {
    readonly mean: number | ((minute: number) => number);
    readonly clump?: number;
    readonly seed?: number;
  },
): string {
  const { mean, clump = 1, seed = 7 } = options;
  const next = random(seed);
  const meanOf = typeof mean === 'number' ? () => mean : mean;
  const counts = Array.from({ length: minutes }, (_, i) => clump * poisson(meanOf(i) / clump, next));
  return counts.join(' ');
}

/** Of more than some hundreds the limit would be 0: the sum of two halves is as good. */
function poisson(mean: number, next: () => number): number {
  if (mean > 500) return poisson(mean / 2, next) + poisson(mean / 2, next);
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count++;
  return count;
}

/** Counts from a function of the minute. */
export function counts(minutes: number, of: (minute: number) => number): string {
  return Array.from({ length: minutes }, (_, i) => Math.round(of(i))).join(' ');
}
