import { type Inventory, type LambdaFunction, queuesOf } from '../model/inventory.ts';
import { concurrencyUsdPerHour, pricesFor } from './lambda-price.ts';
import { type AccountLimits, reachableConcurrency } from './reachable.ts';

/** A function, as the pace of its reading depends on it. */
export interface Watched {
  readonly worstUsdPerHour: number;
  /** Whether it runs: what is silent costs no metrics. */
  readonly isActive: boolean;
  /** Metrics of one full reading, those of its queues included. */
  readonly metrics: number;
  /** Metrics of a glance: enough to see trouble, where the depth of its queues is watched as well. */
  readonly glanceMetrics: number;
  /** Queues that feed it, and their dead-letter queues: their depths show trouble before its metrics are read. */
  readonly queues: number;
  readonly deadLetterQueues: number;
}

/** How often one function is looked at while nothing seems wrong with it. */
export interface Pace {
  /** Between two readings of the depth of its queues. */
  readonly depthMinutes: number;
  readonly deadLetterMinutes: number;
  /** Between two readings of its metrics. */
  readonly readMinutes: number;
  /** Whether those are glances. */
  readonly isGlance: boolean;
  /** Between two readings once something moved. */
  readonly suspectMinutes: number;
}

/**
 * How much is saved: 0 nothing, 4 all that can be. Ordered by what it costs in detection: first what can burn little, and
 * what other signs cover, last what can burn most.
 */
export const THRIFTS = [0, 1, 2, 3, 4] as const;
export type Thrift = (typeof THRIFTS)[number];

/** What can burn this much an hour must be seen within a minute or two; what can burn a tenth, within five. */
const DEAR_USD_PER_HOUR = 10;
const MIDDLING_USD_PER_HOUR = 1;
type Risk = 'dear' | 'middling' | 'cheap';

interface Step {
  /** Times the minutes between two full readings. */
  readonly readFactor: number;
  readonly depthMinutes: Readonly<Record<Risk, number>>;
  readonly deadLetterMinutes: number;
  /** Share of the usual searches for what moved the totals of the region. */
  readonly searchShare: number;
}

const STEPS: Readonly<Record<Thrift, Step>> = {
  0: {
    readFactor: 1,
    depthMinutes: { dear: 1, middling: 5, cheap: 15 },
    deadLetterMinutes: 5,
    searchShare: 1,
  },
  1: {
    readFactor: 2,
    depthMinutes: { dear: 1, middling: 5, cheap: 30 },
    deadLetterMinutes: 15,
    searchShare: 0.5,
  },
  2: {
    readFactor: 4,
    depthMinutes: { dear: 2, middling: 15, cheap: 60 },
    deadLetterMinutes: 30,
    searchShare: 0.25,
  },
  3: {
    readFactor: 8,
    depthMinutes: { dear: 5, middling: 30, cheap: 60 },
    deadLetterMinutes: 60,
    searchShare: 0.1,
  },
  4: {
    readFactor: 24,
    depthMinutes: { dear: 15, middling: 60, cheap: 60 },
    deadLetterMinutes: 60,
    searchShare: 0.05,
  },
};

/** Between two readings of what seems to have moved, by what it can burn. */
const SUSPECT_MINUTES: Readonly<Record<Risk, number>> = { dear: 2, middling: 5, cheap: 15 };
/**
 * Metrics of a tick that are spent on full readings at least: with the region's totals and a tick a minute they are the
 * requests that CloudWatch gives for nothing. A fleet that they suffice for is read every minute.
 */
const READ_METRICS_PER_TICK = 12;
/** A window has 180 minutes: read a little more often, and no minute is ever missed. */
const READ_MINUTES_MAX = 170;
/** What is read less often than this, and has queues, is only glanced at: their depths tell when to look closely. */
const GLANCE_MINUTES_MIN = 30;
/** Metrics a tick, per function, for finding out who moved the totals: a search of the whole fleet every 100 min. */
const SEARCH_METRICS_PER_TICK = 0.01;

function riskOf(worstUsdPerHour: number): Risk {
  if (worstUsdPerHour >= DEAR_USD_PER_HOUR) return 'dear';
  return worstUsdPerHour >= MIDDLING_USD_PER_HOUR ? 'middling' : 'cheap';
}

/** A function without queues has no depth that tells: it gets a larger share of the readings. */
function weightOf({ worstUsdPerHour, queues }: Watched): number {
  if (queues > 0) return 1;
  return { dear: 4, middling: 2, cheap: 1 }[riskOf(worstUsdPerHour)];
}

/** The pace of each function of a fleet, in their order. */
export function pacesOf(fleet: readonly Watched[], thrift: Thrift): readonly Pace[] {
  const step = STEPS[thrift];
  const weighed = fleet.reduce((sum, fn) => sum + (fn.isActive ? fn.metrics * weightOf(fn) : 0), 0);
  return fleet.map((fn) => {
    const risk = riskOf(fn.worstUsdPerHour);
    const fair = Math.ceil(weighed / READ_METRICS_PER_TICK / weightOf(fn));
    const readMinutes = Math.min(READ_MINUTES_MAX, Math.max(1, fair)) * step.readFactor;
    return {
      depthMinutes: step.depthMinutes[risk],
      deadLetterMinutes: Math.max(step.deadLetterMinutes, step.depthMinutes[risk]),
      readMinutes,
      isGlance: fn.queues > 0 && readMinutes >= GLANCE_MINUTES_MIN,
      suspectMinutes: SUSPECT_MINUTES[risk] * Math.max(1, step.depthMinutes.dear),
    };
  });
}

/** Metrics a tick may spend on searches; what is not spent is kept for some of them. */
export function searchAllowance(functions: number, thrift: Thrift): { perTick: number; atMost: number } {
  const perTick = Math.max(1, functions * SEARCH_METRICS_PER_TICK) * STEPS[thrift].searchShare;
  return { perTick, atMost: Math.max(60, functions * 2) };
}

/** Most that a function can cost an hour, from its settings; what AWS bills otherwise is taken for on-demand. */
export function worstUsdPerHour(fn: LambdaFunction, region: string, account: AccountLimits): number {
  return concurrencyUsdPerHour({
    prices: pricesFor(region),
    architecture: fn.architecture,
    memoryMB: fn.memoryMB,
    ephemeralStorageMB: fn.ephemeralStorageMB,
    concurrency: reachableConcurrency(fn, account, []).concurrency,
  });
}

/** An inventory's functions as they are watched, in their order. */
export function watchedOf(
  inventory: Inventory,
  known: {
    readonly metricsOf: (fn: LambdaFunction) => number;
    readonly metricsPerQueue: number;
    readonly glance: { readonly metrics: number; readonly metricsPerQueue: number };
    readonly isActive: (fn: LambdaFunction) => boolean;
  },
): readonly Watched[] {
  const account: AccountLimits = {
    limit: inventory.accountConcurrencyLimit,
    reserved: inventory.functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0),
  };
  const redriven = new Set(inventory.queues.flatMap(({ name, redrive }) => (redrive === null ? [] : [name])));
  return inventory.functions.map((fn) => {
    const sources = queuesOf(fn);
    return {
      worstUsdPerHour: worstUsdPerHour(fn, inventory.region, account),
      isActive: known.isActive(fn),
      metrics: known.metricsOf(fn) + sources.length * known.metricsPerQueue,
      glanceMetrics: known.glance.metrics + sources.length * known.glance.metricsPerQueue,
      queues: sources.length,
      deadLetterQueues: sources.filter((name) => redriven.has(name)).length,
    };
  });
}
