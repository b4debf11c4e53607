import type { Calibration } from '../model/bill.ts';
import type { Config } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import { formatUsd } from '../model/format.ts';
import type { Accounted, Burn, Incident } from '../model/incident.ts';
import { accountConcurrencyOf, type LambdaFunction } from '../model/inventory.ts';
import { type EpochMs, MINUTE_MS } from '../model/time.ts';
import type { QueueSeries, Series, Window } from '../model/window.ts';
import { accrue } from '../price/accrual.ts';
import { NOW_MINUTES, nowMinutesOf, usdPerHourNow } from '../price/burn-now.ts';
import { calibrationText } from '../price/calibration.ts';
import { INIT_ASSUMPTION } from '../price/init-estimate.ts';
import {
  concurrencyUsdPerHour,
  type PricingOptions,
  pricesFor,
  usdPerGbSecond,
} from '../price/lambda-price.ts';
import { project } from '../price/projection.ts';
import { sum } from '../stats/series.ts';

export interface Assessment {
  readonly burn: Burn;
  /** What one more minute of waiting wastes, as dollars an hour: a burn that grows is ahead of its mean. */
  readonly waitingUsdPerHour: number;
  readonly accounted: Accounted;
}

export interface AssessInput {
  readonly now: EpochMs;
  readonly window: Window;
  readonly finding: Finding;
  /** The incident it belongs to, where there is one already. */
  readonly incident: Incident | null;
  readonly config: Config;
  /** The configured one, with the month so far. */
  readonly pricing: PricingOptions;
  /** How far such dollars were from the bill of late: said, not applied. */
  readonly calibration?: Calibration | undefined;
  /** Share of waste by function, where the functions differ; absent: the finding's own, for each of its functions. */
  readonly shares?: ReadonlyMap<string, Series>;
}

/** Minutes that say what the next one will waste: a single one is chance. */
const NEWEST_MINUTES = 2;

/** Minutes older than this are final: no invocation runs for longer than 15 minutes, and metrics are not later than that. */
const FINAL_AFTER_MINUTES = 90;

/** Prices a finding: what burns now, what was wasted since onset, what will be if nobody acts. */
export function assess(input: AssessInput): Assessment {
  const { window, finding } = input;
  const onsetAt = Math.min(finding.onsetAt, input.incident?.onsetAt ?? finding.onsetAt);
  const spend = spendOf(input);
  const minutes = window.minutes;
  const before = input.incident?.accounted ?? emptyAccount(Math.max(onsetAt, window.startAt));
  const from = Math.max(0, Math.round((before.untilAt - window.startAt) / MINUTE_MS));
  const finalUntil = Math.max(from, minutes - FINAL_AFTER_MINUTES);
  const accounted: Accounted = {
    untilAt: Math.max(before.untilAt, window.startAt + finalUntil * MINUTE_MS),
    wastedUsd: before.wastedUsd + total(spend.wasted, from, finalUntil),
    spentUsd: before.spentUsd + total(spend.usd, from, finalUntil),
    received: before.received + countOf(window, finding, 'received', from, finalUntil),
    deleted: before.deleted + countOf(window, finding, 'deleted', from, finalUntil),
    invocations: before.invocations + total(spend.invocations, from, finalUntil),
  };
  const averagedMinutes = nowMinutesOf(finding.roundMinutes);
  const perHour = (usd: Float64Array) => usdPerHourNow(usd, averagedMinutes);
  const wastedUsdPerHour = perHour(spend.wasted);
  const projection = project({
    now: input.now,
    wastedUsdPerHour,
    selfEnd: finding.selfEnd,
    queue: window.inventory.queues.find(({ name }) => name === finding.queues[0]) ?? null,
    failingArrivalsPerMinute: failingArrivals(window, finding, onsetAt),
    usdPerAttempt: usdPerAttempt(window, finding, spend, onsetAt),
    ceilingUsdPerHour: ceiling(input, spend.functions),
  });
  const seen = accounted.wastedUsd + total(spend.wasted, finalUntil, minutes);
  // Once only its consequences are left (a full dead-letter queue), what it had wasted stays wasted.
  const wastedUsd = finding.wastedShare === null ? Math.max(seen, input.incident?.burn.wastedUsd ?? 0) : seen;
  const downstreamUsd = total(spend.downstream, 0, minutes);
  const spentUsd = total(spend.usd, 0, minutes);
  return {
    accounted,
    waitingUsdPerHour: Math.max(
      wastedUsdPerHour,
      averagedMinutes > NOW_MINUTES ? 0 : usdPerHourNow(spend.wasted, NEWEST_MINUTES),
    ),
    burn: {
      usdPerHour: perHour(spend.usd),
      wastedUsdPerHour,
      ...(averagedMinutes > NOW_MINUTES ? { averagedMinutes } : {}),
      wastedUsd,
      ...projection,
      measuredShare: spentUsd > 0 ? 1 - downstreamUsd / spentUsd : 1,
      assumptions: assumptionsOf(spend, input),
    },
  };
}

