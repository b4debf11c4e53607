import type { EpochMs } from '../../model/time.ts';

export interface SeasonOptions {
  /** Length of the season: a day, a week. */
  readonly periodMs: number;
  /** Parts of the season that are told apart; each also looks at its two neighbours. At least 3. */
  readonly slots: number;
  /** Values remembered per slot: the newest. */
  readonly keep: number;
  /** Values a slot needs before it says anything. */
  readonly minimum: number;
}

/** What is usual at this time of the day (or week): the median of the same time before, so that outliers leave no trace. */
export interface SeasonalBaseline {
  /** NaN while there is not enough history, or without an instant. */
  expected(at: EpochMs): number;
  observe(at: EpochMs, value: number): void;
}

export function createSeasonalBaseline(options: SeasonOptions): SeasonalBaseline {
  const { periodMs, slots, keep, minimum } = options;
  const remembered = new Float64Array(slots * keep);
  const counts = new Uint32Array(slots);
  const near = new Float64Array(3 * keep);
  const slotOf = (at: EpochMs): number => {
    const phase = (((at % periodMs) + periodMs) % periodMs) / periodMs;
    return Math.min(slots - 1, Math.floor(phase * slots));
  };
  return {
    expected(at) {
      if (!Number.isFinite(at)) return Number.NaN;
      const slot = slotOf(at);
      if ((counts[slot] ?? 0) < minimum) return Number.NaN;
      let size = 0;
      for (let beside = slot - 1; beside <= slot + 1; beside++) {
        const from = (beside + slots) % slots;
        const count = Math.min(keep, counts[from] ?? 0);
        for (let k = 0; k < count; k++) size = insert(near, size, remembered[from * keep + k] ?? 0);
      }
      return middleOf(near, size);
    },
    observe(at, value) {
      if (!Number.isFinite(at)) return;
      const slot = slotOf(at);
      const count = counts[slot] ?? 0;
      remembered[slot * keep + (count % keep)] = value;
      counts[slot] = count + 1;
    },
  };
}

/** Puts the value in its place among the first `size` of a sorted list; for a few dozen values, quicker than sorting. */
function insert(sorted: Float64Array, size: number, value: number): number {
  let place = size;
  for (; place > 0 && (sorted[place - 1] as number) > value; place--) {
    sorted[place] = sorted[place - 1] as number;
  }
  sorted[place] = value;
  return size + 1;
}

function middleOf(sorted: Float64Array, size: number): number {
  const middle = size >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return size % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
