import type { Inventory } from '../../model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { Series } from '../../model/window.ts';
import { RARE_METRICS } from './activity.ts';
import type { Activity, SourceMemory } from './memory.ts';
import { type MetricAnswer, type MetricRequest, requestsFor, type Span } from './metric-request.ts';
import { risenTotal, whoRose } from './region-search.ts';
import { AWAKE_MS, type PlanInput, type SeriesPlan } from './series-plan.ts';
import { hasStalledStream, ITERATOR_AGE, stalledOf, streamReaders } from './stalled-streams.ts';

const WAKE_METRICS = ['Invocations', 'ConcurrentExecutions'];

/** The region's totals: the metrics without dimensions (Lambda developer guide, "Viewing metrics", 2026). */
export function regionRequests(inventory: Inventory): readonly MetricRequest[] {
  return requestsFor('AWS/Lambda', null, [
    ...WAKE_METRICS,
    ...['Errors', 'Throttles', 'Duration'],
    ...RARE_METRICS,
    ...(streamReaders(inventory).size > 0 ? [ITERATOR_AGE] : []),
  ]);
}

/** Minutes compared: until the newest but one, since the region's and the functions' newest may not be equally new. */
const COMPARED_MINUTES = 15;
/** Less than this in a quarter of an hour is a function at its daily work, not a runaway. */
const INVOCATIONS_MIN = 20;
const CONCURRENCY_MIN = 5;
/** Sweeps are spaced so that they cost about this many metrics a minute at most, but at most this far. */
const SWEEP_METRICS_PER_MINUTE = 40;
const SWEEP_PAUSE_MINUTES_MAX = 15;

export interface TripwireInput extends PlanInput {
  readonly plan: SeriesPlan;
  readonly answer: MetricAnswer;
  readonly span: Span;
  /** Functions from the one that can burn most to the one that can burn least. */
  readonly dearestFirst: readonly string[];
  /** What searches may ask for. */
  readonly allowance: { readonly perTick: number; readonly atMost: number };
}

export interface Found {
  /** What was read in addition, the swept metrics included. */
  readonly answers: readonly MetricAnswer[];
  /** Functions that moved the totals: to be read in full. */
  readonly moved: readonly string[];
  readonly memory: SourceMemory;
}

type Read = (requests: readonly MetricRequest[]) => Promise<MetricAnswer>;

/**
 * Finds whatever runs away among the functions that were not read. While all that run are read, the totals of the region are
 * compared with theirs to the invocation: what is more is a silent function that woke up, which is not listed as active for up
 * to a quarter of an hour. While only some are read, a rise of what they leave unexplained above its trend is looked into.
 */
export async function findTheMoved(input: TripwireInput, read: Read): Promise<Found> {
  const found = await findTheSilent(input, read);
  if (![...input.plan.functions.values()].includes('not-now')) return found;
  const { now, span } = input;
  const reading = found.memory.reading;
  const metrics = Math.min(
    input.allowance.atMost,
    reading.searches.metrics + input.allowance.perTick * minutesBetween(reading.searches.at, now),
  );
  const saved = { ...reading, searches: { at: now, metrics } };
  const { metric, unread } = whatToSearch(input, reading.searchedAt);
  const names = unread.slice(0, Math.floor(metrics));
  if (metric === null || names.length === 0) return { ...found, memory: { ...found.memory, reading: saved } };
  const swept = await read(names.flatMap((name) => requestsFor('AWS/Lambda', name, [metric])));
  return {
    answers: found.answers,
    moved: metric === ITERATOR_AGE ? stalledOf(swept, span) : whoRose(swept, metric, span),
    memory: {
      ...found.memory,
      reading: {
        ...saved,
        searchedAt: new Map([...reading.searchedAt, [metric, now]]),
        searches: { at: now, metrics: metrics - names.length },
      },
    },
  };
}

/** The metric that is asked for, and of whom: a shard that stands still before a total that rose, since few functions read streams. */
function whatToSearch(
  input: TripwireInput,
  searchedAt: ReadonlyMap<string, EpochMs>,
): { readonly metric: string | null; readonly unread: readonly string[] } {
  const { answer, now, span } = input;
  const unread = unreadOf(input);
  if (hasStalledStream(answer, { searchedAt, now, span })) {
    const readers = streamReaders(input.inventory);
    return { metric: ITERATOR_AGE, unread: unread.filter((name) => readers.has(name)) };
  }
  return { metric: risenTotal(answer, { searchedAt, now, span }), unread };
}

function minutesBetween(from: number, to: number): number {
  return Math.max(0, (to - from) / MINUTE_MS);
}

/** Functions that were not read at this tick, those that run before the silent ones, the dearest first. */
function unreadOf({ plan, dearestFirst }: TripwireInput): readonly string[] {
  const of = (wanted: string) => dearestFirst.filter((name) => plan.functions.get(name) === wanted);
  return [...of('not-now'), ...of('glance'), ...of('silent')];
}

