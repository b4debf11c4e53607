import { DAY_MS, toIso } from '../../../src/model/time.ts';

/** A day of an answer, as Cost Explorer words it. */
export function billedDay(
  startAt: number,
  lines: readonly (readonly [keys: readonly string[], usd: number])[],
): object {
  return {
    TimePeriod: { Start: toIso(startAt).slice(0, 10), End: toIso(startAt + DAY_MS).slice(0, 10) },
    Total: {},
    Estimated: true,
    Groups: lines.map(([Keys, usd]) => ({
      Keys,
      Metrics: {
        UnblendedCost: { Amount: usd.toFixed(10), Unit: 'USD' },
        UsageQuantity: { Amount: (usd * 60_000).toFixed(4), Unit: 'N/A' },
      },
    })),
  };
}
