/** Hours of activity that make a history: it is worth more than the window itself, or a prior. */
const HISTORY_HOURS_MIN = 3;

/** Whether a function or queue has been active for long enough to say what is usual for it. */
export function hasHistory<T extends { readonly activeHours: number }>(
  baseline: T | undefined,
): baseline is T {
  return baseline !== undefined && baseline.activeHours >= HISTORY_HOURS_MIN;
}
