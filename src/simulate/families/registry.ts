import { BENIGN_ERROR_FAMILIES } from './benign-errors.ts';
import { BENIGN_TRAFFIC_FAMILIES } from './benign-traffic.ts';
import type { Family } from './family.ts';
import { RETRY_LOOP_FAMILIES } from './retry-loops.ts';

/** Every scenario family by id. */
export const families: Readonly<Record<string, Family>> = Object.fromEntries(
  [...RETRY_LOOP_FAMILIES, ...BENIGN_ERROR_FAMILIES, ...BENIGN_TRAFFIC_FAMILIES].map((family) => [
    family.id,
    family,
  ]),
);
