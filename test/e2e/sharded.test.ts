import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { ReadingOrder } from '../../src/observe/aws/shard-plan.ts';
import { type ShardReading, unpackReading } from '../../src/observe/aws/shard-reading.ts';
import { planShards } from '../../src/run/sharding.ts';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { createPipeline, flood } from './pipeline.ts';
import { deployFirebreak } from './stack.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('sharded');

/** A fleet as small as this is read by one tick: it is planned as if reading were slow. */
const SLOW = { depthMs: 60_000, metricMs: 60_000 };
const SHARDS = 3;

describeWithEmulator('the deployed stack of a large fleet', () => {
  it('started by its schedule, the state machine lets the shards of a plan read, and the tick decides with it', async () => {
    const stack = await deployFirebreak(world, () => ({ maximumShards: SHARDS, pageUsd: 0.001 }));
    const worker = await createPipeline(world, { name: 'orders', behaviour: 'throws', memoryMB: 2_048 });
    await flood(world, worker, 40);
    const store = dynamoStore(stack.tableName, world.dynamo);
    // Without a plan the tick reads everything by itself.
    await world.eventually(
      () => store.lastTick(),
      (tick) => tick !== null && tick.gaps.length === 0,
    );

    const { QueueUrl: url = '' } = await world.sqs.send(
      new GetQueueUrlCommand({ QueueName: worker.queueName }),
    );
    const order: ReadingOrder = {
      queues: [
        { name: worker.queueName, url },
        { name: worker.deadLetterQueueName, url: `${url}-that-is-gone` },
      ],
      metrics: ['Invocations', 'Errors', 'Duration'].map((metric) => ({
        namespace: 'AWS/Lambda' as const,
        name: worker.functionName,
        metric,
      })),
    };
    // The same plan for a whole minute, or one execution would not mean the same one in all its steps.
    const plan = () => {
      const at = Math.ceil(world.now() / MINUTE_MS) * MINUTE_MS;
      return planShards(store, { at, order, cost: SLOW, shardsMax: SHARDS });
    };
    const read = await world.eventually(
      async () => {
        await plan();
        const readings = await Promise.all(
          Array.from({ length: SHARDS }, async (_, shard) => {
            const text = await store.notebook(`shard-${shard}`);
            return text === null ? null : unpackReading(text);
          }),
        );
        return readings.filter((reading) => reading !== null);
      },
      (readings: readonly ShardReading[]) => readings.length === SHARDS,
    );
    const queues = new Map(read.flatMap((reading) => [...reading.queues]));
    expect(queues.get(worker.queueName)).toMatchObject({ url });
    expect(queues.get(worker.deadLetterQueueName)).toMatchObject({ isGone: true });
    expect(read.flatMap(({ metrics }) => metrics.map(({ metric }) => metric)).sort()).toEqual([
      'Duration',
      'Errors',
      'Invocations',
    ]);

    // What a shard could not read is a gap of the tick that it read for: nobody else asked for that queue.
    const decided = await world.eventually(
      async () => {
        await plan();
        return store.lastTick();
      },
      (tick) => tick?.gaps.some(({ resource }) => resource === worker.deadLetterQueueName) === true,
    );
    expect(decided?.gaps.map(({ operation }) => operation)).toContain('GetQueueAttributes');
    await world.eventually(
      () => store.incidents({ resolvedSince: 0 }),
      (incidents) => incidents.some(({ functionName }) => functionName === worker.functionName),
    );
  });
});
