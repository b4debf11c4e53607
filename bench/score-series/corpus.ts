import { artificialNoAnomaly, artificialWithAnomaly } from './families/artificial.ts';
import { cloud } from './families/cloud.ts';
import { knownCause } from './families/known-cause.ts';
import { adExchange, traffic, tweets } from './families/streams.ts';
import type { LabelledSeries } from './nab-score.ts';
import { createRng } from './random.ts';
import { type ShapeMaker, withWindows } from './shape.ts';

const FAMILIES: Readonly<Record<string, readonly ShapeMaker[]>> = {
  'artificial without anomaly': artificialNoAnomaly,
  'artificial with anomaly': artificialWithAnomaly,
  cloud,
  'known cause': knownCause,
  'ad exchange': adExchange,
  traffic,
  tweets,
};

/**
 * A corpus of the Numenta benchmark's make-up (58 series in seven families, the same lengths and intervals), made up
 * from the general look of such data. Every value and every label is synthetic: nothing of the benchmark is in it.
 * `oneIn` keeps every n-th series, others for each seed, where a whole corpus takes too long.
 */
export function makeCorpus(seed: number, oneIn = 1): LabelledSeries[] {
  return Object.entries(FAMILIES)
    .flatMap(([family, makers], familyIndex) =>
      makers.map((make, index) => ({ family, make, rngSeed: seed * 10_007 + familyIndex * 101 + index })),
    )
    .filter((_, index) => (index + seed) % oneIn === 0)
    .map(({ family, make, rngSeed }) => withWindows(make(createRng(rngSeed)), family));
}
