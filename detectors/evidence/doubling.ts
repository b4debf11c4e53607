import type { Series } from '../../src/model/window.ts';
import { sum } from '../../src/stats/series.ts';

/** Spans in a row, each at least twice the one before it: sixteen times as much in the end. */
const SPANS = 5;

/** Minutes in a span: less is a step, more is how a day begins (assumption). */
const SPAN_MINUTES_MIN = 3;
const SPAN_MINUTES_MAX = 8;

/** Arrivals in the first span that are no chance. */
const EVENTS_MIN = 10;

/**
 * Whether arrivals double within minutes, again and again, up to the newest. What people want comes at once, or grows more and
 * more slowly; what keeps doubling is made by itself.
 */
export function isDoubling(
  counts: Series,
  { from, to }: { readonly from: number; readonly to: number },
): boolean {
  for (let minutes = SPAN_MINUTES_MIN; minutes <= SPAN_MINUTES_MAX; minutes++) {
    const first = to - SPANS * minutes;
    if (first < from) return false;
    const inSpan = Array.from({ length: SPANS }, (_, i) =>
      sum(counts, first + i * minutes, first + (i + 1) * minutes),
    );
    const [least = 0, ...rest] = inSpan;
    if (least >= EVENTS_MIN && rest.every((count, i) => count >= 2 * (inSpan[i] as number))) return true;
  }
  return false;
}
