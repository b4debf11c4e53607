import { type EpochMs, MINUTE_MS } from '../../src/model/time.ts';
import type { Trace } from '../../src/observe/trace/format.ts';
import type { TruePositive, TruthDocument } from '../../src/simulate/truth.ts';
import { namesOf } from '../score.ts';
import type { Page } from './page.ts';

/** One true incident. Minutes are since its onset. */
export interface ScoredIncident {
  readonly function: string | null;
  readonly queue: string | null;
  /** Spent for nothing from the onset to the end of the trace. */
  readonly wastedUsd: number;
  /** The first instant at which a minute can be read in which anything of it ran or was refused; `null`: nothing did. */
  readonly floorMinutes: number | null;
  /** Wasted until then. */
  readonly floorUsd: number;
  /** How long it lasted; `null`: to the end of the trace. */
  readonly lastsMinutes: number | null;
  readonly params: TruePositive['params'];
}

interface PageScore {
  readonly pageMinutes: readonly (number | null)[];
  readonly usd: readonly number[];
  readonly falsePages: readonly Page[];
  readonly interruptions: number;
}

/** A page so long after the end of an incident is about its last minutes at best. */
const GRACE_MS = 10 * MINUTE_MS;
/** Pages so close to each other are one interruption. */
const JOIN_MS = 30 * MINUTE_MS;

export function incidentsOf(truth: TruthDocument, trace: Trace): readonly ScoredIncident[] {
  return truth.positives.map((positive) => {
    const onsetAt = Date.parse(positive.onset);
    const waste = wasteOf(truth, positive);
    const minute = firstActiveMinute(trace, positive);
    const floorAt = minute === null ? null : trace.startAt + (minute + 1) * MINUTE_MS + trace.publishDelayMs;
    return {
      function: positive.function,
      queue: positive.queue,
      wastedUsd: waste.reduce((sum, { usd }) => sum + usd, 0),
      floorMinutes: floorAt === null ? null : (floorAt - onsetAt) / MINUTE_MS,
      floorUsd: floorAt === null ? 0 : wastedUntil(truth, waste, floorAt),
      lastsMinutes: positive.end === null ? null : (Date.parse(positive.end) - onsetAt) / MINUTE_MS,
      params: positive.params,
    };
  });
}

/** Nobody can know sooner: before that nothing of the incident has run. */
function firstActiveMinute(trace: Trace, positive: TruePositive): number | null {
  const series = [...namesOf(positive)].flatMap((name) => {
    const lambda = trace.functions.get(name);
    return [lambda?.invocations, lambda?.throttles, trace.queues.get(name)?.received];
  });
  const from = Math.floor((Date.parse(positive.onset) - trace.startAt) / MINUTE_MS);
  for (let minute = from; minute < trace.periods; minute++)
    if (series.some((one) => (one?.final[minute] ?? 0) > 0)) return minute;
  return null;
}

/**
 * What pages are worth. A page is an incident's where it names one of its functions or queues and comes while it lasts, and not
 * before the minute of the onset can be read: what comes sooner is luck, and wrong. A page about something of an incident that
 * is over is neither right nor wrong; any other is wrong.
 */
export function scorePages(truth: TruthDocument, pages: readonly Page[], publishDelayMs: number): PageScore {
  const sorted = [...pages].sort((a, b) => a.at - b.at);
  const spans = truth.positives.map((positive) => ({
    positive,
    names: namesOf(positive),
    onsetAt: Date.parse(positive.onset),
    fromAt: firstReadableAt(truth, positive, publishDelayMs),
    endAt: positive.end === null ? Number.POSITIVE_INFINITY : Date.parse(positive.end) + GRACE_MS,
  }));
  const isAbout = (page: Page, span: (typeof spans)[number]) =>
    page.at >= span.fromAt && page.resources.some((name) => span.names.has(name));
  const firsts = spans.map(
    (span) => sorted.find((page) => isAbout(page, span) && page.at <= span.endAt)?.at ?? null,
  );
  return {
    pageMinutes: spans.map(({ onsetAt }, i) => {
      const at = firsts[i] ?? null;
      return at === null ? null : (at - onsetAt) / MINUTE_MS;
    }),
    usd: spans.map(({ positive }, i) =>
      wastedUntil(truth, wasteOf(truth, positive), firsts[i] ?? Number.POSITIVE_INFINITY),
    ),
    falsePages: sorted.filter((page) => !spans.some((span) => isAbout(page, span))),
    interruptions: interruptionsOf(sorted),
  };
}

/** The instant from which the minute of the onset can be read. */
function firstReadableAt(truth: TruthDocument, positive: TruePositive, publishDelayMs: number): EpochMs {
  const startAt = Date.parse(truth.start);
  const minute = Math.floor((Date.parse(positive.onset) - startAt) / MINUTE_MS);
  return startAt + (minute + 1) * MINUTE_MS + publishDelayMs;
}

interface Waste {
  /** Of the trace. */
  readonly minute: number;
  readonly usd: number;
}

/** What an incident cost for nothing, minute by minute from its onset on. */
function wasteOf(truth: TruthDocument, positive: TruePositive): readonly Waste[] {
  const from = Math.floor((Date.parse(positive.onset) - Date.parse(truth.start)) / MINUTE_MS);
  return [...namesOf(positive)]
    .flatMap((name) => truth.excessUsdPerMinute[name] ?? [])
    .filter(([minute]) => minute >= from)
    .map(([minute, usd]) => ({ minute, usd }))
    .sort((a, b) => a.minute - b.minute);
}

/** A minute that is not over counts as its part. */
function wastedUntil(truth: TruthDocument, waste: readonly Waste[], at: EpochMs): number {
  const until = (at - Date.parse(truth.start)) / MINUTE_MS;
  return waste.reduce((sum, { minute, usd }) => sum + usd * Math.min(1, Math.max(0, until - minute)), 0);
}

function interruptionsOf(sorted: readonly Page[]): number {
  let count = 0;
  let last = Number.NEGATIVE_INFINITY;
  for (const { at } of sorted) {
    if (at - last > JOIN_MS) {
      count++;
      last = at;
    }
  }
  return count;
}