function emptyAccount(untilAt: EpochMs): Accounted {
  return { untilAt, wastedUsd: 0, spentUsd: 0, received: 0, deleted: 0, invocations: 0 };
}

/** What the functions of a finding spend, by minute of the window. */
export interface Spend {
  readonly functions: readonly LambdaFunction[];
  /** Dollars a minute: all, for nothing, and the assumed downstream part of all. */
  readonly usd: Float64Array;
  readonly wasted: Float64Array;
  readonly downstream: Float64Array;
  readonly invocations: Float64Array;
}

export function spendOf({
  window,
  finding,
  config,
  pricing,
  shares,
}: Pick<AssessInput, 'window' | 'finding' | 'config' | 'pricing' | 'shares'>): Spend {
  const minutes = window.minutes;
  const names = new Set([...finding.functions, ...(shares?.keys() ?? [])]);
  const functions = window.inventory.functions.filter(({ name }) => names.has(name));
  const spend = {
    functions,
    usd: new Float64Array(minutes),
    wasted: new Float64Array(minutes),
    downstream: new Float64Array(minutes),
    invocations: new Float64Array(minutes),
  };
  for (const fn of functions) {
    const { usd, lambdaUsd, invocations } = accrue({
      region: window.inventory.region,
      fn,
      lambda: window.functions.get(fn.name) ?? {},
      queues: queuesOf(fn, window),
      minutes,
      pricing,
    });
    const downstreamUsd = downstreamUsdOf(fn, config);
    const share = shares === undefined ? finding.wastedShare : shares.get(fn.name);
    for (let i = 0; i < minutes; i++) {
      const further = (invocations[i] as number) * downstreamUsd;
      const all = (usd[i] as number) + further;
      spend.usd[i] = (spend.usd[i] as number) + all;
      spend.downstream[i] = (spend.downstream[i] as number) + further;
      spend.invocations[i] = (spend.invocations[i] as number) + (invocations[i] as number);
      const wasteable = (lambdaUsd[i] as number) + further;
      spend.wasted[i] = (spend.wasted[i] as number) + wasteable * (share?.[i] ?? 0);
    }
  }
  return spend;
}

function queuesOf(fn: LambdaFunction, window: Window): QueueSeries[] {
  return fn.eventSources
    .filter(({ kind }) => kind === 'sqs')
    .map(({ source }) => window.queues.get(source) ?? {});
}

/** Configuration first, then the function's tag; 0 where neither says anything. */
function downstreamUsdOf(fn: LambdaFunction, config: Config): number {
  const configured = config.downstreamUsdPerInvocation[fn.name];
  if (configured !== undefined) return configured;
  const tagged = Number(fn.tags[config.downstreamTag] ?? 0);
  return Number.isFinite(tagged) && tagged > 0 ? tagged : 0;
}

function countOf(
  window: Window,
  finding: Finding,
  metric: 'received' | 'deleted',
  from: number,
  to: number,
): number {
  return sum(window.queues.get(finding.queues[0] ?? '')?.[metric], from, to);
}

