import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import type { Series } from '../../src/model/window.ts';
import { awsSource } from '../../src/observe/aws/source.ts';
import { lambdaTotal, MINUTE_MS, queueTotal } from './metrics.ts';
import { createPipeline, flood } from './pipeline.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('source');

const total = (series: Series | undefined) =>
  [...(series ?? [])].reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);

describeWithEmulator('the AWS source over the wire', () => {
  it('sees what is there and what it did, and asks for nothing that it may not', async () => {
    const throwing = await createPipeline(world, {
      name: 'orders',
      behaviour: 'throws',
      maxReceiveCount: 7,
      tags: { 'firebreak:kill': 'allowed' },
    });
    const partial = await createPipeline(world, {
      name: 'mails',
      behaviour: 'fails-partially',
      partialBatchResponses: true,
    });
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: partial.functionName,
        ReservedConcurrentExecutions: 20,
      }),
    );
    await flood(world, throwing, 20);
    await flood(world, partial, 4);
    await flood(world, partial, 2, 'poison');
    await world.sleep(4 * MINUTE_MS);

    const source = awsSource({ region: REGION, endpointUrl: world.endpoint, sleep: world.sleep });
    const window = await source.window(world.now());
    expect(window.gaps).toEqual([]);
    expect(window.inventory).toMatchObject({ account: world.account, region: REGION });
    expect(window.inventory.functions.find(({ name }) => name === throwing.functionName)).toMatchObject({
      memoryMB: 512,
      timeoutSeconds: 30,
      architecture: 'arm64',
      reservedConcurrency: null,
      tags: { 'firebreak:kill': 'allowed' },
      eventSources: [
        { id: throwing.mappingId, kind: 'sqs', source: 'orders', enabled: true, maximumConcurrency: 5 },
      ],
    });
    expect(window.inventory.functions.find(({ name }) => name === partial.functionName)).toMatchObject({
      reservedConcurrency: 20,
      eventSources: [{ partialBatchResponses: true }],
    });
    expect(window.inventory.queues.find(({ name }) => name === 'orders')).toMatchObject({
      visibilityTimeoutSeconds: 60,
      redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount: 7 },
    });
    expect(window.depths.get('orders')).toMatchObject({ readAt: expect.any(Number) });

    const worker = window.functions.get(throwing.functionName);
    expect(total(worker?.errors)).toBeGreaterThan(0);
    expect(total(worker?.errors)).toBe(total(worker?.invocations));
    expect(total(worker?.invocations)).toBeLessThanOrEqual(await lambdaTotal(world, throwing, 'Invocations'));
    expect(total(window.functions.get(partial.functionName)?.errors)).toBe(0);
    const orders = window.queues.get('orders');
    expect(total(orders?.sent)).toBe(20);
    expect(total(orders?.deleted)).toBe(0);
    expect(total(orders?.received)).toBeGreaterThan(20);
    expect(total(window.queues.get('mails')?.deleted)).toBe(4);
    expect(await queueTotal(world, partial, 'NumberOfMessagesReceived')).toBeGreaterThan(6);
  });
});
