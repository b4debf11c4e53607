import type { EpochMs } from '../../model/time.ts';

/** The newest point of a series, with what is usual at this time of day. */
export interface Point {
  readonly at: EpochMs;
  readonly value: number;
  /** NaN while not known. */
  readonly usual: number;
}

/** One way to look at a series: how surprising the newest point is that way, in decades (see `tail.ts`). */
export interface View {
  observe(point: Point): number;
}

/**
 * Lets a surprise last for some points, so that views which see one event a few points apart add up. It only ever
 * looks back.
 */
export function lasting(view: View, points: number): View {
  const recent = new Float64Array(points);
  let next = 0;
  return {
    observe(point) {
      recent[next] = view.observe(point);
      next = (next + 1) % points;
      return recent.reduce((most, each) => Math.max(most, each), 0);
    },
  };
}