/**
 * Silent functions that woke up, and whose rare metrics the totals show.
 */
async function findTheSilent(input: TripwireInput, read: Read): Promise<Found> {
  const { memory, now, plan } = input;
  const nothing: Found = { answers: [], moved: [], memory };
  if (memory.activity === null || now < memory.nextSweepAt) return nothing;
  const requests = [...sleepersToAsk(input), ...rareToAsk(input, memory.activity)];
  if (requests.length === 0) return nothing;

  const swept = await read(requests);
  const publishing = [...swept.values].flatMap(([{ name, metric }, values]) =>
    name !== null && Object.values(values).some((series) => recent(series, input.span).some(isPositive))
      ? [{ name, metric }]
      : [],
  );
  const moved = [
    ...new Set(
      publishing.flatMap(({ name }) =>
        ['read', 'glance'].includes(plan.functions.get(name) ?? '') ? [] : [name],
      ),
    ),
  ];
  const awake = moved.filter((name) => plan.functions.get(name) === 'silent');
  const pause = Math.min(SWEEP_PAUSE_MINUTES_MAX, Math.max(1, requests.length / SWEEP_METRICS_PER_MINUTE));
  return {
    answers: [swept],
    moved,
    memory: {
      ...memory,
      awake: new Map([
        ...[...memory.awake].filter(([, at]) => now - at < AWAKE_MS),
        ...awake.map((name): [string, number] => [name, now]),
      ]),
      activity: withRare(memory.activity, publishing),
      nextSweepAt: now + pause * MINUTE_MS,
    },
  };
}

/** Requests that tell which silent functions woke up; none when the totals are explained, or cannot be compared. */
function sleepersToAsk({ plan, answer, span }: TripwireInput): MetricRequest[] {
  const names = [...plan.functions].flatMap(([name, reading]) => (reading === 'silent' ? [name] : []));
  if (names.length === 0 || [...plan.functions.values()].includes('not-now')) return [];
  const invocations = unexplained(answer, 'Invocations', span);
  const concurrency = unexplained(answer, 'ConcurrentExecutions', span);
  const woken =
    (invocations?.reduce((total, value) => total + value, 0) ?? 0) >= INVOCATIONS_MIN ||
    Math.max(0, ...(concurrency ?? [])) >= CONCURRENCY_MIN;
  return woken ? names.flatMap((name) => requestsFor('AWS/Lambda', name, WAKE_METRICS)) : [];
}

/** Requests that tell whose rare metrics the totals show: of those not known for it, or of those known but not read now. */
function rareToAsk({ plan, answer, span }: TripwireInput, activity: Activity): MetricRequest[] {
  return RARE_METRICS.flatMap((metric) => {
    if (!unexplained(answer, metric, span)?.some(isPositive)) return [];
    const listed = activity.rare.get(metric) ?? [];
    const unread = listed.filter((name) => plan.functions.get(name) === 'not-now');
    const known = new Set(listed);
    const names = unread.length > 0 ? unread : [...plan.functions.keys()].filter((name) => !known.has(name));
    return names.flatMap((name) => requestsFor('AWS/Lambda', name, [metric]));
  });
}

/** Minute by minute, what the region shows beyond the functions that were read; `null`: one of them is not readable. */
function unexplained(answer: MetricAnswer, metric: string, span: Span): number[] | null {
  const known: number[][] = [];
  let total: number[] | null = null;
  for (const [request, values] of answer.values) {
    if (request.metric !== metric || request.namespace !== 'AWS/Lambda') continue;
    const [series] = Object.values(values);
    if (series === undefined) return null;
    if (request.name === null) total = recent(series, span);
    else known.push(recent(series, span));
  }
  return (
    total?.map((value, i) =>
      Math.max(
        0,
        known.reduce((rest, series) => rest - (series[i] ?? 0), value),
      ),
    ) ?? null
  );
}

/** The compared minutes; a minute without a datapoint is one in which nothing happened. */
function recent(series: Series | undefined, span: Span): number[] {
  const values = series?.subarray(span.points - 1 - COMPARED_MINUTES, span.points - 1) ?? [];
  return [...values].map((value) => (Number.isNaN(value) ? 0 : value));
}

function isPositive(value: number): boolean {
  return value > 0;
}

function withRare(
  activity: Activity,
  publishing: readonly { readonly name: string; readonly metric: string }[],
): Activity {
  const rare = [...activity.rare].map(([metric, names]): [string, string[]] => [
    metric,
    [...new Set([...names, ...publishing.flatMap((one) => (one.metric === metric ? [one.name] : []))])],
  ]);
  return { ...activity, rare: new Map(rare) };
}
