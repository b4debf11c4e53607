import type { Baselines } from '../model/baseline.ts';
import type { BillNote } from '../model/bill.ts';
import {
  type Budget,
  type BudgetSpend,
  budgetsOf,
  covers,
  type MonthBasis,
  monthOf,
} from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import { type Inventory, type LambdaFunction, queuesOf } from '../model/inventory.ts';
import { type EpochMs, HOUR_MS } from '../model/time.ts';
import type { FunctionHours, HourlyHistory } from '../stats/baseline.ts';
import { sum } from '../stats/series.ts';
import { IDLE_POLLS_PER_MINUTE, pollersUsdPerHour, requestsPerBatch } from './accrual.ts';
import { lambdaUsd, pricesFor, sqsRequestUsd } from './lambda-price.ts';
import type { RegionPrices } from './region-prices.ts';

/** What the budgets need to know beside the history. */
export interface Spending {
  readonly config: Pick<Config, 'budget' | 'pricing'>;
  /** `null`: no bill was read. */
  readonly bill: BillNote | null;
}

export interface BudgetSpendInput extends Spending {
  readonly now: EpochMs;
  readonly inventory: Inventory;
  readonly history: HourlyHistory;
}

/** What baselines say of money: nothing where no budget is set and no bill was read. */
export function spendingOf(
  input: BudgetSpendInput,
): Pick<Baselines, 'budgets' | 'calibration' | 'monthGbSeconds'> {
  const budgets = budgetSpends(input);
  const calibration = input.bill?.calibration.find(({ usageType }) => usageType === 'all');
  // The month begins at nothing, whatever the last one came to.
  const isThisMonth = input.bill?.monthStartAt === monthOf(input.now).startAt;
  const monthGbSeconds = isThisMonth ? input.bill?.monthGbSeconds : undefined;
  return {
    ...(budgets.length === 0 ? {} : { budgets }),
    ...(calibration === undefined ? {} : { calibration }),
    ...(monthGbSeconds === undefined ? {} : { monthGbSeconds }),
  };
}

/** What every budget has spent, by hour and in the month so far. Empty where none is set. */
function budgetSpends(input: BudgetSpendInput): readonly BudgetSpend[] {
  const budgets = budgetsOf(input.config);
  if (budgets.length === 0) return [];
  const prices = pricesFor(input.inventory.region);
  const byFunction = new Map(
    input.inventory.functions.map((fn) => [fn.name, hoursUsd(fn, input, prices)] as const),
  );
  return budgets.map((budget) => spendOf(budget, input, byFunction));
}

function spendOf(
  budget: Budget,
  input: BudgetSpendInput,
  byFunction: ReadonlyMap<string, Float64Array>,
): BudgetSpend {
  const functions = input.inventory.functions.filter((fn) => covers(budget, fn)).map(({ name }) => name);
  const hourUsd = new Float64Array(hoursIn(input.history));
  for (const name of functions) {
    const hours = byFunction.get(name);
    hours?.forEach((usd, hour) => {
      hourUsd[hour] = (hourUsd[hour] ?? 0) + usd;
    });
  }
  const untilAt = input.history.startAt + hourUsd.length * HOUR_MS;
  const monthStartAt = monthOf(input.now).startAt;
  return {
    name: budget.name,
    monthlyUsd: budget.monthlyUsd,
    kind: budget.scope.kind,
    functions,
    untilAt,
    hourUsd,
    monthStartAt,
    savingsPlanDiscount: input.config.pricing.savingsPlanDiscount,
    ...monthSpent(budget, { hourUsd, historyAt: input.history.startAt, monthStartAt, bill: input.bill }),
  };
}

function hoursIn({ functions }: HourlyHistory): number {
  return Math.max(0, ...[...functions.values()].map(({ invocations }) => invocations.length));
}

interface MonthInput {
  readonly hourUsd: Float64Array;
  readonly historyAt: EpochMs;
  readonly monthStartAt: EpochMs;
  readonly bill: BillNote | null;
}

/**
 * The month so far: what the bill says up to its newest complete day, and estimates since. A bill knows no functions: for
 * theirs it is the daily estimates that were made along with it. Without a bill, estimates alone; where the history is
 * shorter than the month, its mean hour stands for the hours before it.
 */
function monthSpent(
  { name, scope }: Budget,
  { hourUsd, historyAt, monthStartAt, bill }: MonthInput,
): { readonly monthUsd: number; readonly monthBasis: MonthBasis } {
  const since = (at: EpochMs) => sum(hourUsd, Math.max(0, Math.round((at - historyAt) / HOUR_MS)));
  const known = bill !== null && bill.monthStartAt === monthStartAt ? bill : null;
  const kept =
    scope.kind === 'account' ? known?.monthUsd : known?.budgets.find((one) => one.name === name)?.usd;
  if (known !== null && kept !== undefined && known.untilAt > monthStartAt && known.untilAt >= historyAt) {
    return {
      monthUsd: kept + since(known.untilAt),
      monthBasis: scope.kind === 'account' ? 'bill' : 'metrics',
    };
  }
  if (monthStartAt >= historyAt) return { monthUsd: since(monthStartAt), monthBasis: 'metrics' };
  const missingHours = (historyAt - monthStartAt) / HOUR_MS;
  const meanUsd = hourUsd.length === 0 ? 0 : sum(hourUsd) / hourUsd.length;
  return { monthUsd: since(historyAt) + missingHours * meanUsd, monthBasis: 'extrapolated' };
}

/** Dollars of each hour: duration, requests and storage of the function, the SQS requests of its event sources and their pollers. */
function hoursUsd(fn: LambdaFunction, input: BudgetSpendInput, prices: RegionPrices): Float64Array {
  const hours = input.history.functions.get(fn.name);
  if (hours === undefined) return new Float64Array();
  const { savingsPlanDiscount } = input.config.pricing;
  const sources = queuesOf(fn).length;
  return hours.invocations.map((_, hour) => {
    const { durationMs, invocations, errors } = useIn(hours, hour);
    const lambda = lambdaUsd({ ...fn, prices, savingsPlanDiscount, durationMs, invocations });
    if (sources === 0) return lambda;
    const perBatch = requestsPerBatch(fn);
    const requests =
      invocations * perBatch +
      Math.max(0, invocations - errors) * perBatch +
      60 * IDLE_POLLS_PER_MINUTE * sources;
    return lambda + sqsRequestUsd({ prices, fifo: false, requests }) + pollersUsdPerHour(fn, prices);
  });
}

/** An hour without a datapoint is one in which nothing ran. */
function useIn({ durationSumMs, invocations, errors }: FunctionHours, hour: number) {
  return {
    durationMs: durationSumMs[hour] || 0,
    invocations: invocations[hour] || 0,
    errors: errors[hour] || 0,
  };
}
