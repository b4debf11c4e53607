import { billingNotes, functionCost } from '../price/function-cost.ts';
import { concurrencyUsdPerHour, type PricingOptions, type RegionPrices } from '../price/lambda-price.ts';
import { FREE_EPHEMERAL_STORAGE_MB } from '../price/price-list.ts';
import { type AccountLimits, type Reachable, reachableConcurrency } from '../price/reachable.ts';
import { type PoisonUnit, type PricedFunction, poisonEvent, poisonMessage, poisonRecord } from './poison.ts';
import type { AuditFunction, AuditQueue, AuditSubject } from './subject.ts';

/** What one function can cost at the worst, from its settings alone. */
export interface Exposure {
  readonly functionName: string;
  readonly reachable: Reachable;
  /** Reachable concurrency x memory x price of an hour; `null`: memory is not known, or AWS bills it otherwise. */
  readonly usdPerHour: number | null;
  /** What it costs in a usual month, from its REPORT lines; `null`: they were not read. */
  readonly usualUsdPerMonth: number | null;
  /** The dearest poison message, record or event; `null`: none is possible, or settings are not known. */
  readonly incident: PoisonUnit | null;
  /** What ends a failure by itself, and when. */
  readonly ends: string;
  readonly assumptions: readonly string[];
}

interface ExposureInput {
  readonly subject: AuditSubject;
  readonly prices: RegionPrices;
  readonly pricing: PricingOptions;
}

/** Every function's exposure, the worst first: by dollars an hour, then by dollars of one incident. */
export function exposuresOf(input: ExposureInput): readonly Exposure[] {
  const { subject } = input;
  const fleet: Fleet = {
    queues: new Map(subject.queues.map((queue) => [queue.name, queue])),
    limit: subject.accountConcurrencyLimit,
    reserved: subject.functions.reduce((sum, fn) => sum + (fn.reservedConcurrency ?? 0), 0),
  };
  return subject.functions
    .map((fn) => exposureOf(fn, fleet, input))
    .sort(
      (a, b) =>
        (b.usdPerHour ?? -1) - (a.usdPerHour ?? -1) ||
        (b.incident?.usd ?? -1) - (a.incident?.usd ?? -1) ||
        (a.functionName < b.functionName ? -1 : 1),
    );
}

/** What the exposure of one function depends on beyond itself. */
interface Fleet extends AccountLimits {
  readonly queues: ReadonlyMap<string, AuditQueue>;
}

function exposureOf(fn: AuditFunction, fleet: Fleet, { prices, pricing }: ExposureInput): Exposure {
  const assumptions: string[] = [];
  const reachable = reachableConcurrency(fn, fleet, assumptions);
  const usdPerHour = usdPerHourOf(fn, reachable, { prices, pricing, assumptions });
  const incident = incidentOf(fn, fleet.queues, { prices, pricing });
  if (prices.estimatedReason !== null) assumptions.push(prices.estimatedReason);
  return {
    functionName: fn.name,
    reachable,
    usdPerHour,
    usualUsdPerMonth: usualUsdPerMonth(fn, { prices, pricing }),
    incident,
    ends: endsText(fn, incident, reachable),
    assumptions,
  };
}

function usdPerHourOf(
  fn: AuditFunction,
  reachable: Reachable,
  price: { readonly prices: RegionPrices; readonly pricing: PricingOptions; readonly assumptions: string[] },
): number | null {
  price.assumptions.push(...billingNotes({}, fn.billing));
  if (fn.billing === 'managed-instances' || fn.memoryMB === undefined) return null;
  if (fn.architecture === undefined) price.assumptions.push('architecture not known: x86_64');
  return concurrencyUsdPerHour({
    ...price.pricing,
    prices: price.prices,
    architecture: fn.architecture ?? 'x86_64',
    memoryMB: fn.memoryMB,
    ephemeralStorageMB: fn.ephemeralStorageMB,
    concurrency: reachable.concurrency,
  });
}

const HOURS_PER_MONTH = 720;

/** A month at the pace of the observed hours. Billed durations hold INIT already. */
function usualUsdPerMonth(
  fn: AuditFunction,
  price: { readonly prices: RegionPrices; readonly pricing: PricingOptions },
): number | null {
  const { observed, memoryMB } = fn;
  if (observed === undefined || memoryMB === undefined) return null;
  const invocations = (observed.invocations / observed.hours) * HOURS_PER_MONTH;
  const { usd } = functionCost({
    use: {
      fn: {
        memoryMB,
        architecture: fn.architecture ?? 'x86_64',
        ephemeralStorageMB: fn.ephemeralStorageMB ?? FREE_EPHEMERAL_STORAGE_MB,
        billing: fn.billing,
      },
      invocations,
      durationMs: invocations * observed.averageBilledMs,
    },
    prices: price.prices,
    options: price.pricing,
  });
  return usd;
}

function incidentOf(
  fn: AuditFunction,
  queues: ReadonlyMap<string, AuditQueue>,
  price: { readonly prices: RegionPrices; readonly pricing: PricingOptions },
): PoisonUnit | null {
  const priced = pricedFunction(fn, price);
  if (priced === null) return null;
  const units = (fn.eventSources ?? [])
    .filter(({ enabled }) => enabled)
    .map((source) => {
      if (source.kind === 'sqs') return poisonMessage(priced, queues.get(source.source));
      return source.kind === 'other' ? undefined : poisonRecord(priced, source);
    });
  if ((fn.asyncInvokers?.length ?? 0) > 0) units.push(poisonEvent(priced));
  const known = units.filter((unit) => unit !== undefined);
  return known.toSorted((a, b) => b.usd - a.usd)[0] ?? null;
}

/** The function with what pricing needs; `null` where that is not known, or AWS does not bill by GB-seconds. */
export function pricedFunction(
  fn: AuditFunction,
  price: { readonly prices: RegionPrices; readonly pricing: PricingOptions },
): PricedFunction | null {
  const { memoryMB, timeoutSeconds } = fn;
  if (memoryMB === undefined || timeoutSeconds === undefined || fn.billing === 'managed-instances')
    return null;
  return { ...price, fn: { ...fn, memoryMB, timeoutSeconds } };
}

function endsText(fn: AuditFunction, incident: PoisonUnit | null, reachable: Reachable): string {
  if (reachable.concurrency === 0) return 'nothing runs: its reserved concurrency is 0';
  if (incident !== null) return incident.text;
  if ((fn.eventSources?.length ?? 0) > 0) return 'cannot say: settings of its event source are not known';
  return 'each invocation ends at its timeout; callers decide whether they retry';
}
