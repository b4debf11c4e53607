import { FLAT_PRICES } from '../../src/price/price-list.ts';
import { rank } from '../common/table.ts';
import type { DelayCase } from '../fleets/delay.ts';
import type { FleetCost } from './fleets.ts';

/** What people use today, per function: four alarms, static or on anomaly bands (which are three metrics each). */
export const PEERS = [
  { title: 'four static alarms', usdPerFunction: 4 * FLAT_PRICES.alarm.usd },
  { title: 'four anomaly alarms', usdPerFunction: 4 * 3 * FLAT_PRICES.alarm.usd },
] as const;

export function usdPerFunctionOf(cost: FleetCost): number {
  return cost.metricsUsd + cost.searchesUsd + cost.depthsUsd + cost.restUsd;
}

export function usdPerMonthOf(cost: FleetCost): number {
  return cost.fixedUsd + cost.functions * usdPerFunctionOf(cost);
}

/** How much later some troubles are told of than by reading everything every minute. */
export interface Later {
  readonly troubles: number;
  /** Of those that reading everything every minute finds. */
  readonly missed: number;
  readonly within1: number;
  readonly within5: number;
  readonly medianMinutes: number;
  readonly p90Minutes: number;
  /** Pages, and those that come at most a minute later. */
  readonly pages: number;
  readonly pagesWithin1: number;
}

export function laterOf(cases: readonly DelayCase[]): Later {
  const found = cases.filter(({ everyMinute }) => everyMinute !== null);
  const later = found.map(({ everyMinute, asDeployed }) =>
    asDeployed === null ? Number.POSITIVE_INFINITY : Math.max(0, asDeployed - (everyMinute ?? 0)),
  );
  const paged = cases.filter(({ everyMinuteCritical }) => everyMinuteCritical !== null);
  const soon = paged.filter(
    ({ everyMinuteCritical, asDeployedCritical }) =>
      asDeployedCritical !== null && asDeployedCritical - (everyMinuteCritical ?? 0) <= 1,
  );
  const within = (minutes: number) => later.filter((one) => one <= minutes).length;
  return {
    troubles: found.length,
    missed: later.filter((one) => one === Number.POSITIVE_INFINITY).length,
    within1: within(1),
    within5: within(5),
    medianMinutes: rank(later, 0.5),
    p90Minutes: rank(later, 0.9),
    pages: paged.length,
    pagesWithin1: soon.length,
  };
}

/** By what a function can burn, and by what was really wasted. */
export const CLASSES: readonly {
  readonly title: string;
  readonly holds: (one: DelayCase) => boolean;
}[] = [
  { title: 'wastes $1/h or more', holds: ({ wastedUsdPerHour }) => wastedUsdPerHour >= 1 },
  { title: 'wastes $0.10/h or more', holds: ({ wastedUsdPerHour }) => wastedUsdPerHour >= 0.1 },
  {
    title: 'queue, can burn $10/h or more',
    holds: ({ worstUsdPerHour, hasQueue }) => hasQueue && worstUsdPerHour >= 10,
  },
  {
    title: 'queue, can burn $1/h to $10/h',
    holds: ({ worstUsdPerHour, hasQueue }) => hasQueue && worstUsdPerHour >= 1 && worstUsdPerHour < 10,
  },
  {
    title: 'no queue, can burn $1/h or more',
    holds: ({ worstUsdPerHour, hasQueue }) => !hasQueue && worstUsdPerHour >= 1,
  },
  { title: 'can burn less than $1/h', holds: ({ worstUsdPerHour }) => worstUsdPerHour < 1 },
];
