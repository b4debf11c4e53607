import { describe, expect, it } from 'vitest';
import { ALL_DETAILS } from '../../../src/observe/aws/function-details.ts';
import { readIdentity, readInventory } from '../../../src/observe/aws/inventory.ts';
import { NOW } from './account.ts';
import { type FakeState, fakeAws, mapping, queueArn } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

async function read(state: Partial<FakeState>) {
  const aws = fakeAws(state);
  const wire = fakeWire(aws);
  const answer = await readInventory(wire, await readIdentity(wire), null, { now: NOW, limits: ALL_DETAILS });
  return { aws, ...answer };
}

function fleet(count: number): { name: string }[] {
  return Array.from({ length: count }, (_, i) => ({ name: `fn-${i}` }));
}

describe('the inventory', () => {
  it('follows the pages of functions and mappings', async () => {
    const functions = fleet(130);
    const { aws, inventory, gaps } = await read({
      functions,
      mappings: functions.map(({ name }) => mapping(name, queueArn(`queue-of-${name}`))),
      queues: functions.map(({ name }) => ({ name: `queue-of-${name}` })),
    });
    expect(gaps).toEqual([]);
    expect(inventory.functions).toHaveLength(130);
    expect(inventory.functions.every((fn) => fn.eventSources.length === 1)).toBe(true);
    expect(inventory.queues).toHaveLength(130);
    expect(aws.count('ListFunctions')).toBe(3);
    expect(aws.count('ListEventSourceMappings')).toBe(2);
  });

  it('a page that fails leaves what was read before it, and a gap', async () => {
    const { inventory, gaps, memory } = await read({
      functions: fleet(130),
      fault: ({ operation, input }) =>
        operation === 'ListFunctions' && input['Marker'] === '100'
          ? { status: 403, code: 'AccessDeniedException' }
          : undefined,
    });
    expect(inventory.functions).toHaveLength(100);
    expect(gaps).toContainEqual({
      resource: 'the rest of the list',
      operation: 'ListFunctions',
      reason: 'access denied: needs lambda:ListFunctions',
    });
    expect(
      NOW - (memory.functions?.readAt ?? NOW),
      'stale at once, so that the next tick tries again',
    ).toBeGreaterThan(0);
  });

  it('a listing that repeats itself ends', async () => {
    const { aws, gaps } = await read({
      functions: fleet(2),
      tamper: ({ operation }, body) =>
        operation === 'ListFunctions' ? { ...(body as object), NextMarker: '0' } : body,
    });
    expect(aws.count('ListFunctions')).toBe(2);
    expect(gaps.map(({ reason }) => reason)).toContain('AWS repeats the same page');
  });

  it('one malformed function is a gap, the others are read', async () => {
    const { inventory, gaps } = await read({
      functions: [{ name: 'good' }, { name: 'bad', config: { MemorySize: 'much' } }],
    });
    expect(inventory.functions.map(({ name }) => name)).toEqual(['good']);
    expect(gaps).toContainEqual({
      resource: 'bad',
      operation: 'ListFunctions',
      reason: expect.stringContaining('MemorySize'),
    });
  });

  it('follows dead-letter queues of dead-letter queues, and circles end', async () => {
    const { inventory, aws } = await read({
      functions: fleet(1),
      mappings: [mapping('fn-0', queueArn('a'))],
      queues: [
        { name: 'a', deadLetterQueue: 'b' },
        { name: 'b', deadLetterQueue: 'c' },
        { name: 'c', deadLetterQueue: 'a' },
      ],
    });
    expect(inventory.queues.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(aws.count('GetQueueAttributes')).toBe(3);
  });

  it('a queue that feeds two functions is read once', async () => {
    const { aws, inventory } = await read({
      functions: fleet(2),
      mappings: [mapping('fn-0', queueArn('shared')), mapping('fn-1', queueArn('shared'))],
      queues: [{ name: 'shared' }],
    });
    expect(aws.count('GetQueueAttributes')).toBe(1);
    expect(inventory.queues).toHaveLength(1);
  });

  it('async invoke configurations are asked for where async events arrive', async () => {
    const points = new Map([[NOW, 1]]);
    const { inventory, aws } = await read({
      functions: [
        { name: 'async', eventInvokeConfig: { MaximumRetryAttempts: 1 } },
        { name: 'sync', eventInvokeConfig: { MaximumRetryAttempts: 0 } },
      ],
      metrics: [
        {
          namespace: 'AWS/Lambda',
          metric: 'AsyncEventsReceived',
          dimensions: { FunctionName: 'async' },
          points,
        },
      ],
    });
    expect(aws.count('GetFunctionEventInvokeConfig')).toBe(1);
    expect(inventory.functions.map((fn) => fn.asyncInvoke?.maximumRetryAttempts)).toEqual([1, undefined]);
  });
});
