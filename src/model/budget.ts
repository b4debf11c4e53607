import type { Config } from './config.ts';
import type { LambdaFunction } from './inventory.ts';
import type { EpochMs } from './time.ts';

/** Dollars a month that some functions and their queues may cost. */
export interface Budget {
  /** Unique and readable: `the account`, `team=payments`, `orders-worker`. */
  readonly name: string;
  readonly monthlyUsd: number;
  readonly scope:
    | { readonly kind: 'account' }
    | { readonly kind: 'tag'; readonly key: string; readonly value: string }
    | { readonly kind: 'function'; readonly functionName: string };
}

/** How the dollars of a month so far are known: from the bill and metrics since, from metrics, or from part of the month. */
export type MonthBasis = 'bill' | 'metrics' | 'extrapolated';

/** What one budget has spent up to some hour: what the survey leaves for the tick. */
export interface BudgetSpend {
  readonly name: string;
  readonly monthlyUsd: number;
  readonly kind: Budget['scope']['kind'];
  /** Functions that it covers, those without spend too. */
  readonly functions: readonly string[];
  /** End of the newest hour that is in it. */
  readonly untilAt: EpochMs;
  /** Dollars of each of the hours before `untilAt`, oldest first: estimates from metrics at list prices. */
  readonly hourUsd: Float64Array;
  readonly monthStartAt: EpochMs;
  /** Dollars from `monthStartAt` to `untilAt`. */
  readonly monthUsd: number;
  readonly monthBasis: MonthBasis;
  /** Discount on duration that went into the estimates, 0..1. */
  readonly savingsPlanDiscount: number;
}

/** Every budget of a configuration: the account's, then by tag, then by function. */
export function budgetsOf({ budget }: Pick<Config, 'budget'>): readonly Budget[] {
  const { monthlyUsd, byTag, byFunction } = budget;
  return [
    ...(monthlyUsd === undefined
      ? []
      : [{ name: 'the account', monthlyUsd, scope: { kind: 'account' } } as const]),
    ...Object.entries(byTag).flatMap(([key, values]) =>
      Object.entries(values).map(
        ([value, usd]): Budget => ({
          name: `${key}=${value}`,
          monthlyUsd: usd,
          scope: { kind: 'tag', key, value },
        }),
      ),
    ),
    ...Object.entries(byFunction).map(
      ([functionName, usd]): Budget => ({
        name: functionName,
        monthlyUsd: usd,
        scope: { kind: 'function', functionName },
      }),
    ),
  ];
}

/** Whether a budget is about that function. */
export function covers({ scope }: Budget, fn: Pick<LambdaFunction, 'name' | 'tags'>): boolean {
  switch (scope.kind) {
    case 'account':
      return true;
    case 'tag':
      return fn.tags[scope.key] === scope.value;
    case 'function':
      return fn.name === scope.functionName;
  }
}

/** Start of the UTC month that an instant is in, and of the one after it: AWS bills by UTC months. */
export function monthOf(at: EpochMs): { readonly startAt: EpochMs; readonly endAt: EpochMs } {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { startAt: Date.UTC(year, month, 1), endAt: Date.UTC(year, month + 1, 1) };
}
