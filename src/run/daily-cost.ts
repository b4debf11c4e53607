import { billAlert, byDay, closed } from '../decide/bill-alert.ts';
import type { BillNote, MonthGbSeconds } from '../model/bill.ts';
import { monthOf } from '../model/budget.ts';
import type { Config } from '../model/config.ts';
import { DAY_MS, type EpochMs } from '../model/time.ts';
import type { ReadGap } from '../model/window.ts';
import { BILLED_SERVICES, type Bill } from '../observe/aws/cost-explorer.ts';
import type { FunctionUseDays, LambdaDays } from '../observe/aws/lambda-days.ts';
import { calibrate, computedDay, isUsageType } from '../price/calibration.ts';
import { type BillSeries, dailyAnomalies } from '../price/daily-anomalies.ts';
import { suggestDownstream } from '../price/downstream.ts';
import { lambdaUsd, pricesFor } from '../price/lambda-price.ts';
import { type DeliveryReport, deliver } from '../respond/alert/deliver.ts';
import type { Channel } from '../respond/channel.ts';
import { RISE_HISTORY_DAYS } from '../stats/daily-rise.ts';
import type { Store } from '../store/store.ts';

/** A stretch of whole days, UTC. */
interface Days {
  readonly fromAt: EpochMs;
  readonly toAt: EpochMs;
}

export interface DailyCostDeps {
  readonly readBill: (days: Days, by: 'usage-type' | 'service') => Promise<Bill>;
  readonly readUse: (fromAt: EpochMs, days: number) => Promise<LambdaDays>;
  readonly store: Store;
  readonly channels: readonly Channel[];
  readonly config: Config;
  readonly account: string;
  readonly region: string;
  readonly now: () => EpochMs;
}

export interface DailyCostReport {
  readonly note: BillNote;
  readonly gaps: readonly ReadGap[];
  readonly delivery: DeliveryReport;
  /** Asked of Cost Explorer; each costs $0.01. */
  readonly requests: number;
}

/** Days compared with the bill. Fewer would be ruled by the last one, which AWS may still change. */
const CALIBRATED_DAYS = 7;

/** Days of metrics: a quarter to learn what moves with what, and more than any month. */
const USE_DAYS = 91;

/**
 * Once a day: reads the bill, keeps how far estimates were from it, what rose, and what moves with what; tells what rose.
 * @throws UnavailableError when the bill cannot be read: the note of the day before stays.
 */
export async function runDailyCost(deps: DailyCostDeps): Promise<DailyCostReport> {
  const now = deps.now();
  const untilAt = newestCompleteDay(now) + DAY_MS;
  const span = { fromAt: untilAt - RISE_HISTORY_DAYS * DAY_MS, toAt: untilAt };
  const [detail, services] = [await deps.readBill(span, 'usage-type'), await deps.readBill(span, 'service')];
  const use = await deps.readUse(untilAt - USE_DAYS * DAY_MS, USE_DAYS);
  const note = await noteOf({ deps, now, untilAt, detail, services, use });
  const calibration = note.calibration.find(({ usageType }) => usageType === 'all');
  const alerts = byDay(note.anomalies).map((anomalies) =>
    billAlert({ now, account: deps.account, region: deps.region, anomalies, calibration }),
  );
  const delivery = await deliver(alerts, { store: deps.store, channels: deps.channels, now: deps.now });
  for (const alert of alerts) {
    // A day that is read again was told and kept at the first time.
    if ((await deps.store.incident(alert.incident.id)) === null) await deps.store.putIncident(closed(alert));
  }
  await deps.store.putBill(note);
  return { note, gaps: use.gaps, delivery, requests: detail.requests + services.requests };
}

/** Cost Explorer is up to a day late (Cost Explorer user guide, 2026): a day is complete when it is over for a day. */
function newestCompleteDay(now: EpochMs): EpochMs {
  return Math.floor(now / DAY_MS - 2) * DAY_MS;
}

interface NoteInput {
  readonly deps: DailyCostDeps;
  readonly now: EpochMs;
  readonly untilAt: EpochMs;
  readonly detail: Bill;
  readonly services: Bill;
  readonly use: LambdaDays;
}

