import type { Series } from '../../model/window.ts';
import type { LateEntry, TraceSeries } from './format.ts';

/** A trace series as it can be read at a given tick; late data arrives as the ticks advance. */
export interface ReadableSeries {
  /** Values as readable at the tick last advanced to. Minutes after that tick hold values nobody may look at yet. */
  readonly values: Series;
  /** Whether any of its data arrives late: only then is there anything to advance. */
  readonly isLate: boolean;
  /** Moves on to `tick`, which must not be before the last one. */
  advance(tick: number): void;
}

export function readableSeries(series: TraceSeries): ReadableSeries {
  if (series.late.length === 0) return { values: series.final, isLate: false, advance: () => undefined };
  const values = series.final.slice();
  const byTick = [...series.late].sort((a, b) => a.untilTick - b.untilTick);
  const pending = groupByPeriod(byTick);
  for (const [period, entries] of pending) values[period] = shown(series, period, entries);
  let next = 0;
  return {
    values,
    isLate: true,
    advance(tick) {
      for (; next < byTick.length; next++) {
        const entry = byTick[next] as LateEntry;
        if (entry.untilTick > tick) return;
        const waiting = pending.get(entry.period) as LateEntry[];
        waiting.splice(waiting.indexOf(entry), 1);
        values[entry.period] = shown(series, entry.period, waiting);
      }
    },
  };
}

function groupByPeriod(entries: readonly LateEntry[]): Map<number, LateEntry[]> {
  const groups = new Map<number, LateEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.period);
    if (group === undefined) groups.set(entry.period, [entry]);
    else group.push(entry);
  }
  return groups;
}

/** What a datapoint shows while `waiting` (earliest first) has not arrived. */
function shown(series: TraceSeries, period: number, waiting: readonly LateEntry[]): number {
  const final = series.final[period] as number;
  const first = waiting[0];
  if (first === undefined) return final;
  if (!series.additive) return first.value;
  let value = final;
  for (const entry of waiting) value -= entry.value;
  // Sums of floats do not cancel exactly; a count is never negative.
  return value < final * 1e-9 ? 0 : value;
}
