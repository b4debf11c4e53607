import { type Answer, type FakeFunction, type FakeState, functionArn, type Seen } from './fake-aws.ts';

/** The Lambda control plane; `undefined`: not an operation of it. */
export function answerLambda(state: FakeState, { operation, input }: Seen): Answer | undefined {
  const fn = state.functions.find(({ name }) => name === input['name']);
  switch (operation) {
    case 'ListFunctions':
      return page(state.functions.map(configurationOf), 'Functions', state.functionsPerPage, input['Marker']);
    case 'ListEventSourceMappings':
      return page(state.mappings, 'EventSourceMappings', 100, input['Marker']);
    case 'GetAccountSettings':
      return { body: { AccountLimit: { ConcurrentExecutions: 1000 } } };
    case 'GetFunction':
      return fn === undefined
        ? missing()
        : { body: { Configuration: configurationOf(fn), ...detailsOf(fn) } };
    case 'GetFunctionConcurrency':
      return fn === undefined ? missing() : { body: concurrencyOf(fn) ?? {} };
    case 'GetFunctionEventInvokeConfig':
      return fn?.eventInvokeConfig === undefined ? missing() : { body: fn.eventInvokeConfig };
    case 'ListTags': {
      const resource = String(input['name']);
      const tagged = state.functions.find(({ name }) => functionArn(name) === resource);
      if (tagged !== undefined) return { body: { Tags: tagged.tags ?? {} } };
      const mapped = state.mappings.find(({ UUID }) => resource.endsWith(`:event-source-mapping:${UUID}`));
      return mapped === undefined ? missing() : { body: { Tags: mapped['Tags'] ?? {} } };
    }
    default:
      return undefined;
  }
}

function missing(): Answer {
  return { status: 404, code: 'ResourceNotFoundException', message: 'not found' };
}

function configurationOf(fn: FakeFunction): Readonly<Record<string, unknown>> {
  return {
    FunctionName: fn.name,
    FunctionArn: functionArn(fn.name),
    MemorySize: 512,
    Timeout: 30,
    Architectures: ['arm64'],
    EphemeralStorage: { Size: 512 },
    LastModified: '2026-01-02T03:04:05.000+0000',
    Runtime: 'nodejs24.x',
    CodeSize: 1234,
    ...fn.config,
  };
}

function concurrencyOf(fn: FakeFunction): Readonly<Record<string, unknown>> | undefined {
  const reserved = fn.reservedConcurrency;
  return reserved === undefined ? undefined : { ReservedConcurrentExecutions: reserved };
}

function detailsOf(fn: FakeFunction): Readonly<Record<string, unknown>> {
  const concurrency = concurrencyOf(fn);
  return {
    ...(concurrency === undefined ? {} : { Concurrency: concurrency }),
    ...(fn.tags === undefined ? {} : { Tags: fn.tags }),
  };
}

function page(items: readonly unknown[], field: string, size: number, marker: unknown): Answer {
  const from = Number(marker ?? 0);
  const next = from + size < items.length ? { NextMarker: String(from + size) } : {};
  return { body: { [field]: items.slice(from, from + size), ...next } };
}
