import {
  GetFunctionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  ListTagsCommand,
} from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { AsyncInvokeConfig } from '../../model/inventory.ts';
import { type EpochMs, HOUR_MS, MINUTE_MS } from '../../model/time.ts';
import type { ReadGap } from '../../model/window.ts';
import { functionArn } from './arn.ts';
import { failureOf, gapOf } from './failure.ts';
import type { FunctionDetails, SourceMemory } from './memory.ts';
import { call, forEach, type Wire } from './wire.ts';

/** How long tags and reserved concurrency are believed; longer where they take two calls of the quota that deployments share. */
const DETAILS_TTL_MS = { getFunction: 15 * MINUTE_MS, controlPlane: 30 * MINUTE_MS } as const;
/** How long an async invoke configuration is believed: it changes with a deployment, if ever. */
const ASYNC_TTL_MS = 6 * HOUR_MS;
/** How long a denied GetFunction is not tried again. */
const DENIED_TTL_MS = HOUR_MS;

/**
 * How much one tick may read; the rest follows at the next ones. Ten seconds' worth of each quota. GetFunction has one of its
 * own and answers tags and reserved concurrency at once; all other calls share theirs with the customer's deployments, so they
 * are the second choice.
 */
export interface DetailLimits {
  readonly getFunction: number;
  readonly controlPlane: number;
  /** Pages of the lists of functions and mappings together. */
  readonly listPages: number;
}
export const DETAILS_PER_TICK: DetailLimits = { getFunction: 200, controlPlane: 40, listPages: 40 };
/** For one-off commands, which would rather wait than guess. */
export const ALL_DETAILS: DetailLimits = {
  getFunction: Number.POSITIVE_INFINITY,
  controlPlane: Number.POSITIVE_INFINITY,
  listPages: Number.POSITIVE_INFINITY,
};

export interface DetailFunction {
  readonly name: string;
  readonly lastModifiedAt?: EpochMs;
}

export interface DetailsRead {
  readonly details: SourceMemory['details'];
  readonly getFunctionDeniedAt: EpochMs | null;
  readonly gaps: readonly ReadGap[];
}

/** Refreshes the oldest tags and reserved concurrencies, as many as the limit allows. */
export async function refreshDetails(
  wire: Wire,
  functions: readonly DetailFunction[],
  before: Pick<SourceMemory, 'details' | 'getFunctionDeniedAt'>,
  options: {
    readonly now: EpochMs;
    readonly limits: DetailLimits;
    readonly account: string;
    readonly region: string;
    /** What only grew old waits for another tick: this one has asked the control plane for enough. Default: it does not. */
    readonly onlyNew?: boolean;
  },
): Promise<DetailsRead> {
  const { now, limits, onlyNew = false } = options;
  const details = new Map(functions.flatMap(({ name }) => entryOf(before.details, name)));
  const gaps: ReadGap[] = [];
  const denied = before.getFunctionDeniedAt;
  let getFunctionDeniedAt = denied !== null && now - denied < DENIED_TTL_MS ? denied : null;

  if (getFunctionDeniedAt === null) {
    const stale = staleOf(functions, details, { now, ttlMs: DETAILS_TTL_MS.getFunction, onlyNew });
    await forEach(wire, stale.slice(0, limits.getFunction), async (fn) => {
      try {
        details.set(fn.name, { readAt: now, ...(await getFunction(wire, fn.name, gaps)) });
        return undefined;
      } catch (error) {
        if (failureOf(error, 'GetFunction').kind !== 'denied') {
          gaps.push(gapOf(error, 'GetFunction', fn.name));
          return undefined;
        }
        getFunctionDeniedAt = now;
        return 'stop';
      }
    });
  }
  if (getFunctionDeniedAt !== null) {
    const stale = staleOf(functions, details, { now, ttlMs: DETAILS_TTL_MS.controlPlane, onlyNew });
    // Two calls a function: half as many functions.
    await forEach(wire, stale.slice(0, limits.controlPlane / 2), async (fn) => {
      const read = await readWithoutGetFunction(wire, fn.name, options, gaps);
      if (read !== null) details.set(fn.name, { readAt: now, ...read });
      return undefined;
    });
  }
  const unread = functions.length - details.size;
  if (unread > 0) {
    gaps.push({
      resource: `${unread} of ${functions.length} functions`,
      operation: 'GetFunction',
      reason: 'tags and reserved concurrency not read yet; they are read a slice at a time',
    });
  }
  return { details, getFunctionDeniedAt, gaps };
}

function entryOf<T>(map: ReadonlyMap<string, T>, name: string): [string, T][] {
  const value = map.get(name);
  return value === undefined ? [] : [[name, value]];
}

/**
 * Never read first, then what was changed since, then the oldest: of those that only grew old one tick's share, so that a tick
 * waits for its turn no longer than it must, and is billed for no more.
 */
