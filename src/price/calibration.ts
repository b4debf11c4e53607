import type { Calibration } from '../model/bill.ts';
import type { LambdaFunction } from '../model/inventory.ts';
import { DAY_MS, type EpochMs, toIso } from '../model/time.ts';
import { billedStorageGbSeconds, durationUsd, gbSeconds } from './lambda-price.ts';
import type { RegionPrices } from './region-prices.ts';

/** One line of a bill. */
interface UsageLine {
  /** With or without a region's prefix. */
  readonly usageType: string;
  readonly usd: number;
  /** In the usage type's own unit. */
  readonly quantity: number;
}

/** A day of the bill. */
export interface BilledLines {
  readonly startAt: EpochMs;
  readonly isEstimated: boolean;
  readonly lines: readonly UsageLine[];
}

/** What firebreak makes of one usage type. */
export interface ComputedUse {
  readonly usd: number;
  /** GB-seconds, or requests. */
  readonly quantity: number;
}

/** firebreak's own figures of a day, by usage type without a region's prefix. */
export interface ComputedDay {
  readonly startAt: EpochMs;
  readonly byUsageType: ReadonlyMap<string, ComputedUse>;
}

/** What one function did on a day. */
export interface DayUse {
  readonly fn: Pick<LambdaFunction, 'architecture' | 'memoryMB' | 'ephemeralStorageMB'>;
  readonly durationMs: number;
  readonly invocations: number;
}

/**
 * Use and dollars of a day by the usage type under which AWS bills them. What metrics cannot tell (INIT, provisioned
 * concurrency) is not in it.
 * @see AWS Lambda usage types, as on bills and in the price list of 2026
 */
export function computedDay(
  startAt: EpochMs,
  uses: readonly DayUse[],
  { prices, savingsPlanDiscount }: { readonly prices: RegionPrices; readonly savingsPlanDiscount: number },
): ComputedDay {
  const byUsageType = new Map<string, ComputedUse>();
  const add = (usageType: string, quantity: number, usd: number) => {
    const before = byUsageType.get(usageType) ?? { usd: 0, quantity: 0 };
    byUsageType.set(usageType, { usd: before.usd + usd, quantity: before.quantity + quantity });
  };
  for (const { fn, durationMs, invocations } of uses) {
    const suffix = fn.architecture === 'arm64' ? '-ARM' : '';
    const { architecture, memoryMB, ephemeralStorageMB } = fn;
    const amount = gbSeconds({ memoryMB, durationMs });
    const rate = { prices, architecture, savingsPlanDiscount };
    add(`Lambda-GB-Second${suffix}`, amount, durationUsd({ ...rate, gbSeconds: amount }));
    add(`Request${suffix}`, invocations, invocations * prices.usdPerRequest);
    const storage = billedStorageGbSeconds({ ephemeralStorageMB, durationMs });
    if (storage > 0) {
      add('Lambda-Storage-GB-Second', storage, storage * prices.ephemeralStorageUsdPerGbSecond);
    }
  }
  return { startAt, byUsageType };
}

/** Usage types that both sides can have: provisioned concurrency and the like are in no metric, and left out of both. */
const COMPARED = [
  'Lambda-GB-Second',
  'Lambda-GB-Second-ARM',
  'Request',
  'Request-ARM',
  'Lambda-Storage-GB-Second',
] as const;

/**
 * Bill against estimate by usage type, over the days that both have; `all` first. A usage type without dollars on one side
 * has no line of its own, but is in `all`. Empty where there is nothing to compare.
 */
export function calibrate(input: {
  readonly billed: readonly BilledLines[];
  readonly computed: readonly ComputedDay[];
}): readonly Calibration[] {
  const computedByDay = new Map(input.computed.map((day) => [day.startAt, day.byUsageType]));
  const pairs = input.billed.flatMap(({ startAt, isEstimated, lines }) => {
    const computed = computedByDay.get(startAt);
    return computed === undefined ? [] : [{ startAt, isEstimated, lines, computed }];
  });
  if (pairs.length === 0) return [];
  const shared = {
    days: pairs.length,
    untilAt: Math.max(...pairs.map(({ startAt }) => startAt)) + DAY_MS,
    isEstimated: pairs.some(({ isEstimated }) => isEstimated),
  };
  const each = COMPARED.map((usageType): Calibration => {
    const lines = pairs.flatMap((pair) => pair.lines.filter((line) => isUsageType(line, usageType)));
    const computed = pairs.flatMap((pair) => pair.computed.get(usageType) ?? []);
    const quantity = sumOf(computed, 'quantity');
    return {
      usageType,
      billedUsd: sumOf(lines, 'usd'),
      computedUsd: sumOf(computed, 'usd'),
      quantityRatio: quantity > 0 ? sumOf(lines, 'quantity') / quantity : null,
      ...shared,
    };
  });
  const all: Calibration = {
    usageType: 'all',
    billedUsd: each.reduce((sum, { billedUsd }) => sum + billedUsd, 0),
    computedUsd: each.reduce((sum, { computedUsd }) => sum + computedUsd, 0),
    quantityRatio: null,
    ...shared,
  };
  return [all, ...each].filter(({ billedUsd, computedUsd }) => billedUsd > 0 && computedUsd > 0);
}

function sumOf(uses: readonly ComputedUse[], field: keyof ComputedUse): number {
  return uses.reduce((sum, use) => sum + use[field], 0);
}

/** Outside us-east-1 a usage type has the region's prefix: `EUC1-Request`. */
export function isUsageType({ usageType }: Pick<UsageLine, 'usageType'>, wanted: string): boolean {
  return usageType === wanted || usageType.endsWith(`-${wanted}`);
}

/** Billed divided by estimated: above 1 the estimates are too low. */
export function calibrationRatio({ billedUsd, computedUsd }: Calibration): number {
  return billedUsd / computedUsd;
}

/** `Lambda estimates were 3 % under the bill of the 7 days to 2026-11-22; not corrected for`. */
export function calibrationText(calibration: Calibration): string {
  const { days, untilAt, isEstimated, usageType } = calibration;
  // Of the bill: an estimate of $97 is 3 % under a bill of $100.
  const percent = Math.round((1 - 1 / calibrationRatio(calibration)) * 100);
  const apart =
    percent === 0 ? 'agreed with' : `were ${Math.abs(percent)} % ${percent > 0 ? 'under' : 'over'}`;
  const what = usageType === 'all' ? 'Lambda estimates' : `estimates of ${usageType}`;
  const last = toIso(untilAt - DAY_MS).slice(0, 10);
  const stillOpen = isEstimated ? ' (which AWS may still change)' : '';
  return `${what} ${apart} the bill of the ${days} d to ${last}${stillOpen}; not corrected for`;
}
