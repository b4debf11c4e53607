import type { DailyAnomaly, Riser } from '../model/bill.ts';
import { DAY_MS, type EpochMs } from '../model/time.ts';
import { dailyRises } from '../stats/daily-rise.ts';
import { median } from '../stats/series.ts';

/** One line of a bill over days. */
export interface BillSeries {
  readonly service: string;
  /** `null`: the service as a whole. */
  readonly usageType: string | null;
  /** Dollars a day, index 0 the first day. */
  readonly usd: Float64Array;
}

/** firebreak's own estimate of one function, days aligned to the end of the bill's. */
export interface FunctionDaysUsd {
  readonly name: string;
  readonly usd: Float64Array;
}

/** Days of which a rise is still news: a job that missed a day catches up. */
const NEWS_DAYS = 3;

/** Functions that are named beside a rise, at most, and the share of it that one must have to be named. */
const RISERS_MAX = 5;
const RISER_SHARE = 0.1;

/** Weeks whose same weekday is a function's usual. */
const USUAL_WEEKS = 5;

/**
 * Rises of the newest days, the dearest first. Functions are named beside a rise of `attributed` services, by their own
 * estimates: a bill does not know them.
 */
export function dailyAnomalies(input: {
  readonly startAt: EpochMs;
  readonly series: readonly BillSeries[];
  readonly functions: readonly FunctionDaysUsd[];
  readonly attributed: readonly string[];
}): readonly DailyAnomaly[] {
  const found = input.series.flatMap(({ service, usageType, usd }) =>
    dailyRises(usd, input.startAt)
      .filter(({ day }) => day >= usd.length - NEWS_DAYS)
      .map((rise): DailyAnomaly => {
        const daysBack = usd.length - rise.day;
        const isAttributed = input.attributed.includes(service);
        return {
          dayAt: input.startAt + rise.day * DAY_MS,
          service,
          usageType,
          usd: rise.usd,
          usualUsd: rise.usualUsd,
          functions: isAttributed ? risersOf(input.functions, daysBack, rise.usd - rise.usualUsd) : [],
        };
      }),
  );
  return found.sort((a, b) => b.dayAt - a.dayAt || excess(b) - excess(a));
}

function excess({ usd, usualUsd }: { readonly usd: number; readonly usualUsd: number }): number {
  return usd - usualUsd;
}

/** `daysBack` days before the end of the estimates: 1 is the newest. */
function risersOf(
  functions: readonly FunctionDaysUsd[],
  daysBack: number,
  riseUsd: number,
): readonly Riser[] {
  return functions
    .map(({ name, usd }): Riser => {
      const at = usd.length - daysBack;
      const weeks = Array.from({ length: USUAL_WEEKS }, (_, week) => usd[at - 7 * (week + 1)] ?? Number.NaN);
      return { functionName: name, usd: usd[at] ?? 0, usualUsd: median(weeks) || 0 };
    })
    .filter((riser) => excess(riser) >= RISER_SHARE * riseUsd)
    .sort((a, b) => excess(b) - excess(a))
    .slice(0, RISERS_MAX);
}
