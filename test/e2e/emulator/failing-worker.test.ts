import { expect, it } from 'vitest';
import { lambdaTotal, MINUTE_MS, minutes, queueTotal } from '../metrics.ts';
import { createPipeline, everything, flood, journal, ledger, type Pipeline } from '../pipeline.ts';
import { describeWithEmulator, openWorld } from '../world.ts';

const world = openWorld('emulator-failing-worker');
/** Until everything that happened is readable: the metric lag and a sample. */
const settled = () => world.sleep(1.5 * MINUTE_MS);
const lambdaMinutes = ({ functionName }: Pipeline, metric: string) =>
  minutes(world, {
    namespace: 'AWS/Lambda',
    metric,
    stat: 'Maximum',
    dimensions: { FunctionName: functionName },
  });

describeWithEmulator('a failing worker in the emulator', () => {
  it('throws: counted as errors, messages are received again and again, then dead-lettered, none lost', async () => {
    const pipeline = await createPipeline(world, {
      name: 'throwing',
      behaviour: 'throws',
      maxReceiveCount: 3,
    });
    const sent = await flood(world, pipeline, 20);
    await world.eventually(
      () => ledger(world, pipeline),
      ({ deadLettered }) => deadLettered.length === sent.length,
    );
    await settled();
    expect(everything(await ledger(world, pipeline))).toEqual([...sent].sort());
    const invocations = await lambdaTotal(world, pipeline, 'Invocations');
    expect(invocations).toBeGreaterThanOrEqual(6);
    expect(await lambdaTotal(world, pipeline, 'Errors')).toBe(invocations);
    expect(await lambdaTotal(world, pipeline, 'Throttles')).toBe(0);
    expect(await queueTotal(world, pipeline, 'NumberOfMessagesSent')).toBe(20);
    expect(await queueTotal(world, pipeline, 'NumberOfMessagesReceived')).toBe(60);
    expect(await queueTotal(world, pipeline, 'NumberOfMessagesDeleted')).toBe(0);
    expect(new Set(journal(pipeline).map(({ pid }) => pid)).size).toBeLessThanOrEqual(2);
    const deadLetters = { ...pipeline, queueName: pipeline.deadLetterQueueName };
    expect(await queueTotal(world, deadLetters, 'NumberOfMessagesSent')).toBe(0);
  });

  it('times out after its configured seconds of emulated time, stamped with its start and readable after its end', async () => {
    const pipeline = await createPipeline(world, {
      name: 'hanging',
      behaviour: 'times-out',
      timeoutSeconds: 150,
      visibilityTimeoutSeconds: 300,
    });
    await flood(world, pipeline, 5);
    const [start] = await world.eventually(
      async () => journal(pipeline),
      (entries) => entries.length === 5,
    );
    const [duration] = await world.eventually(
      () => lambdaMinutes(pipeline, 'Duration'),
      (found) => found.length > 0,
    );
    const startedAt = start?.at ?? 0;
    expect(world.now() - startedAt).toBeGreaterThan(150_000 + MINUTE_MS);
    expect(duration?.value).toBeGreaterThanOrEqual(150_000);
    expect(duration?.value).toBeLessThan(200_000);
    // The cold start of a process takes a while of emulated time: the invocation begins before its code does.
    expect(startedAt - (duration?.at ?? 0)).toBeLessThan(2 * MINUTE_MS);
    expect(await lambdaTotal(world, pipeline, 'Errors')).toBe(1);
    const concurrency = await lambdaMinutes(pipeline, 'ConcurrentExecutions');
    expect(concurrency.length).toBeGreaterThanOrEqual(2);
    expect(concurrency.every(({ value }) => value === 1)).toBe(true);
  });

  it('reports partial batch failures: no errors, only the poison stays in the queue', async () => {
    const pipeline = await createPipeline(world, {
      name: 'partial',
      behaviour: 'fails-partially',
      partialBatchResponses: true,
    });
    const good = await flood(world, pipeline, 9);
    const poison = await flood(world, pipeline, 3, 'poison');
    await world.eventually(
      () => queueTotal(world, pipeline, 'NumberOfMessagesReceived'),
      (received) => received >= 18,
    );
    const { queued, processed } = await ledger(world, pipeline);
    expect([...queued].sort()).toEqual(poison);
    expect([...processed].sort()).toEqual(good);
    expect(await lambdaTotal(world, pipeline, 'Errors')).toBe(0);
    expect(await queueTotal(world, pipeline, 'NumberOfMessagesDeleted')).toBe(9);
  });
});