function staleOf(
  functions: readonly DetailFunction[],
  known: ReadonlyMap<string, { readonly readAt: EpochMs }>,
  {
    now,
    ttlMs,
    onlyNew = false,
  }: { readonly now: EpochMs; readonly ttlMs: number; readonly onlyNew?: boolean },
): DetailFunction[] {
  const readAt = (fn: DetailFunction) => known.get(fn.name)?.readAt ?? Number.NEGATIVE_INFINITY;
  const oldestFirst = functions.toSorted((a, b) => (readAt(a) === readAt(b) ? 0 : readAt(a) - readAt(b)));
  const isNew = (fn: DetailFunction) => !known.has(fn.name) || (fn.lastModifiedAt ?? 0) > readAt(fn);
  const old = oldestFirst.filter((fn) => !isNew(fn) && now - readAt(fn) >= ttlMs);
  const share = onlyNew ? 0 : Math.ceil((functions.length * MINUTE_MS) / ttlMs);
  return [...oldestFirst.filter(isNew), ...old.slice(0, share)];
}

type Details = Omit<FunctionDetails, 'readAt'>;

const getFunctionSchema = z.object({
  Concurrency: z.object({ ReservedConcurrentExecutions: z.number().nonnegative().optional() }).optional(),
  Tags: z.record(z.string(), z.string()).optional(),
  TagsError: z.unknown().optional(),
});

async function getFunction(wire: Wire, name: string, gaps: ReadGap[]): Promise<Details> {
  const output = await call(wire, 'GetFunction', (options) =>
    wire.clients.lambda.send(new GetFunctionCommand({ FunctionName: name }), options),
  );
  const { Concurrency, Tags, TagsError } = getFunctionSchema.parse(output);
  if (TagsError != null) {
    gaps.push({ resource: name, operation: 'GetFunction', reason: 'no tags: needs lambda:ListTags' });
  }
  // Absent is no reservation; 0 is a reservation of nothing.
  return { reservedConcurrency: Concurrency?.ReservedConcurrentExecutions ?? null, tags: Tags ?? {} };
}

/** For roles that must not be able to download code, which GetFunction would let them. */
async function readWithoutGetFunction(
  wire: Wire,
  name: string,
  where: { readonly account: string; readonly region: string },
  gaps: ReadGap[],
): Promise<Details | null> {
  let reservedConcurrency: number | null;
  try {
    const output = await call(wire, 'GetFunctionConcurrency', (options) =>
      wire.clients.lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: name }), options),
    );
    reservedConcurrency =
      z.number().nonnegative().optional().parse(output.ReservedConcurrentExecutions) ?? null;
  } catch (error) {
    gaps.push(gapOf(error, 'GetFunctionConcurrency', name));
    return null;
  }
  return { reservedConcurrency, tags: await listTags(wire, name, where, gaps) };
}

async function listTags(
  wire: Wire,
  name: string,
  { account, region }: { readonly account: string; readonly region: string },
  gaps: ReadGap[],
): Promise<Record<string, string>> {
  try {
    const output = await call(wire, 'ListTags', (options) =>
      wire.clients.lambda.send(
        new ListTagsCommand({
          Resource: functionArn({ account, region }, name),
        }),
        options,
      ),
    );
    return z.record(z.string(), z.string()).parse(output.Tags ?? {});
  } catch (error) {
    gaps.push(gapOf(error, 'ListTags', name));
    return {};
  }
}

const invokeConfigSchema = z.object({
  MaximumRetryAttempts: z.number().nonnegative().optional(),
  MaximumEventAgeInSeconds: z.number().nonnegative().optional(),
  DestinationConfig: z
    .object({ OnFailure: z.object({ Destination: z.string().optional() }).optional() })
    .optional(),
});

/**
 * Refreshes async invoke configurations of the functions given: those that receive async events, since there is no
 * listing for all functions, and each call takes from the quota that deployments share.
 */
export async function refreshAsyncInvoke(
  wire: Wire,
  functions: readonly DetailFunction[],
  before: SourceMemory['asyncInvoke'],
  options: { readonly now: EpochMs; readonly limits: DetailLimits },
): Promise<{ readonly asyncInvoke: SourceMemory['asyncInvoke']; readonly gaps: readonly ReadGap[] }> {
  const { now, limits } = options;
  const asyncInvoke = new Map(before);
  const gaps: ReadGap[] = [];
  const stale = staleOf(functions, asyncInvoke, { now, ttlMs: ASYNC_TTL_MS }).slice(0, limits.controlPlane);
  await forEach(wire, stale, async ({ name }) => {
    try {
      asyncInvoke.set(name, { readAt: now, config: await getInvokeConfig(wire, name) });
    } catch (error) {
      const operation = 'GetFunctionEventInvokeConfig';
      // No configuration of its own: AWS defaults.
      if (failureOf(error, operation).kind === 'missing')
        asyncInvoke.set(name, { readAt: now, config: null });
      else gaps.push(gapOf(error, operation, name));
    }
    return undefined;
  });
  return { asyncInvoke, gaps };
}

async function getInvokeConfig(wire: Wire, name: string): Promise<AsyncInvokeConfig> {
  const output = await call(wire, 'GetFunctionEventInvokeConfig', (options) =>
    wire.clients.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name }), options),
  );
  const config = invokeConfigSchema.parse(output);
  return {
    maximumRetryAttempts: config.MaximumRetryAttempts ?? 2,
    maximumEventAgeSeconds: config.MaximumEventAgeInSeconds ?? 21_600,
    onFailure: config.DestinationConfig?.OnFailure?.Destination ?? null,
  };
}
