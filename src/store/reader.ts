import type * as z from 'zod';
import { UnavailableError } from '../model/errors.ts';
import { fromJson } from './json.ts';

export interface StoreOptions {
  /**
   * Hears of what had to be left out because it is damaged: an entry of a list, the baselines, the last tick. Without it
   * that fails instead. An incident or a kill that is asked for by name always fails when it is damaged.
   */
  readonly warn?: (message: string) => void;
}

/** What an adapter reads with: strict for what is acted on, lenient for lists. */
export interface Reader {
  /** @throws UnavailableError that names the place. */
  strict<T>(text: string, schema: z.ZodType<T>, place: string): T;
  /** `null` for what is damaged, after a warning (once for each place); strict where nobody listens to warnings. */
  lenient<T>(text: string, schema: z.ZodType<T>, place: string): T | null;
  /** Whether that place was found damaged: then it is never deleted. */
  isDamaged(place: string): boolean;
}

export function reader({ warn }: StoreOptions): Reader {
  const damaged = new Set<string>();
  return {
    strict: fromJson,
    lenient(text, schema, place) {
      try {
        return fromJson(text, schema, place);
      } catch (error) {
        if (warn === undefined || !(error instanceof UnavailableError)) throw error;
        if (!damaged.has(place)) warn(error.message);
        damaged.add(place);
        return null;
      }
    },
    isDamaged: (place) => damaged.has(place),
  };
}
