import { GetFunctionCommand } from '@aws-sdk/client-lambda';
import type { Inventory, LambdaFunction } from '../../model/inventory.ts';
import type { EpochMs } from '../../model/time.ts';
import type { QueueDepth, ReadGap } from '../../model/window.ts';
import { failureOf, unavailable } from './failure.ts';
import { ALL_DETAILS, refreshAsyncInvoke, refreshDetails } from './function-details.ts';
import { factsOf, listFunctions, listMappings } from './functions.ts';
import type { Identity } from './inventory.ts';
import type { FunctionFacts, Mapping } from './memory.ts';
import { queueAsker, readQueues } from './queues.ts';
import { call, type Wire } from './wire.ts';

export interface OneFunction {
  /**
   * The function, its mappings and its queues. Where there is no function of that name, every function there is, without
   * details: to say which one was meant.
   */
  readonly inventory: Inventory;
  readonly depths: ReadonlyMap<string, QueueDepth>;
  /** Other functions that read the same queue or stream, by its name: those with an enabled mapping. */
  readonly alsoReading: ReadonlyMap<string, readonly string[]>;
  readonly gaps: readonly ReadGap[];
}

/**
 * One function as it is now: a handful of calls instead of a whole inventory, because the person who asks is in a hurry and
 * the calls share their quota with the customer's deployments.
 *
 * @throws {UnavailableError} when the function or its mappings cannot be read: acting on half of it would be wrong.
 */
export async function readOneFunction(
  wire: Wire,
  identity: Identity,
  functionName: string,
  now: EpochMs,
): Promise<OneFunction> {
  const facts = await readFacts(wire, functionName);
  if ('all' in facts) {
    const functions = facts.all.map((one) => functionOf(one, [], {}));
    return {
      inventory: { ...identity, functions, queues: [] },
      depths: new Map(),
      alsoReading: new Map(),
      gaps: [],
    };
  }
  const { mappings, others, gaps } = await mappingsOf(wire, functionName);
  const sources = mappings.map(({ source }) => source);
  const ownQueues = mappings
    .filter(({ foreignAccount, source }) => foreignAccount === null && source.kind === 'sqs')
    .map(({ source }) => source.source);
  const details = await refreshDetails(
    wire,
    [facts],
    { details: new Map(), getFunctionDeniedAt: null },
    { now, limits: ALL_DETAILS, ...identity },
  );
  const invokes = await refreshAsyncInvoke(wire, [facts], new Map(), { now, limits: ALL_DETAILS });
  const queues = await readQueues(queueAsker(wire), new Set(ownQueues), new Map(), { now });
  const fn = functionOf(facts, sources, {
    ...details.details.get(functionName),
    asyncInvoke: invokes.asyncInvoke.get(functionName)?.config ?? null,
  });
  return {
    inventory: {
      ...identity,
      functions: [fn],
      queues: [...queues.queues.values()].map(({ arn: _, ...queue }) => queue),
    },
    depths: queues.depths,
    alsoReading: readersOf(sources, others),
    gaps: [...gaps, ...details.gaps, ...invokes.gaps, ...queues.gaps],
  };
}

/** The function; or all there are, where there is none of that name. */
async function readFacts(
  wire: Wire,
  functionName: string,
): Promise<FunctionFacts | { readonly all: readonly FunctionFacts[] }> {
  try {
    const { Configuration } = await call(wire, 'GetFunction', (options) =>
      wire.clients.lambda.send(new GetFunctionCommand({ FunctionName: functionName }), options),
    );
    const facts = factsOf(Configuration);
    if ('reason' in facts) throw new Error(facts.reason);
    return facts;
  } catch (error) {
    // A role that must not download code is denied GetFunction; the list says the same, more slowly.
    if (!['missing', 'denied'].includes(failureOf(error, 'GetFunction').kind)) {
      throw unavailable(error, 'GetFunction');
    }
  }
  try {
    const { items, cutBy } = await listFunctions(wire);
    const found = items.find(({ name }) => name === functionName);
    if (found !== undefined) return found;
    if (cutBy !== null) throw cutBy;
    return { all: items };
  } catch (error) {
    throw unavailable(error, 'ListFunctions');
  }
}

/**
 * Its mappings, out of the list of all: asked for by the name of a function, AWS leaves out those of its aliases and
 * versions (assumption, to be on the safe side: the API reference does not say, 2026).
 */
async function mappingsOf(
  wire: Wire,
  functionName: string,
): Promise<{
  readonly mappings: readonly Mapping[];
  readonly others: readonly Mapping[];
  readonly gaps: readonly ReadGap[];
}> {
  try {
    const { items, cutBy, gaps } = await listMappings(wire);
    if (cutBy !== null) throw cutBy;
    const isOwn = (mapping: Mapping) => mapping.functionName === functionName;
    return { mappings: items.filter(isOwn), others: items.filter((mapping) => !isOwn(mapping)), gaps };
  } catch (error) {
    throw unavailable(error, 'ListEventSourceMappings');
  }
}

function readersOf(
  sources: LambdaFunction['eventSources'],
  others: readonly Mapping[],
): OneFunction['alsoReading'] {
  return new Map(
    sources.map(({ kind, source: name }) => [
      name,
      others
        .filter(({ source }) => source.enabled && source.kind === kind && source.source === name)
        .map(({ functionName }) => functionName),
    ]),
  );
}

function functionOf(
  facts: FunctionFacts,
  eventSources: LambdaFunction['eventSources'],
  details: Partial<Pick<LambdaFunction, 'reservedConcurrency' | 'tags' | 'asyncInvoke'>>,
): LambdaFunction {
  return {
    ...facts,
    reservedConcurrency: details.reservedConcurrency ?? null,
    tags: details.tags ?? {},
    eventSources,
    asyncInvoke: details.asyncInvoke ?? null,
  };
}
