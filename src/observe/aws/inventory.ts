import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { EventSource, Inventory, LambdaFunction, Queue } from '../../model/inventory.ts';
import { DAY_MS, type EpochMs, HOUR_MS, MINUTE_MS } from '../../model/time.ts';
import type { QueueDepth, ReadGap } from '../../model/window.ts';
import { refreshActivity } from './activity.ts';
import type { Operation } from './calls.ts';
import { gapOf, unavailable } from './failure.ts';
import { type DetailLimits, refreshAsyncInvoke, refreshDetails } from './function-details.ts';
import { listFunctions, listMappings, type Parsed, readConcurrencyLimit } from './functions.ts';
import { emptyMemory, type FunctionFacts, type Mapping, type SourceMemory } from './memory.ts';
import { type AskQueue, queueAsker, readQueues } from './queues.ts';
import type { Due } from './reading-plan.ts';
import { call, type ListingPart, type Wire } from './wire.ts';

/** How long the lists of functions and mappings are believed. A page of 50 functions is one of the shared 15 calls a second. */
const LIST_TTL_MS = 5 * MINUTE_MS;
const CONCURRENCY_LIMIT_TTL_MS = HOUR_MS;
/** A list that could not be refreshed for this long is no inventory any more. */
const LIST_AGE_MAX_MS = DAY_MS;

export interface Identity {
  readonly account: string;
  readonly region: string;
}

/**
 * Account and region that the credentials lead to.
 * @throws {UnavailableError} without credentials or region, or when the endpoint cannot be reached.
 */
export async function readIdentity(wire: Wire): Promise<Identity> {
  try {
    const region = await wire.clients.sts.config.region();
    const output = await call(wire, 'GetCallerIdentity', (options) =>
      wire.clients.sts.send(new GetCallerIdentityCommand({}), options),
    );
    if (typeof output.Account !== 'string') throw new Error('the answer names no account');
    return { account: output.Account, region };
  } catch (error) {
    throw unavailable(error, 'GetCallerIdentity');
  }
}

export interface InventoryRead {
  readonly inventory: Inventory;
  readonly depths: ReadonlyMap<string, QueueDepth>;
  readonly memory: SourceMemory;
  readonly gaps: readonly ReadGap[];
}

export interface InventoryOptions {
  readonly now: EpochMs;
  readonly limits: DetailLimits;
  /** How old the lists of functions and mappings may be. */
  readonly listTtlMs?: number;
  /** Which queues' depths are due, by what is known before; all of them where it is absent. */
  readonly dueQueues?: (inventory: Inventory, memory: SourceMemory) => Due;
  /** Who answers for queues; SQS itself where it is absent. */
  readonly ask?: AskQueue;
}

/**
 * What exists, from memory where that is fresh enough, and the depth of every queue that feeds a function.
 * @throws {UnavailableError} when functions cannot be listed and are not known either.
 */
export async function readInventory(
  wire: Wire,
  identity: Identity,
  remembered: SourceMemory | null,
  options: InventoryOptions,
): Promise<InventoryRead> {
  const { now, dueQueues } = options;
  const fits = remembered?.account === identity.account && remembered.region === identity.region;
  const before = fits ? remembered : emptyMemory(identity.account, identity.region);
  const listed = await refreshLists(wire, before, options);
  const { functions, mappings } = listed;

  const queueNames = new Set(
    mappings.items
      .filter((mapping) => mapping.source.kind === 'sqs' && mapping.foreignAccount === null)
      .map((mapping) => mapping.source.source),
  );
  const soFar = { ...before, functions, mappings, accountConcurrencyLimit: listed.accountConcurrencyLimit };
  const due = dueQueues?.(toInventory(soFar), soFar);
  const [details, activity, queues] = await Promise.all([
    refreshDetails(wire, functions.items, before, {
      ...{ ...options, ...identity },
      onlyNew: functions.readAt === now && mappings.readAt === now,
    }),
    refreshActivity(wire, before.activity, now),
    readQueues(options.ask ?? queueAsker(wire), queueNames, before.queues, { now, due }),
  ]);
  const async = activity.activity === null ? null : new Set(activity.activity.async);
  const receivers = functions.items.filter((fn) => async === null || async.has(fn.name));
  const invokes = await refreshAsyncInvoke(wire, receivers, before.asyncInvoke, options);

  const memory: SourceMemory = {
    ...before,
    functions,
    mappings,
    accountConcurrencyLimit: listed.accountConcurrencyLimit,
    details: details.details,
    getFunctionDeniedAt: details.getFunctionDeniedAt,
    activity: activity.activity,
    asyncInvoke: invokes.asyncInvoke,
    queues: queues.queues,
  };
  return {
    inventory: toInventory(memory),
    depths: queues.depths,
    memory,
    gaps: [
      ...listed.gaps,
      ...foreignQueueGaps(mappings.items),
      ...details.gaps,
      ...activity.gaps,
      ...invokes.gaps,
      ...queues.gaps,
    ],
  };
}

interface Stamped<Item> {
  readonly readAt: EpochMs;
  readonly items: Item[];
  readonly unfinished?: { readonly next: string; readonly items: Item[] };
}

interface Lists {
  readonly functions: Stamped<FunctionFacts>;
  readonly mappings: Stamped<Mapping>;
  readonly accountConcurrencyLimit: SourceMemory['accountConcurrencyLimit'];
  readonly gaps: readonly ReadGap[];
}

