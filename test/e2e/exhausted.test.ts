import { InvokeCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { createPipeline, flood, journal, settingsOf } from './pipeline.ts';
import { deployFirebreak } from './stack.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('exhausted');

/** Of the account's limit of 1,000: what leaves two executions to everybody without a reservation, beside firebreak's own four. */
const RESERVED = 994;

describeWithEmulator('an account whose concurrency a runaway has eaten', () => {
  it('throttles everybody else, but neither the tick nor the kill function', async () => {
    const stack = await deployFirebreak(world, () => ({
      killSwitch: { mode: 'approve', optInTag: 'firebreak:kill' },
      costExplorer: false,
    }));
    const idle = await createPipeline(world, { name: 'idle', behaviour: 'healthy' });
    const hog = await createPipeline(world, {
      name: 'hog',
      behaviour: 'healthy',
      batchSize: 1,
      workSeconds: 600,
      timeoutSeconds: 900,
      visibilityTimeoutSeconds: 900,
      maximumConcurrency: 10,
      tags: { 'firebreak:kill': 'allowed' },
    });
    const other = await createPipeline(world, { name: 'other', behaviour: 'healthy' });
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: idle.functionName,
        ReservedConcurrentExecutions: RESERVED,
      }),
    );
    await flood(world, hog, 60);
    await world.eventually(
      async () => journal(hog).length,
      (runs) => runs >= 2,
    );

    const call = (FunctionName: string, payload: object) =>
      world.lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    await expect(call(other.functionName, { Records: [] })).rejects.toMatchObject({
      name: 'TooManyRequestsException',
    });
    const store = dynamoStore(stack.tableName, world.dynamo);
    const before = (await store.lastTick())?.at ?? 0;
    await world.eventually(
      () => store.lastTick(),
      (tick) => (tick?.at ?? 0) > before,
    );
    const killed = await call(stack.killFunctionName ?? '', {
      kind: 'kill',
      functionName: hog.functionName,
      requestedBy: 'oncall',
    });
    expect(killed.FunctionError, Buffer.from(killed.Payload ?? []).toString()).toBeUndefined();
    expect(await settingsOf(world, hog)).toMatchObject({ mapping: { State: 'Disabled' } });
  });
});
