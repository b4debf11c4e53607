import { BENIGN_ERROR_FAMILIES } from './benign-errors.ts';
import { BENIGN_TRAFFIC_FAMILIES } from './benign-traffic.ts';
import type { Family } from './family.ts';
import { FUNCTION_TROUBLE_FAMILIES } from './function-troubles.ts';
import { QUEUE_TROUBLE_FAMILIES } from './queue-troubles.ts';
import { RETRY_LOOP_FAMILIES } from './retry-loops.ts';

const ALL: readonly Family[] = [
  ...RETRY_LOOP_FAMILIES,
  ...QUEUE_TROUBLE_FAMILIES,
  ...FUNCTION_TROUBLE_FAMILIES,
  ...BENIGN_ERROR_FAMILIES,
  ...BENIGN_TRAFFIC_FAMILIES,
];

/** Every scenario family by id. */
export const families: Readonly<Record<string, Family>> = Object.fromEntries(
  ALL.map((family) => [family.id, family]),
);
