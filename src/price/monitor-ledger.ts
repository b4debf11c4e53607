import { DAY_MS, type EpochMs, MINUTE_MS, toIso } from '../model/time.ts';
import { THRIFTS, type Thrift } from './monitor-pace.ts';
import { MINUTES_PER_MONTH } from './monitor-plan.ts';

/** What one part of the monitor has spent of its own, by UTC months and days. */
export interface MonitorLedger {
  /** `2026-11`. */
  readonly month: string;
  readonly monthUsd: number;
  /** `2026-11-24`. */
  readonly day: string;
  readonly dayUsd: number;
  /** Of the day before; `null`: it did not run then. */
  readonly lastDayUsd: number | null;
  readonly chargedAt: EpochMs;
  /** How much is saved to stay below the ceiling, and since when. */
  readonly thrift: Thrift;
  readonly thriftAt: EpochMs;
}

/** The ledger with some more dollars in it. */
export function charge(
  before: MonitorLedger | null,
  spent: { readonly usd: number; readonly now: EpochMs; readonly thrift: Thrift },
): MonitorLedger {
  const { usd, now, thrift } = spent;
  const day = toIso(now).slice(0, 10);
  const month = day.slice(0, 7);
  const sameDay = before?.day === day;
  const yesterday = toIso(now - DAY_MS).slice(0, 10);
  return {
    month,
    monthUsd: (before?.month === month ? before.monthUsd : 0) + usd,
    day,
    dayUsd: (sameDay ? before.dayUsd : 0) + usd,
    lastDayUsd: sameDay ? before.lastDayUsd : before?.day === yesterday ? before.dayUsd : null,
    chargedAt: now,
    thrift,
    thriftAt: before?.thrift === thrift ? before.thriftAt : now,
  };
}

/** Dollars that all parts have spent in the month of `now`. */
export function monthUsdOf(ledgers: readonly (MonitorLedger | null)[], now: EpochMs): number {
  const month = toIso(now).slice(0, 7);
  return ledgers.reduce((sum, ledger) => sum + (ledger?.month === month ? ledger.monthUsd : 0), 0);
}

/** Dollars that all parts have spent on a day, as far as their accounts go back. */
export function dayUsdOf(ledgers: readonly MonitorLedger[], day: string): number {
  return ledgers.reduce((sum, ledger) => {
    if (ledger.day === day) return sum + ledger.dayUsd;
    const next = toIso(Date.parse(`${day}T00:00:00Z`) + DAY_MS).slice(0, 10);
    return sum + (ledger.day === next ? (ledger.lastDayUsd ?? 0) : 0);
  }, 0);
}

/** To go back to more reading it must fit by this much, or it would change with every reading. */
const MARGIN = 0.9;

/**
 * The least thrift whose forecast fits what is left of the ceiling for the rest of the UTC month; the most where none does.
 * Spending evenly is the aim: a quiet first half leaves more for the second.
 */
export function thriftFor(input: {
  readonly ceilingUsd: number;
  readonly spentUsd: number;
  readonly now: EpochMs;
  readonly before: Thrift;
  /** Of 30 days at this thrift. */
  readonly forecastUsd: (thrift: Thrift) => number;
}): Thrift {
  const { now, before } = input;
  const minutesLeft = Math.max(1, (endOfMonth(now) - now) / MINUTE_MS);
  const available = ((input.ceilingUsd - input.spentUsd) / minutesLeft) * MINUTES_PER_MONTH;
  const fits = (thrift: Thrift) => input.forecastUsd(thrift) <= available * (thrift < before ? MARGIN : 1);
  return THRIFTS.find(fits) ?? 4;
}

function endOfMonth(now: EpochMs): EpochMs {
  const [year, month] = toIso(now).split('-').map(Number) as [number, number];
  return Date.UTC(year, month, 1);
}
