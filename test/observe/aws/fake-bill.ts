import { DAY_MS, toIso } from '../../../src/model/time.ts';
import type { Answer, Seen } from './fake-aws.ts';

/** Dollars of one line on the day that starts at `dayAt`; 0: the line is not on that day. */
type UsdOn = (dayAt: number) => number;

/** Lines of a fake bill, by service and (for Lambda and SQS) usage type: `AWS Lambda|Request`. */
export type FakeBill = Readonly<Record<string, UsdOn>>;

/** A `fault` of the fake account that answers as Cost Explorer does, on one page. */
export function costExplorer(bill: FakeBill): (seen: Seen) => Answer | undefined {
  return ({ operation, input }) => {
    if (operation !== 'GetCostAndUsage') return undefined;
    const { TimePeriod, GroupBy } = input as {
      readonly TimePeriod: { readonly Start: string; readonly End: string };
      readonly GroupBy: readonly unknown[];
    };
    const isByType = GroupBy.length === 2;
    const days: object[] = [];
    for (let at = Date.parse(TimePeriod.Start); at < Date.parse(TimePeriod.End); at += DAY_MS) {
      days.push({
        TimePeriod: { Start: toIso(at).slice(0, 10), End: toIso(at + DAY_MS).slice(0, 10) },
        Estimated: true,
        Groups: Object.entries(bill).flatMap(([key, usdOn]) => {
          const keys = key.split('|');
          return (keys.length === 2) === isByType && usdOn(at) !== 0 ? [groupOf(keys, usdOn(at))] : [];
        }),
      });
    }
    return { body: { ResultsByTime: days } };
  };
}

function groupOf(keys: readonly string[], usd: number): object {
  return {
    Keys: keys,
    Metrics: {
      UnblendedCost: { Amount: String(usd), Unit: 'USD' },
      // GB-seconds and requests at x86_64 rates of us-east-1.
      UsageQuantity: {
        Amount: String(usd / (keys[1] === 'Request' ? 0.2e-6 : 16.6667e-6)),
        Unit: 'N/A',
      },
    },
  };
}
