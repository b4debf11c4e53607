import { families } from '../../src/simulate/families/registry.ts';

/** A kind of harmless traffic, and how many ordinary functions are simulated beside those it is about. */
export interface Kind {
  readonly id: string;
  readonly background: number;
}

/** Kinds without functions of their own, or with hours instead of days, need ordinary ones to count. */
const BACKGROUND: Readonly<Record<string, number>> = { 'quiet-fleet': 12, 'cold-account': 4 };

/** Every family of the simulator in which nothing should be reported. */
export const KINDS: readonly Kind[] = Object.values(families)
  .filter(({ positive }) => !positive)
  .map(({ id }) => ({ id, background: BACKGROUND[id] ?? 0 }));
