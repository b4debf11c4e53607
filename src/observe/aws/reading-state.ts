import * as z from 'zod';
import { mapSchema } from './depth-history.ts';

const instant = z.number();

/** Where the reading of an account stands: what a cold start must know to go on with it. */
export const readingSchema = z.object({
  /** By function: when its metrics were read last. */
  readAt: mapSchema(instant),
  /** By function: since when and until when it is looked at more often, and how often that was in vain before. */
  suspects: mapSchema(z.object({ sinceAt: instant, untilAt: instant, inVain: z.number().nonnegative() })),
  /** By metric of the region: when it was last found out who moved it. */
  searchedAt: mapSchema(instant),
  /** Metrics that searches may ask for, as of `at`. */
  searches: z.object({ at: instant, metrics: z.number() }),
  /** By function: dollars an hour at its last reading. */
  usdPerHour: mapSchema(z.number()),
});
export type ReadingState = Readonly<z.infer<typeof readingSchema>>;
export type Suspect = { readonly sinceAt: number; readonly untilAt: number; readonly inVain: number };

export const NOTHING_READ: ReadingState = {
  readAt: new Map(),
  suspects: new Map(),
  searchedAt: new Map(),
  searches: { at: 0, metrics: 0 },
  usdPerHour: new Map(),
};
