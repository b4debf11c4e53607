import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { readOneFunction } from '../../../src/observe/aws/one-function.ts';
import { ACCOUNT, type FakeAws, fakeAws, mapping, queueArn, REGION } from './fake-aws.ts';
import { fakeWire } from './wire.ts';

const IDENTITY = { account: ACCOUNT, region: REGION };
const NOW = Date.UTC(2026, 10, 24, 12);

function account(): FakeAws {
  return fakeAws({
    functions: [
      {
        name: 'orders-worker',
        tags: { team: 'orders' },
        reservedConcurrency: 0,
        eventInvokeConfig: {
          DestinationConfig: { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:1:lost' } },
        },
      },
      { name: 'thumbnailer' },
    ],
    mappings: [
      mapping('orders-worker', queueArn('orders'), { UUID: 'esm-1' }),
      mapping('orders-worker:live', queueArn('returns'), { UUID: 'esm-2', State: 'Disabled' }),
      mapping('orders-worker', queueArn('theirs', '999988887777'), { UUID: 'esm-3' }),
      mapping('thumbnailer', queueArn('pictures'), { UUID: 'esm-4' }),
    ],
    queues: [{ name: 'orders', visible: 7, notVisible: 3 }, { name: 'returns' }, { name: 'pictures' }],
  });
}

const read = (aws: FakeAws, name = 'orders-worker') => readOneFunction(fakeWire(aws), IDENTITY, name, NOW);

describe('one function', () => {
  it('says who else reads its queues, and is not switched off', async () => {
    const aws = account();
    aws.state.mappings = [
      ...aws.state.mappings,
      mapping('audit', queueArn('orders'), { UUID: 'esm-5' }),
      mapping('old-audit', queueArn('orders'), { UUID: 'esm-6', State: 'Disabled' }),
    ];
    const { alsoReading } = await read(aws);
    expect(alsoReading.get('orders')).toEqual(['audit']);
    expect(alsoReading.get('returns')).toEqual([]);
    expect(alsoReading.has('pictures')).toBe(false);
  });

  it('with its mappings, those of its aliases included, its queues and their depths', async () => {
    const { inventory, depths, gaps } = await read(account());
    expect(gaps).toEqual([]);
    expect(inventory).toMatchObject(IDENTITY);
    expect(inventory.functions).toMatchObject([
      {
        name: 'orders-worker',
        reservedConcurrency: 0,
        tags: { team: 'orders' },
        asyncInvoke: { onFailure: 'arn:aws:sqs:us-east-1:1:lost' },
        eventSources: [
          { id: 'esm-1', source: 'orders', enabled: true },
          { id: 'esm-2', source: 'returns', enabled: false },
          { id: 'esm-3', source: queueArn('theirs', '999988887777'), enabled: true },
        ],
      },
    ]);
    expect(inventory.queues.map(({ name }) => name).sort()).toEqual(['orders', 'returns']);
    expect(depths.get('orders')).toEqual({ readAt: NOW, visible: 7, notVisible: 3 });
  });

  it('that does not exist: all there are, to say which was meant', async () => {
    const { inventory } = await read(account(), 'order-worker');
    expect(inventory.functions.map(({ name }) => name)).toEqual(['orders-worker', 'thumbnailer']);
    expect(inventory.queues).toEqual([]);
  });

  it('without the permission to read its code: out of the list', async () => {
    const aws = account();
    aws.state.fault = ({ operation }) =>
      operation === 'GetFunction' ? { status: 403, code: 'AccessDeniedException' } : undefined;
    const { inventory } = await read(aws);
    expect(inventory.functions).toMatchObject([
      { name: 'orders-worker', reservedConcurrency: 0, tags: { team: 'orders' } },
    ]);
    expect((await read(aws, 'order-worker')).inventory.functions).toHaveLength(2);
  });

  it('a queue that may not be read is a gap', async () => {
    const aws = account();
    aws.state.fault = ({ operation }) =>
      operation === 'GetQueueAttributes' ? { status: 403, code: 'AccessDenied' } : undefined;
    const { inventory, depths, gaps } = await read(aws);
    expect(inventory.queues).toEqual([]);
    expect(depths.size).toBe(0);
    expect(gaps.map(({ resource }) => resource).sort()).toEqual(['orders', 'returns']);
  });

  it.each(['GetFunction', 'ListEventSourceMappings'])('fails when %s does not answer', async (failing) => {
    const aws = account();
    aws.state.fault = ({ operation }) =>
      operation === failing ? { status: 400, code: 'InvalidRequestContentException' } : undefined;
    await expect(read(aws)).rejects.toThrow(UnavailableError);
  });
});