/**
 * New messages a minute that will fail, from the last hour (or since onset): the share of deliveries that fail, but no more
 * than are left undeleted. One message that is tried again and again is many deliveries, and one arrival; the first began
 * it, and says nothing of how many follow.
 */
function failingArrivals(window: Window, finding: Finding, onsetAt: EpochMs): number {
  const { sent, deleted } = window.queues.get(finding.queues[0] ?? '') ?? {};
  if (sent === undefined) return 0;
  const onset = Math.max(0, Math.floor((onsetAt - window.startAt) / MINUTE_MS));
  const from = Math.max(onset, window.minutes - 60);
  const minutes = Math.max(1, window.minutes - from);
  const arrived = sum(sent, from, window.minutes);
  const left = deleted === undefined ? arrived : Math.max(0, arrived - sum(deleted, from, window.minutes));
  return Math.min(arrived * meanShare(finding, from, window.minutes), Math.max(0, left - 1)) / minutes;
}

function meanShare(finding: Finding, from: number, to: number): number {
  if (finding.wastedShare === null) return 0;
  return to > from ? total(finding.wastedShare, from, to) / (to - from) : 0;
}

/** Of the last hour, or since onset: what fails may cost many times what succeeds. */
function usdPerAttempt(window: Window, finding: Finding, spend: Spend, onsetAt: number): number {
  const onset = Math.max(0, Math.floor((onsetAt - window.startAt) / MINUTE_MS));
  const from = Math.min(Math.max(onset, window.minutes - 60), window.minutes - 1);
  const received = countOf(window, finding, 'received', from, window.minutes);
  return received > 0 ? total(spend.usd, from, window.minutes) / received : 0;
}

function ceiling({ window, pricing }: AssessInput, functions: readonly LambdaFunction[]): number {
  const prices = pricesFor(window.inventory.region);
  const account = accountConcurrencyOf(window.inventory);
  return functions.reduce((usd, fn) => {
    const byMapping = fn.eventSources.reduce(
      (most, { maximumConcurrency }) => most + (maximumConcurrency ?? account),
      0,
    );
    const concurrency = Math.min(fn.reservedConcurrency ?? account, byMapping || account, account);
    return usd + concurrencyUsdPerHour({ ...fn, prices, ...pricing, concurrency });
  }, 0);
}

function total(values: Float64Array, from: number, to: number): number {
  return sum(values, from, to);
}

function assumptionsOf(spend: Spend, { config, pricing, window, calibration }: AssessInput): string[] {
  const prices = pricesFor(window.inventory.region);
  const list = [
    ...(calibration === undefined ? [] : [calibrationText(calibration)]),
    initText(spend.functions, window),
    'SQS requests (one receive and one delete per ten messages, 15 idle polls a minute) are in the spend, not in the waste',
  ];
  if (prices.estimatedReason !== null) list.push(prices.estimatedReason);
  const isTiered = ({ architecture }: LambdaFunction) =>
    usdPerGbSecond({ ...pricing, prices, architecture }) <
    usdPerGbSecond({ ...pricing, prices, architecture, monthToDateGbSeconds: 0 });
  if (spend.functions.some(isTiered)) {
    const from = config.pricing.monthToDateGbSeconds === undefined ? 'the bill' : 'the configuration';
    list.push(`price tier by the GB-seconds of this month from ${from}`);
  }
  for (const fn of spend.functions) {
    const downstream = downstreamUsdOf(fn, config);
    if (downstream > 0)
      list.push(`${fn.name}: ${formatUsd(downstream)} of other services per invocation is assumed`);
    if (fn.billing !== undefined && fn.billing !== 'on-demand')
      list.push(`${fn.name} is billed as ${fn.billing}: its duration is priced as on-demand`);
  }
  return list;
}

function initText(functions: readonly LambdaFunction[], window: Window): string {
  const isKnown = functions.some(
    ({ name }) => window.functions.get(name)?.concurrentExecutions !== undefined,
  );
  return isKnown
    ? `initialization (INIT): ${INIT_ASSUMPTION.initMs} ms assumed for each new execution environment`
    : 'initialization (INIT) is billed but in no metric: left out';
}
