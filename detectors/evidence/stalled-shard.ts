import { MINUTE_MS } from '../../src/model/time.ts';
import type { Series } from '../../src/model/window.ts';

/** A batch of a stream that fails, is tried again, and is so much older each time. */
export interface Stall {
  readonly firstMinute: number;
  readonly lastMinute: number;
  /** How often the same batch was seen again. */
  readonly repeats: number;
}

/** Younger records say nothing: every stream has some. */
const AGE_MIN_MS = MINUTE_MS;

/** An age is of the start of its batch, anywhere in the minute. */
const TOLERANCE_MINUTES = 1.5;

/**
 * Whether the records that fail are the same ones again: in each minute with errors IteratorAge (Maximum) is older by just the
 * time that passed since the last such minute. Healthy shards beside it keep Errors rare and the age of other minutes low.
 * `null`: no such minutes at the end of the window.
 */
export function stallOf(iteratorAgeMs: Series, errors: Series): Stall | null {
  let stall: Stall | null = null;
  let ageMs = Number.NaN;
  for (let i = 0; i < iteratorAgeMs.length; i++) {
    const age = iteratorAgeMs[i] as number;
    if (!((errors[i] as number) > 0) || !(age >= AGE_MIN_MS)) continue;
    const expected: number = stall === null ? Number.NaN : ageMs + (i - stall.lastMinute) * MINUTE_MS;
    const isSame: boolean = Math.abs(age - expected) <= TOLERANCE_MINUTES * MINUTE_MS;
    stall =
      isSame && stall !== null
        ? { firstMinute: stall.firstMinute, lastMinute: i, repeats: stall.repeats + 1 }
        : { firstMinute: i, lastMinute: i, repeats: 0 };
    ageMs = age;
  }
  return stall;
}
