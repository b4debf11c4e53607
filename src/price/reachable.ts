import { formatCount } from '../model/format.ts';
import { ACCOUNT_CONCURRENCY_DEFAULT } from '../model/inventory.ts';

/** Concurrent invocations of one SQS mapping in standard mode (AWS Lambda developer guide, SQS scaling, 2026). */
const SQS_MAPPING_CONCURRENCY_MAX = 1_250;
/** Concurrency of one provisioned poller (same page). */
const CONCURRENCY_PER_POLLER = 10;
/** Ramp of a mapping: standard, and in provisioned mode, per minute (same page). */
const RAMP_PER_MINUTE = { standard: 300, provisioned: 1_000 } as const;
/** Concurrency a standard mapping starts from (same page). */
const RAMP_START = 5;

type ConcurrencyLimit =
  | 'reserved concurrency'
  | 'mapping maximum'
  | 'provisioned pollers'
  | 'poller ramp'
  | 'account limit';

/** The most that can run at once, and what holds it there. */
export interface Reachable {
  readonly concurrency: number;
  readonly limitedBy: ConcurrencyLimit;
  /** Minutes from standstill, where pollers ramp up; `null`: at once. */
  readonly minutesToReach: number | null;
}

/** An event source mapping, as far as it says how much may run. */
interface Mapping {
  readonly kind: string;
  readonly enabled: boolean;
  /** SQS; `null`: not limited by the mapping. */
  readonly maximumConcurrency?: number | null | undefined;
  /** SQS provisioned mode; `null`: the mapping is in standard mode. */
  readonly maximumPollers?: number | null | undefined;
}

/** A function, as far as it says how much of it may run. */
interface Invocable {
  /** `null`: no reservation; `undefined`: not known. */
  readonly reservedConcurrency?: number | null | undefined;
  readonly eventSources?: readonly Mapping[] | undefined;
  readonly asyncInvokers?: readonly string[] | undefined;
  readonly syncInvokers?: readonly string[] | undefined;
}

/** What all functions of an account and region share. */
export interface AccountLimits {
  /** Concurrent executions; `undefined`: not known. */
  readonly limit: number | undefined;
  /** Sum of all reservations. */
  readonly reserved: number;
}

/** The lowest of what the reservation, the mappings and the account allow. */
export function reachableConcurrency(
  fn: Invocable,
  account: AccountLimits,
  assumptions: string[],
): Reachable {
  const cap: Reachable =
    typeof fn.reservedConcurrency === 'number'
      ? { concurrency: fn.reservedConcurrency, limitedBy: 'reserved concurrency', minutesToReach: null }
      : { concurrency: unreserved(fn, account), limitedBy: 'account limit', minutesToReach: null };
  const fed = throughMappings(fn);
  if (fed !== null && fed.concurrency < cap.concurrency) {
    assumptions.push('only its queues invoke it');
    return fed;
  }
  if (fn.reservedConcurrency === undefined) assumptions.push('reserved concurrency not known: none assumed');
  if (cap.limitedBy === 'account limit' && account.limit === undefined) {
    assumptions.push(`account limit not known: ${formatCount(ACCOUNT_CONCURRENCY_DEFAULT)} assumed`);
  }
  return cap;
}

/** What is left of the account's limit after the reservations of all other functions. */
function unreserved(fn: Invocable, account: AccountLimits): number {
  const limit = account.limit ?? ACCOUNT_CONCURRENCY_DEFAULT;
  return Math.max(0, limit - (account.reserved - (fn.reservedConcurrency ?? 0)));
}

/**
 * Concurrency through event source mappings; `null` where something else may invoke the function too, or where a
 * mapping has no bound that we know of.
 */
function throughMappings(fn: Invocable): Reachable | null {
  const sources = fn.eventSources?.filter(({ enabled }) => enabled) ?? [];
  if (sources.length === 0) return null;
  if ((fn.asyncInvokers?.length ?? 0) > 0 || (fn.syncInvokers?.length ?? 0) > 0) return null;
  if (sources.some(({ kind }) => kind !== 'sqs')) return null;
  const bounds = sources.map(boundOfMapping);
  const [first] = bounds.toSorted((a, b) => b.concurrency - a.concurrency);
  return {
    concurrency: bounds.reduce((sum, { concurrency }) => sum + concurrency, 0),
    limitedBy: first?.limitedBy ?? 'poller ramp',
    minutesToReach: Math.max(...bounds.map(({ minutesToReach }) => minutesToReach ?? 0)),
  };
}

/** The most one SQS mapping runs at once. */
export function boundOfMapping(source: Mapping): Reachable {
  if (typeof source.maximumPollers === 'number') {
    const concurrency = source.maximumPollers * CONCURRENCY_PER_POLLER;
    const minutesToReach = concurrency / RAMP_PER_MINUTE.provisioned;
    return { concurrency, limitedBy: 'provisioned pollers', minutesToReach };
  }
  const limited = typeof source.maximumConcurrency === 'number';
  const concurrency = source.maximumConcurrency ?? SQS_MAPPING_CONCURRENCY_MAX;
  return {
    concurrency,
    limitedBy: limited ? 'mapping maximum' : 'poller ramp',
    minutesToReach: Math.max(0, concurrency - RAMP_START) / RAMP_PER_MINUTE.standard,
  };
}
