import type { Trace } from '../../src/observe/trace/format.ts';

const DAY_MINUTES = 1_440;

/** Function-days with invocations; a part day counts as its part. */
export function activeDaysOf({ functions }: Trace): number {
  let days = 0;
  for (const { invocations } of functions.values()) {
    const values = invocations?.final ?? new Float64Array(0);
    for (let from = 0; from < values.length; from += DAY_MINUTES) {
      const day = values.subarray(from, from + DAY_MINUTES);
      if (day.some((count) => count > 0)) days += day.length / DAY_MINUTES;
    }
  }
  return days;
}
