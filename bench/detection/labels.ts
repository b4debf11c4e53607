import { short } from '../common/table.ts';
import type { Column } from './figures.ts';
import { PEERS } from './peers/registry.ts';

export function titleOf(column: Column): string {
  switch (column) {
    case 'firebreak':
      return 'firebreak';
    case 'firebreak-alerts':
      return 'firebreak, warnings too';
    case 'oracle':
      return 'best peer of each incident, chosen afterwards';
    case 'floor':
      return 'first minute that can be read';
    default:
      return PEERS.find(({ id }) => id === column)?.title ?? column;
  }
}

/** The families' tables have a column for each. */
export function shortTitleOf(column: Column): string {
  if (column === 'oracle') return 'best peer';
  if (column === 'floor') return 'floor';
  return PEERS.find(({ id }) => id === column)?.shortTitle ?? titleOf(column);
}

export function minutesText(minutes: number | null): string {
  return minutes === null ? 'never' : short(minutes);
}

/** Cents where there is a dollar, a tenth of one where there is not. */
export function usdText(usd: number): string {
  return `$${usd.toFixed(usd < 1 ? 3 : 2)}`;
}
