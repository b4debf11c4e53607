import { MINUTE_MS } from '../../../src/model/time.ts';
import type { MetricReader } from './metric.ts';

const HOUR_MINUTES = 60;
const DAY_HOURS = 24;
/** "The algorithm trains on up to two weeks of metric data" (user guide, "Using CloudWatch anomaly detection"). */
const TRAINING_MINUTES = 14 * DAY_HOURS * HOUR_MINUTES;
/** "For new models, it can take up to 3 hours for the actual anomaly detection band to appear" (same guide). */
const WARM_UP_MINUTES = 180;

/** Upper edge of an anomaly detection band at a minute; NaN: there is no model yet. */
export type Band = (minute: number) => number;

/**
 * AWS does not publish its model; it "assesses hourly, daily, and weekly patterns". What stands in for it: the mean of the same
 * hour of the day and its neighbours once there is a day of history (of everything before that), and the standard deviation of
 * what that leaves, trained anew every hour on what was readable then. Traces are shorter than a week: no weekly pattern.
 */
export function trainedBand(
  read: MetricReader,
  input: { readonly startAt: number; readonly periodMinutes: number; readonly width: number },
): { train(tick: number): void; readonly upper: Band } {
  const { startAt, periodMinutes, width } = input;
  const hourOf = (minute: number) => Math.floor((startAt / MINUTE_MS + minute) / HOUR_MINUTES) % DAY_HOURS;
  let expected: Float64Array = new Float64Array(DAY_HOURS).fill(Number.NaN);
  let deviation = Number.NaN;

  function train(tick: number): void {
    const until = tick + 1;
    const points: { readonly hour: number; readonly value: number }[] = [];
    for (let to = until; to >= periodMinutes && to > until - TRAINING_MINUTES; to -= periodMinutes) {
      const value = read(to - periodMinutes, to);
      if (!Number.isNaN(value)) points.push({ hour: hourOf(to - 1), value });
    }
    if (until < WARM_UP_MINUTES || points.length < 2) return;
    expected = expectedByHour(points, until >= DAY_HOURS * HOUR_MINUTES);
    const squares = points.reduce((sum, { hour, value }) => sum + (value - (expected[hour] ?? 0)) ** 2, 0);
    deviation = Math.sqrt(squares / points.length);
  }

  return { train, upper: (minute) => (expected[hourOf(minute)] as number) + width * deviation };
}

function expectedByHour(
  points: readonly { readonly hour: number; readonly value: number }[],
  isSeasonal: boolean,
): Float64Array {
  const sums = new Float64Array(DAY_HOURS);
  const counts = new Float64Array(DAY_HOURS);
  for (const { hour, value } of points) {
    sums[hour] = (sums[hour] as number) + value;
    counts[hour] = (counts[hour] as number) + 1;
  }
  const mean = sums.reduce((a, b) => a + b, 0) / points.length;
  return Float64Array.from({ length: DAY_HOURS }, (_, hour) => {
    const near = [hour, (hour + 1) % DAY_HOURS, (hour + DAY_HOURS - 1) % DAY_HOURS];
    const count = near.reduce((sum, h) => sum + (counts[h] as number), 0);
    return isSeasonal && count > 0 ? near.reduce((sum, h) => sum + (sums[h] as number), 0) / count : mean;
  });
}
