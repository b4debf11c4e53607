import type { EpochMs } from '../../model/time.ts';
import { median } from './median.ts';

export interface SeasonOptions {
  /** Length of the season: a day, a week. */
  readonly periodMs: number;
  /** Parts of the season that are told apart; each also looks at its two neighbours. */
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
  const remembered: number[][] = Array.from({ length: slots }, () => []);
  const slotOf = (at: EpochMs): number => {
    const phase = (((at % periodMs) + periodMs) % periodMs) / periodMs;
    return Math.min(slots - 1, Math.floor(phase * slots));
  };
  return {
    expected(at) {
      if (!Number.isFinite(at)) return Number.NaN;
      const slot = slotOf(at);
      if ((remembered[slot]?.length ?? 0) < minimum) return Number.NaN;
      return median([slot - 1, slot, slot + 1].flatMap((near) => remembered[(near + slots) % slots] ?? []));
    },
    observe(at, value) {
      if (!Number.isFinite(at)) return;
      const slot = remembered[slotOf(at)];
      slot?.push(value);
      if (slot !== undefined && slot.length > keep) slot.shift();
    },
  };
}