async function refreshLists(
  wire: Wire,
  before: SourceMemory,
  { now, limits, listTtlMs: ttlMs = LIST_TTL_MS }: InventoryOptions,
): Promise<Lists> {
  const gaps: ReadGap[] = [];
  const refresh: Refresh = { now, ttlMs, gaps, pagesLeft: limits.listPages };
  // One after the other: they share a quota with the customer's deployments.
  const functions = await refreshList(wire, 'ListFunctions', listFunctions, before.functions, refresh);
  if (functions instanceof Error) throw functions;
  const mappings = await refreshList(wire, 'ListEventSourceMappings', listMappings, before.mappings, refresh);
  return {
    functions,
    mappings: mappings instanceof Error ? { readAt: 0, items: [] } : mappings,
    accountConcurrencyLimit: await refreshConcurrencyLimit(wire, before.accountConcurrencyLimit, {
      now,
      gaps,
    }),
    gaps,
  };
}

interface Refresh {
  readonly now: EpochMs;
  readonly ttlMs: number;
  readonly gaps: ReadGap[];
  /** Of this tick; what does not fit is read at the next ones. */
  pagesLeft: number;
}

/** The list anew when it is old; an older one, with a gap, when that fails; an error when there is none. */
async function refreshList<Item>(
  wire: Wire,
  operation: Operation,
  list: (wire: Wire, part: ListingPart) => Promise<Parsed<Item>>,
  before: Stamped<Item> | null,
  refresh: Refresh,
): Promise<Stamped<Item> | Error> {
  const { now, gaps } = refresh;
  const ageMs = before === null ? Number.POSITIVE_INFINITY : now - before.readAt;
  const known = before?.items ?? [];
  const soFar = before?.unfinished;
  if (before !== null && soFar === undefined && ageMs >= 0 && ageMs < refresh.ttlMs) return before;
  // A second list of the same tick waits, where there is one of before.
  if (before !== null && refresh.pagesLeft <= 0) return before;
  try {
    const listing = await list(wire, { from: soFar?.next, pagesMax: Math.max(1, refresh.pagesLeft) });
    refresh.pagesLeft -= listing.pages;
    gaps.push(...listing.gaps);
    const items = [...(soFar?.items ?? []), ...listing.items];
    if (listing.cutBy === null && listing.next === null) return { readAt: now, items };
    // The longer of the two lists says more.
    const longer = known.length > items.length ? known : items;
    const readAt = Math.min(before?.readAt ?? now, now - refresh.ttlMs);
    if (listing.next === null) {
      gaps.push(gapOf(listing.cutBy, operation, 'the rest of the list'));
      // What is half read is tried again at the next tick.
      return { readAt: now - refresh.ttlMs, items: [...longer] };
    }
    if (longer === items) {
      const reason = `${items.length} read; the others follow at the next ticks`;
      gaps.push({ resource: 'the rest of the list', operation, reason });
    }
    return { readAt, items: [...longer], unfinished: { next: listing.next, items } };
  } catch (error) {
    gaps.push(gapOf(error, operation, 'region'));
    if (before === null || ageMs >= LIST_AGE_MAX_MS) return unavailable(error, operation);
    const { unfinished: _, ...kept } = before;
    return kept;
  }
}

async function refreshConcurrencyLimit(
  wire: Wire,
  before: SourceMemory['accountConcurrencyLimit'],
  { now, gaps }: Pick<Refresh, 'now' | 'gaps'>,
): Promise<SourceMemory['accountConcurrencyLimit']> {
  if (before !== null && now >= before.readAt && now - before.readAt < CONCURRENCY_LIMIT_TTL_MS)
    return before;
  try {
    const value = await readConcurrencyLimit(wire);
    return value === null ? null : { readAt: now, value };
  } catch (error) {
    gaps.push(gapOf(error, 'GetAccountSettings', 'account'));
    return before;
  }
}

function foreignQueueGaps(mappings: readonly Mapping[]): ReadGap[] {
  return mappings
    .filter((mapping) => mapping.foreignAccount !== null && mapping.source.kind === 'sqs')
    .map((mapping) => ({
      resource: mapping.source.source,
      operation: 'GetQueueAttributes',
      reason: `the queue is in account ${mapping.foreignAccount}: watch it from there`,
    }));
}

/** What exists, as far as it is known. */
export function toInventory(memory: SourceMemory): Inventory {
  const sources = new Map<string, EventSource[]>();
  for (const { functionName, source } of memory.mappings?.items ?? []) {
    const list = sources.get(functionName);
    if (list === undefined) sources.set(functionName, [source]);
    else list.push(source);
  }
  return {
    account: memory.account,
    region: memory.region,
    functions: (memory.functions?.items ?? []).map(
      (facts): LambdaFunction => ({
        ...facts,
        reservedConcurrency: memory.details.get(facts.name)?.reservedConcurrency ?? null,
        tags: memory.details.get(facts.name)?.tags ?? {},
        eventSources: sources.get(facts.name) ?? [],
        asyncInvoke: memory.asyncInvoke.get(facts.name)?.config ?? null,
      }),
    ),
    queues: [...memory.queues.values()].map(({ arn: _, ...queue }): Queue => queue),
    ...(memory.accountConcurrencyLimit === null
      ? {}
      : { accountConcurrencyLimit: memory.accountConcurrencyLimit.value }),
  };
}
