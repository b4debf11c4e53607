import type { Burn, Incident } from '../src/model/incident.ts';
import { MINUTE_MS } from '../src/model/time.ts';
import { NOW_MINUTES } from '../src/price/burn-now.ts';
import type { TruePositive, TruthDocument } from '../src/simulate/truth.ts';

/** One true incident with every incident that was reported of it. */
export interface Match {
  readonly positive: TruePositive;
  readonly onsetAt: number;
  readonly hits: readonly Incident[];
  /** Tick of the first alert, and of the first page; `null`: there was none. */
  readonly openedAt: number | null;
  readonly criticalAt: number | null;
}

export interface Score {
  readonly matches: readonly Match[];
  /** Reported although nothing of the kind happened. */
  readonly unmatched: readonly Incident[];
}

type Told = Pick<Incident, 'functions' | 'queues' | 'openedAt' | 'criticalAt' | 'resolvedAt'>;

/**
 * An incident is a true one's where they share a function or queue, related ones included, and it was told of after the
 * onset (a minute before it at the earliest: ticks are whole minutes).
 */
export function scoreIncidents(
  truth: Pick<TruthDocument, 'positives'>,
  incidents: readonly Incident[],
): Score {
  const matches = truth.positives.map((positive): Match => {
    const onsetAt = Date.parse(positive.onset);
    const hits = incidents.filter((incident) => isAbout(incident, positive, onsetAt));
    return {
      positive,
      onsetAt,
      hits,
      openedAt: earliest(hits.map((incident) => incident.openedAt)),
      criticalAt: earliest(hits.map((incident) => incident.criticalAt)),
    };
  });
  const matched = new Set(matches.flatMap(({ hits }) => hits));
  return { matches, unmatched: incidents.filter((incident) => !matched.has(incident)) };
}

export function namesOf(positive: TruePositive): ReadonlySet<string> {
  const { related } = positive;
  const names = [positive.function, positive.queue, ...related.functions, ...related.queues];
  return new Set(names.filter((name) => name !== null));
}

function isAbout(incident: Told, positive: TruePositive, onsetAt: number): boolean {
  if (incident.openedAt === null || incident.openedAt < onsetAt - MINUTE_MS) return false;
  const names = namesOf(positive);
  return [...incident.functions, ...incident.queues].some((name) => names.has(name));
}

function earliest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Dollars of the functions of a true incident that were spent for nothing, from onset to the end of the trace. */
export function trueExcessUsd(truth: TruthDocument, positive: TruePositive): number {
  const from = Math.floor((Date.parse(positive.onset) - Date.parse(truth.start)) / MINUTE_MS);
  let usd = 0;
  for (const name of namesOf(positive)) {
    for (const [minute, spent] of truth.excessUsdPerMinute[name] ?? []) if (minute >= from) usd += spent;
  }
  return usd;
}

/** Dollars an hour that a function really spent in the newest minutes that were readable at a tick: those that its burn averages. */
export function trueUsdPerHour(
  truth: TruthDocument,
  functionName: string,
  at: number,
  { averagedMinutes = NOW_MINUTES }: Pick<Burn, 'averagedMinutes'> = {},
): number {
  // A tick comes two minutes after the start of the newest readable minute: the minute and its publication.
  const until = Math.floor((at - Date.parse(truth.start)) / MINUTE_MS) - 1;
  const minutes =
    truth.costUsdPerMinute[functionName]?.slice(Math.max(0, until - averagedMinutes), until) ?? [];
  return minutes.length === 0 ? 0 : (minutes.reduce((sum, usd) => sum + usd, 0) / minutes.length) * 60;
}
