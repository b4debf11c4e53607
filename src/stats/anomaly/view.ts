import type { EpochMs } from '../../model/time.ts';

/** One way to look at a series: how surprising the newest point is that way, in decades (see `tail.ts`). */
export interface View {
  observe(at: EpochMs, value: number): number;
}

/**
 * Lets a surprise last for some points, so that views which see one event a few points apart add up. It only ever
 * looks back.
 */
export function lasting(view: View, points: number): View {
  const recent = new Float64Array(points);
  let next = 0;
  return {
    observe(at, value) {
      recent[next] = view.observe(at, value);
      next = (next + 1) % points;
      return recent.reduce((most, each) => Math.max(most, each), 0);
    },
  };
}
