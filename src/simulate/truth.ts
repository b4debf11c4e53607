import { MINUTE_MS, toIso } from '../model/time.ts';
import type { QueueState, World } from './state.ts';

/** Counts of messages: `initial + sent + movedIn = deleted + movedToDlq + expired + visible + inFlight`. */
export interface Conservation {
  readonly initial: number;
  readonly sent: number;
  readonly movedIn: number;
  readonly received: number;
  readonly deleted: number;
  readonly movedToDlq: number;
  readonly expired: number;
  readonly visible: number;
  readonly inFlight: number;
  /** What came in minus what went out or is there: 0. */
  readonly balance: number;
}

export interface TruePositive {
  readonly function: string | null;
  readonly queue: string | null;
  readonly family: string;
  readonly detectors: readonly string[];
  readonly onset: string;
  readonly end: string | null;
  readonly related: { readonly functions: readonly string[]; readonly queues: readonly string[] };
  readonly params: Readonly<Record<string, number | string | boolean | null>>;
}

type ByFunction<T> = Readonly<Record<string, T>>;
type Sparse = readonly (readonly [number, number])[];

/** What really happened in a trace: `firebreak-truth/1`. */
export interface TruthDocument {
  readonly format: 'firebreak-truth/1';
  readonly family: string;
  readonly seed: number;
  readonly name: string;
  readonly start: string;
  readonly periodSeconds: 60;
  readonly periods: number;
  readonly positives: readonly TruePositive[];
  readonly benignEvents: readonly {
    readonly function: string | null;
    readonly queue: string | null;
    readonly family: string;
    readonly from: string;
    readonly to: string;
  }[];
  readonly totalUsd: number;
  readonly byFunctionUsd: ByFunction<number>;
  readonly costUsdPerMinute: ByFunction<readonly number[]>;
  readonly wastedUsd: ByFunction<number>;
  readonly wastedUsdPerMinute: ByFunction<Sparse>;
  readonly excessUsd: ByFunction<number>;
  readonly excessUsdPerMinute: ByFunction<Sparse>;
  readonly conservation: Readonly<Record<string, Conservation>>;
}

export function writeTruth(world: World): TruthDocument {
  const { scenario } = world;
  const money = (series: (index: number) => Float64Array): Map<string, Float64Array> =>
    new Map(world.functions.map(({ spec }, index) => [spec.name, series(index)]));
  const cost = money((index) => world.functions[index]?.record.usd ?? new Float64Array(0));
  const wasted = money((index) => world.functions[index]?.record.wastedUsd ?? new Float64Array(0));
  const excess = money((index) => world.functions[index]?.record.excessUsd ?? new Float64Array(0));
  const total = [...cost.values()].reduce((sum, series) => sum + sumOf(series), 0);
  return {
    format: 'firebreak-truth/1',
    family: scenario.family,
    seed: scenario.seed,
    name: scenario.name,
    start: toIso(scenario.startAt),
    periodSeconds: 60,
    periods: world.minutes,
    positives: positives(world),
    benignEvents: benignEvents(world),
    totalUsd: significant(total),
    byFunctionUsd: mapped(cost, (series) => significant(sumOf(series))),
    costUsdPerMinute: mapped(cost, (series) => Array.from(series, significant)),
    wastedUsd: mapped(wasted, (series) => significant(sumOf(series))),
    wastedUsdPerMinute: mapped(wasted, sparse),
    excessUsd: mapped(excess, (series) => significant(sumOf(series))),
    excessUsdPerMinute: mapped(excess, sparse),
    conservation: Object.fromEntries(world.queues.map((queue) => [queue.spec.name, conservationOf(queue)])),
  };
}

export function conservationOf(queue: QueueState): Conservation {
  const { initial, sent, movedIn, received, deleted, movedToDlq, expired } = queue;
  const visible = queue.visible.count;
  // A message within its DelaySeconds is neither visible nor deleted: it is counted with the messages in flight.
  const inFlight = queue.inFlight.count + queue.delayed;
  const balance = initial + sent + movedIn - (deleted + movedToDlq + expired + visible + inFlight);
  return { initial, sent, movedIn, received, deleted, movedToDlq, expired, visible, inFlight, balance };
}

function positives(world: World): TruePositive[] {
  const { scenario } = world;
  return scenario.events.flatMap((event, index): TruePositive[] => {
    const { meaning } = event;
    const cause = world.causes[index];
    if (meaning.kind !== 'positive' || cause === undefined) return [];
    // Trouble that nobody met, such as a bug in a function that was not called, is none.
    if (cause.felt === 0) return [];
    return [
      {
        function: meaning.function,
        queue: meaning.queue,
        family: scenario.family,
        detectors: meaning.detectors,
        onset: toIso(scenario.startAt + event.atMinute * MINUTE_MS),
        end: endOf(world, index),
        related: { functions: meaning.relatedFunctions, queues: meaning.relatedQueues },
        params: meaning.params,
      },
    ];
  });
}

/** When it was over, the last invocation that went wrong because of it included; `null`: not within the trace. */
function endOf(world: World, index: number): string | null {
  const cause = world.causes[index];
  if (cause === undefined || cause.active || Number.isNaN(cause.endedAt)) return null;
  const last = Number.isNaN(cause.lastFeltAt) ? cause.endedAt : Math.max(cause.endedAt, cause.lastFeltAt);
  return last > world.endAt ? null : toIso(world.scenario.startAt + last);
}

function benignEvents(world: World): TruthDocument['benignEvents'] {
  const { scenario } = world;
  return scenario.events.flatMap((event) => {
    if (event.meaning.kind !== 'benign') return [];
    const until = Math.min(event.untilMinute ?? world.minutes, world.minutes);
    return [
      {
        function: event.meaning.function,
        queue: event.meaning.queue,
        family: scenario.family,
        from: toIso(scenario.startAt + event.atMinute * MINUTE_MS),
        to: toIso(scenario.startAt + until * MINUTE_MS),
      },
    ];
  });
}

function mapped<T>(from: ReadonlyMap<string, Float64Array>, to: (series: Float64Array) => T): ByFunction<T> {
  return Object.fromEntries([...from].map(([name, series]) => [name, to(series)]));
}

function sumOf(series: Float64Array): number {
  return series.reduce((sum, value) => sum + value, 0);
}

function sparse(series: Float64Array): Sparse {
  const pairs: [number, number][] = [];
  for (const [minute, usd] of series.entries()) if (usd > 0) pairs.push([minute, significant(usd)]);
  return pairs;
}

/** Six significant digits. */
function significant(value: number): number {
  return Number(value.toPrecision(6));
}
