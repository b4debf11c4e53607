import type { Inventory } from '../../model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';
import type { MetricAnswer, MetricValues, Span } from './metric-request.ts';

/**
 * A shard that stands still grows a minute older each minute, whatever else runs: the region's IteratorAge (Maximum) shows it
 * where not one error would be seen among those of all functions. That Lambda publishes it without dimensions, as it does its
 * other metrics, is an assumption: where it does not, nothing is found this way, and nothing is lost.
 */
export const ITERATOR_AGE = 'IteratorAge';

/** Newest minutes that are looked at; the very newest of the region and of a function may not be equally new. */
const MINUTES = 8;
/** Younger records say nothing: every stream has some. */
const AGE_MIN_MS = 2 * MINUTE_MS;
const SPAN_MIN_MINUTES = 3;
/** A shard that stands still ages a minute a minute; one that is behind and works ages more slowly. */
const CLIMB_SHARE_MIN = 0.5;
/** Of the region's age: a function that was read and is about as old explains it. */
const EXPLAINED_SHARE = 0.9;
/** The same is not searched for again for so long: what is found is watched meanwhile. */
const PAUSE_MS = 10 * MINUTE_MS;

/** Whether some shard of the region grows older that no function which was read has. */
export function hasStalledStream(
  answer: MetricAnswer,
  input: { readonly searchedAt: ReadonlyMap<string, EpochMs>; readonly now: EpochMs; readonly span: Span },
): boolean {
  if (input.now - (input.searchedAt.get(ITERATOR_AGE) ?? 0) < PAUSE_MS) return false;
  let region: Series | undefined;
  let knownMs = 0;
  for (const [{ name, metric }, values] of answer.values) {
    if (metric !== ITERATOR_AGE) continue;
    if (name === null) region = values.Maximum;
    else knownMs = Math.max(knownMs, newestAgeMs(values, input.span));
  }
  if (!climbs(region, input.span)) return false;
  return knownMs < EXPLAINED_SHARE * newestAgeMs({ Maximum: region as Series }, input.span);
}

/** Functions whose own shards grow older, of those that were asked. */
export function stalledOf(answer: MetricAnswer, span: Span): readonly string[] {
  return [...answer.values].flatMap(([{ name }, { Maximum }]) =>
    name !== null && climbs(Maximum, span) ? [name] : [],
  );
}

/** Functions that read a stream. */
export function streamReaders({ functions }: Inventory): ReadonlySet<string> {
  return new Set(
    functions.flatMap(({ name, eventSources }) =>
      eventSources.some(({ kind, enabled }) => kind !== 'sqs' && enabled) ? [name] : [],
    ),
  );
}

function climbs(ageMs: Series | undefined, span: Span): boolean {
  const points = pointsOf(ageMs, span);
  const newest = points.at(-1);
  if (newest === undefined || newest.ageMs < AGE_MIN_MS) return false;
  const before = points.find(({ minute }) => newest.minute - minute >= SPAN_MIN_MINUTES);
  if (before === undefined) return false;
  const elapsedMs = (newest.minute - before.minute) * MINUTE_MS;
  return newest.ageMs - before.ageMs >= CLIMB_SHARE_MIN * elapsedMs;
}

function newestAgeMs({ Maximum }: MetricValues, span: Span): number {
  return pointsOf(Maximum, span).at(-1)?.ageMs ?? 0;
}

/** Datapoints of the newest minutes, oldest first. */
function pointsOf(ageMs: Series | undefined, { points }: Span) {
  const from = Math.max(0, points - MINUTES);
  return [...(ageMs?.subarray(from, points) ?? [])].flatMap((age, i) =>
    Number.isNaN(age) ? [] : [{ minute: from + i, ageMs: age }],
  );
}
