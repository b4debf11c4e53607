import {
  DeleteFunctionConcurrencyCommand,
  GetEventSourceMappingCommand,
  InvokeCommand,
  PutFunctionConcurrencyCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { lambdaTotal, MINUTE_MS, minutes } from '../metrics.ts';
import { createPipeline, deploy, flood, journal, ledger } from '../pipeline.ts';
import { describeWithEmulator, openWorld } from '../world.ts';

const world = openWorld('emulator-brakes');
/** Until everything that happened is readable: the metric lag and a sample. */
const settled = () => world.sleep(1.5 * MINUTE_MS);

describeWithEmulator('the brakes in the emulator', () => {
  it('a mapping is Disabling, cannot be changed meanwhile, and starts nothing once it is Disabled', async () => {
    const pipeline = await createPipeline(world, { name: 'braked', behaviour: 'throws' });
    const sent = await flood(world, pipeline, 30);
    await world.eventually(
      async () => journal(pipeline),
      (entries) => entries.length > 30,
    );
    const disable = new UpdateEventSourceMappingCommand({ UUID: pipeline.mappingId, Enabled: false });
    const updates = await Promise.allSettled([world.lambda.send(disable), world.lambda.send(disable)]);
    expect(updates.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    for (const update of updates) {
      if (update.status === 'fulfilled') expect(update.value.State).toBe('Disabling');
      else expect(update.reason).toMatchObject({ name: 'ResourceInUseException' });
    }
    await world.eventually(
      () => world.lambda.send(new GetEventSourceMappingCommand({ UUID: pipeline.mappingId })),
      ({ State }) => State === 'Disabled',
    );
    await world.sleep(MINUTE_MS);
    const before = journal(pipeline).length;
    await world.sleep(3 * MINUTE_MS);
    expect(journal(pipeline).length).toBe(before);
    await deploy(world, pipeline, 'healthy');
    await world.lambda.send(new UpdateEventSourceMappingCommand({ UUID: pipeline.mappingId, Enabled: true }));
    const { processed } = await world.eventually(
      () => ledger(world, pipeline),
      ({ queued }) => queued.length === 0,
    );
    expect([...processed].sort()).toEqual([...sent].sort());
  });

  it('reserved concurrency 0 throttles every call, and drives good messages into the dead-letter queue', async () => {
    const pipeline = await createPipeline(world, {
      name: 'reserved',
      behaviour: 'healthy',
      maxReceiveCount: 2,
    });
    const { functionName: FunctionName } = pipeline;
    const invoke = () =>
      world.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records: [] }) }));
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }),
    );
    const sent = await flood(world, pipeline, 10);
    await expect(invoke()).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    await world.eventually(
      () => ledger(world, pipeline),
      ({ deadLettered }) => deadLettered.length === sent.length,
    );
    await settled();
    expect(journal(pipeline)).toEqual([]);
    // The messages come in at least one batch, each received twice, each receive throttled once; and our own call.
    expect(await lambdaTotal(world, pipeline, 'Throttles')).toBeGreaterThanOrEqual(3);
    expect(await lambdaTotal(world, pipeline, 'Invocations')).toBe(0);
    expect(await lambdaTotal(world, pipeline, 'Errors')).toBe(0);
    await world.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await invoke()).StatusCode).toBe(200);
  });

  it('a reservation is kept for its function, and from all others', async () => {
    const [kept, other] = await Promise.all(
      ['kept', 'left-over'].map((name) => createPipeline(world, { name, behaviour: 'healthy' })),
    );
    const invoke = (FunctionName = '') =>
      world.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ Records: [] }) }));
    const FunctionName = kept?.functionName;
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 1_000 }),
    );
    await expect(invoke(other?.functionName)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
    expect((await invoke(FunctionName)).StatusCode).toBe(200);
    await world.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect((await invoke(other?.functionName)).StatusCode).toBe(200);
  });

  it('the region-wide metrics without dimensions add up the functions', async () => {
    const [first, second] = [
      await createPipeline(world, { name: 'wide-a' }),
      await createPipeline(world, { name: 'wide-b' }),
    ];
    await Promise.all([flood(world, first, 10), flood(world, second, 10)]);
    for (const pipeline of [first, second]) {
      await world.eventually(
        () => lambdaTotal(world, pipeline, 'Invocations'),
        (invocations) => invocations > 0,
      );
    }
    await settled();
    const region = await minutes(world, {
      namespace: 'AWS/Lambda',
      metric: 'Invocations',
      stat: 'Sum',
      dimensions: {},
    });
    const total = region.reduce((sum, { value }) => sum + value, 0);
    const [a, b] = [
      await lambdaTotal(world, first, 'Invocations'),
      await lambdaTotal(world, second, 'Invocations'),
    ];
    expect(total).toBeGreaterThanOrEqual(a + b);
  });
});