async function noteOf({ deps, now, untilAt, detail, services, use }: NoteInput): Promise<BillNote> {
  const startAt = firstDay([detail, services], untilAt);
  const span = { startAt, days: (untilAt - startAt) / DAY_MS };
  const monthStartAt = monthOf(now).startAt;
  const functions = use.functions.map((one) => ({ name: one.fn.name, usd: dollars(one, deps) }));
  // Without some functions the computed side is too small, and the ratio would say that dollars are missing.
  const isWhole = use.gaps.length === 0;
  const own: readonly string[] = Object.values(BILLED_SERVICES);
  const ofOthers = seriesOf(services, span).filter(({ service }) => !own.includes(service));
  const budgets = (await deps.store.baselines())?.budgets ?? [];
  const monthDays = Math.max(0, (untilAt - monthStartAt) / DAY_MS);
  return {
    readAt: now,
    untilAt,
    monthStartAt,
    monthUsd: detail.days
      .filter((day) => day.startAt >= monthStartAt)
      .reduce((sum, { lines }) => sum + lines.reduce((usd, line) => usd + line.usd, 0), 0),
    monthGbSeconds: gbSecondsOf(detail, monthStartAt),
    budgets: isWhole
      ? budgets
          .filter(({ kind }) => kind !== 'account')
          .map(({ name, functions: covered }) => ({
            name,
            usd: functions
              .filter((fn) => covered.includes(fn.name))
              .reduce((sum, { usd }) => sum + total(usd.slice(usd.length - monthDays)), 0),
          }))
      : [],
    calibration: isWhole ? calibrate({ billed: detail.days, computed: computed(use, untilAt, deps) }) : [],
    anomalies: dailyAnomalies({
      startAt,
      series: [...seriesOf(detail, span), ...ofOthers],
      functions,
      attributed: own,
    }),
    downstream: isWhole
      ? suggestDownstream(
          ofOthers.map(({ service, usd }) => ({ service, usd: usd.slice(-USE_DAYS) })),
          use.functions.map(({ fn, invocations }) => ({ name: fn.name, invocations })),
        )
      : [],
  };
}

/** On-demand GB-seconds since the month began, as billed. */
function gbSecondsOf({ days }: Bill, fromAt: EpochMs): MonthGbSeconds {
  const lines = days.filter(({ startAt }) => startAt >= fromAt).flatMap((day) => day.lines);
  const sumOf = (wanted: string) =>
    lines.reduce((sum, line) => sum + (isUsageType(line, wanted) ? line.quantity : 0), 0);
  return { x86_64: sumOf('Lambda-GB-Second'), arm64: sumOf('Lambda-GB-Second-ARM') };
}

/** Before Cost Explorer was opened, or the account was, days are empty: they are not known, and cost not nothing. */
function firstDay(bills: readonly Bill[], untilAt: EpochMs): EpochMs {
  const known = bills.flatMap(({ days }) => days.filter(({ lines }) => lines.length > 0));
  return known.reduce((first, { startAt }) => Math.min(first, startAt), untilAt);
}

interface KnownDays {
  readonly startAt: EpochMs;
  readonly days: number;
}

/** Every line of a bill as a series; a known day without the line cost nothing. */
function seriesOf(bill: Bill, { startAt, days }: KnownDays): BillSeries[] {
  const series = new Map<string, BillSeries>();
  for (const day of bill.days) {
    const index = Math.round((day.startAt - startAt) / DAY_MS);
    if (index < 0 || index >= days) continue;
    for (const { service, usageType, usd } of day.lines) {
      const key = `${service}\u0000${usageType}`;
      const known = series.get(key) ?? {
        service,
        usageType: usageType === '' ? null : usageType,
        usd: new Float64Array(days),
      };
      known.usd[index] = (known.usd[index] as number) + usd;
      series.set(key, known);
    }
  }
  return [...series.values()];
}

/** Estimated dollars of one function, a value a day. */
function dollars({ fn, durationMs, invocations }: FunctionUseDays, { region, config }: DailyCostDeps) {
  const { savingsPlanDiscount } = config.pricing;
  const { memoryMB, architecture, ephemeralStorageMB } = fn;
  const prices = pricesFor(region);
  return durationMs.map((ms, day) =>
    lambdaUsd({
      ...{ prices, architecture, memoryMB, ephemeralStorageMB, savingsPlanDiscount },
      durationMs: ms,
      invocations: invocations[day] as number,
    }),
  );
}

function computed(use: LambdaDays, untilAt: EpochMs, { region, config }: DailyCostDeps) {
  const rate = { prices: pricesFor(region), savingsPlanDiscount: config.pricing.savingsPlanDiscount };
  return Array.from({ length: CALIBRATED_DAYS }, (_, back) => {
    const day = USE_DAYS - CALIBRATED_DAYS + back;
    const uses = use.functions.map(({ fn, durationMs, invocations }) => ({
      fn,
      durationMs: durationMs[day] as number,
      invocations: invocations[day] as number,
    }));
    return computedDay(untilAt - (USE_DAYS - day) * DAY_MS, uses, rate);
  });
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
