import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';
import { aboveTrend, trendOf } from '../../stats/trend.ts';
import type { MetricAnswer, MetricValues, Span } from './metric-request.ts';

/**
 * Totals whose rise is looked into, the surest first: ConcurrentExecutions is never late, Errors and Throttles are trouble
 * by themselves, Duration is money.
 */
const SEARCHED = ['ConcurrentExecutions', 'Errors', 'Throttles', 'Duration', 'Invocations'] as const;
/** Evidence of a rise, in nats, that is worth asking everybody. */
const SEARCH_NATS = 12;
/** The same total is not looked into again for so long: what is found is watched meanwhile. */
const PAUSE_MS = 10 * MINUTE_MS;
/** Newest minutes that are judged at most; those before are what is usual. */
const JUDGED_MINUTES = 15;
/** Functions that one search turns up at most, and the share of the rise that is worth turning up. */
const FOUND_MAX = 10;
const SHARE_MIN = 0.05;
const OWN_NATS_MIN = 6;

/**
 * The total that has risen most surely above its trend since it was searched last, once what the functions that were read
 * explain is taken away; `null`: none has.
 */
export function risenTotal(
  answer: MetricAnswer,
  input: { readonly searchedAt: ReadonlyMap<string, EpochMs>; readonly now: EpochMs; readonly span: Span },
): string | null {
  let risen: { readonly metric: string; readonly nats: number } | null = null;
  for (const metric of SEARCHED) {
    const searchedAt = input.searchedAt.get(metric) ?? 0;
    if (input.now >= searchedAt && input.now - searchedAt < PAUSE_MS) continue;
    const rest = unexplainedSeries(answer, metric, input.span);
    if (rest === null) continue;
    const since = Math.floor((searchedAt - input.span.startAt) / MINUTE_MS);
    const nats = natsOf(rest, input.span, since);
    if (nats >= SEARCH_NATS && nats > (risen?.nats ?? 0)) risen = { metric, nats };
  }
  return risen?.metric ?? null;
}

/** Functions whose own share of the metric has risen, those that explain most of it first. */
export function whoRose(answer: MetricAnswer, metric: string, span: Span): readonly string[] {
  const risen: { readonly name: string; readonly rise: number }[] = [];
  for (const [request, values] of answer.values) {
    if (request.metric !== metric || request.name === null) continue;
    const series = seriesOf(values);
    if (series === null) continue;
    const filled = withoutGaps(series, span);
    const trend = trendOf(filled, filled.length - JUDGED_MINUTES);
    if (trend === null || natsOf(filled, span, 0) < OWN_NATS_MIN) continue;
    risen.push({ name: request.name, rise: newestRise(filled, trend) });
  }
  const total = risen.reduce((sum, { rise }) => sum + Math.max(0, rise), 0);
  return risen
    .filter(({ rise }) => rise > 0 && rise >= SHARE_MIN * total)
    .sort((a, b) => b.rise - a.rise)
    .slice(0, FOUND_MAX)
    .map(({ name }) => name);
}

/** Minute by minute, what the region shows beyond the functions that were read; `null`: one of them is not readable. */
function unexplainedSeries(answer: MetricAnswer, metric: string, span: Span): Float64Array | null {
  const rest = new Float64Array(span.points);
  let isKnown = false;
  for (const [request, values] of answer.values) {
    if (request.metric !== metric || request.namespace !== 'AWS/Lambda') continue;
    const series = seriesOf(values);
    if (series === null) return null;
    isKnown ||= request.name === null;
    for (let i = 0; i < span.points; i++) {
      rest[i] = (rest[i] as number) + (series[i] || 0) * (request.name === null ? 1 : -1);
    }
  }
  return isKnown ? rest.map((value) => Math.max(0, value)) : null;
}

function natsOf(series: Float64Array, span: Span, since: number): number {
  const trend = trendOf(series, span.points - JUDGED_MINUTES);
  if (trend === null) return 0;
  // The newest minute of the region and those of the functions may not be equally new.
  return aboveTrend(series, trend, {
    from: Math.max(since, span.points - JUDGED_MINUTES),
    to: span.points - 1,
  });
}

const NEWEST_MINUTES = 4;

function newestRise(series: Float64Array, trend: (index: number) => number): number {
  let rise = 0;
  for (let i = series.length - 1 - NEWEST_MINUTES; i < series.length - 1; i++)
    rise += (series[i] ?? 0) - trend(i);
  return rise / NEWEST_MINUTES;
}

function seriesOf(values: MetricValues): Series | null {
  return values.Sum ?? values.Maximum ?? null;
}

/** A minute without a datapoint is one in which nothing happened. */
function withoutGaps(series: Series, span: Span): Float64Array {
  return Float64Array.from({ length: span.points }, (_, i) => series[i] || 0);
}
