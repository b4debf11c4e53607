/** Minutes before the judged ones from which a trend is taken: short enough for a day's rhythm to be a line. */
const TREND_MINUTES = 60;
/** What comes back every hour is usual: these many minutes around the same minute of the last hours count. */
const HOUR_MINUTES = 60;
const AROUND_MINUTES = 2;
/** A shift of so many standard deviations is looked for. */
const SHIFT_DEVIATIONS = 3;
/** Most that one minute may add or take away, in nats: one that is missing does not undo the others. */
const NATS_PER_MINUTE = 6;

/** What is expected of each minute, from a straight line through the minutes before `from`; `null`: too few of them. */
export type Trend = ((index: number) => number) & { readonly deviation: number };

export function trendOf(series: Float64Array, from: number): Trend | null {
  const first = Math.max(0, from - TREND_MINUTES);
  const count = from - first;
  if (count < TREND_MINUTES / 2) return null;
  const middle = (first + from - 1) / 2;
  let mean = 0;
  for (let i = first; i < from; i++) mean += (series[i] as number) / count;
  let covariance = 0;
  let spread = 0;
  for (let i = first; i < from; i++) {
    covariance += (i - middle) * ((series[i] as number) - mean);
    spread += (i - middle) ** 2;
  }
  const slope = covariance / spread;
  const at = (index: number) => Math.max(0, mean + slope * (index - middle));
  let squares = 0;
  for (let i = first; i < from; i++) squares += ((series[i] as number) - at(i)) ** 2;
  // A line drawn on is less sure than one drawn through; counts vary by their root, and nothing is smoother than 1 %.
  const deviation = Math.max(1, 1.3 * Math.sqrt(squares / count), Math.sqrt(mean), 0.01 * mean);
  return Object.assign(at, { deviation });
}

/**
 * Page's CUSUM on Gaussian log-likelihood ratios of the minutes in [from, to), of the trend against a shift of three standard
 * deviations above it; the same minutes of the hours before raise what is expected. In nats.
 */
export function aboveTrend(
  series: Float64Array,
  trend: Trend,
  span: { readonly from: number; readonly to: number },
): number {
  let nats = 0;
  for (let i = Math.max(0, span.from); i < span.to; i++) {
    const expected = Math.max(trend(i), hourly(series, i, span.from));
    const deviations = ((series[i] as number) - expected) / trend.deviation;
    const change = SHIFT_DEVIATIONS * deviations - SHIFT_DEVIATIONS ** 2 / 2;
    nats = Math.max(0, nats + Math.max(-NATS_PER_MINUTE, Math.min(NATS_PER_MINUTE, change)));
  }
  return nats;
}

/** Highest value around the same minute of the last hours, as far as it is not itself judged. */
function hourly(series: Float64Array, index: number, judgedFrom: number): number {
  let highest = 0;
  for (let at = index - HOUR_MINUTES; at >= 0; at -= HOUR_MINUTES) {
    for (let i = Math.max(0, at - AROUND_MINUTES); i <= at + AROUND_MINUTES && i < judgedFrom; i++) {
      highest = Math.max(highest, series[i] as number);
    }
  }
  return highest;
}
