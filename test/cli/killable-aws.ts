import type { WireRequest, WireResponse } from '../observe/aws/fake-aws.ts';
import { ACCOUNT, type FakeAws, fakeAws, mapping, queueArn, REGION } from '../observe/aws/fake-aws.ts';

export { ACCOUNT, REGION };

/** A fake account in which mappings and reservations can be changed, as the kill switch does. */
export interface KillableAws extends FakeAws {
  /** What was changed, in order. */
  readonly changes: string[];
  /** State of the mapping of orders, and reserved concurrency of orders-worker. */
  settings(): { readonly mapping: unknown; readonly reservedConcurrency: number | null };
  /** Somebody else changes it. */
  setReservedConcurrency(value: number): void;
  /** Concurrency that may be reserved at most. */
  reservable: number;
}

const MAPPING_ID = 'esm-orders';

/** `orders` feeds `orders-worker`; `thumbnailer` has no mapping. */
export function killableAws(): KillableAws {
  const fake = fakeAws({
    functions: [
      { name: 'orders-worker', tags: { team: 'orders' }, config: { Timeout: 300 } },
      { name: 'thumbnailer', reservedConcurrency: 20 },
    ],
    mappings: [mapping('orders-worker', queueArn('orders'), { UUID: MAPPING_ID })],
    queues: [
      { name: 'orders', visible: 1_200, notVisible: 40, deadLetterQueue: 'orders-dlq', maxReceiveCount: 5 },
      { name: 'orders-dlq' },
    ],
  });
  const { state } = fake;
  const changes: string[] = [];

  const reserve = (name: string, value: number | undefined) => {
    state.functions = state.functions.map(({ reservedConcurrency: _, ...fn }) => {
      if (fn.name !== name) return { ...fn, ...(_ === undefined ? {} : { reservedConcurrency: _ }) };
      return { ...fn, ...(value === undefined ? {} : { reservedConcurrency: value }) };
    });
  };
  const aws: KillableAws = {
    ...fake,
    changes,
    reservable: 900,
    settings: () => ({
      mapping: state.mappings[0]?.['State'],
      reservedConcurrency:
        state.functions.find(({ name }) => name === 'orders-worker')?.reservedConcurrency ?? null,
    }),
    setReservedConcurrency: (value) => reserve('orders-worker', value),
    respond(request) {
      return answer(request) ?? fake.respond(request);
    },
  };
  return aws;

  function answer(request: WireRequest): WireResponse | null {
    const mappingId = /\/event-source-mappings\/([^/]+)$/.exec(request.path)?.[1];
    if (mappingId !== undefined) return answerMapping(request, mappingId);
    const functionName = /\/functions\/([^/]+)\/concurrency$/.exec(request.path)?.[1];
    if (functionName === undefined || request.method === 'GET') return null;
    if (request.method === 'DELETE') {
      changes.push(`${functionName} concurrency none`);
      reserve(functionName, undefined);
      return json(204, {});
    }
    const { ReservedConcurrentExecutions: value } = JSON.parse(String(request.body));
    if (value > aws.reservable) return failure(400, 'InvalidParameterValueException');
    changes.push(`${functionName} concurrency ${value}`);
    reserve(functionName, value);
    return json(200, { ReservedConcurrentExecutions: value });
  }

  function answerMapping(request: WireRequest, id: string): WireResponse {
    const found = state.mappings.find((one) => one['UUID'] === id);
    if (found === undefined) return failure(404, 'ResourceNotFoundException');
    if (request.method === 'GET') return json(200, found);
    const { Enabled, ScalingConfig } = JSON.parse(String(request.body));
    if (ScalingConfig !== undefined)
      changes.push(`${id} at most ${ScalingConfig.MaximumConcurrency ?? 'any'}`);
    if (Enabled !== undefined) changes.push(`${id} ${Enabled ? 'enabled' : 'disabled'}`);
    const changed = {
      ...found,
      ...(ScalingConfig === undefined ? {} : { ScalingConfig }),
      ...(Enabled === undefined ? {} : { State: Enabled ? 'Enabled' : 'Disabled' }),
    };
    state.mappings = state.mappings.map((one) => (one === found ? changed : one));
    return json(202, changed);
  }
}

function json(statusCode: number, body: unknown): WireResponse {
  const text = statusCode === 204 ? '' : JSON.stringify(body);
  return { statusCode, headers: { 'content-type': 'application/json' }, body: text };
}

function failure(statusCode: number, code: string): WireResponse {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ Message: code }),
  };
}
