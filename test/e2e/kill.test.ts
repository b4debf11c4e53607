import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import type { KillPlan } from '../../src/model/kill.ts';
import { awsKillPort } from '../../src/respond/kill/aws-port.ts';
import { executeKill } from '../../src/respond/kill/execute.ts';
import { executeRestore } from '../../src/respond/kill/restore.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { invocationStarts, MINUTE_MS } from './metrics.ts';
import { createPipeline, deploy, everything, flood, journal, ledger, settingsOf } from './pipeline.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('kill');
const place = { account: world.account, region: REGION };
const cause = { requestedBy: 'a person', reason: 'end-to-end test', incidentId: null };

describeWithEmulator('the kill switch over the wire', () => {
  it('with both levers: nothing starts afterwards, no message is lost, everything is put back as it was', async () => {
    const pipeline = await createPipeline(world, { behaviour: 'throws', workSeconds: 20 });
    const { functionName } = pipeline;
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: functionName, ReservedConcurrentExecutions: 20 }),
    );
    const original = await settingsOf(world, pipeline);
    const sent = await flood(world, pipeline, 60);
    await world.eventually(
      async () => journal(pipeline).length,
      (invoked) => invoked > sent.length,
    );

    const deps = {
      store: memoryStore(),
      port: awsKillPort(world.lambda),
      now: world.now,
      sleep: world.sleep,
    };
    const plan: KillPlan = {
      ...place,
      functionName,
      lever: 'reserved-concurrency-zero',
      steps: [
        {
          kind: 'disable-event-source',
          eventSourceId: pipeline.mappingId,
          source: pipeline.queueName,
          priorEnabled: true,
        },
        { kind: 'reserved-concurrency-zero', priorReservedConcurrency: 20 },
      ],
      consequences: [],
      forecasts: [],
      refusals: [],
    };
    // Two people at once: one record, one outcome.
    const kills = await Promise.allSettled([executeKill(plan, cause, deps), executeKill(plan, cause, deps)]);
    expect(kills.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    const killedAt = world.now();
    expect(await deps.store.openKill(functionName)).toMatchObject({ state: 'killed' });
    expect(await settingsOf(world, pipeline)).toMatchObject({
      mapping: { State: 'Disabled' },
      reservedConcurrency: 0,
    });

    await world.sleep(4 * MINUTE_MS);
    // Stamped with their starts: what was running when it was stopped has run to its end, and is there to be priced.
    const starts = await invocationStarts(world, pipeline);
    expect(starts.filter(({ at }) => at > killedAt)).toEqual([]);
    const invocations = new Set(journal(pipeline).map(({ invocation }) => invocation)).size;
    expect(starts.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThanOrEqual(invocations);
    expect(await ledger(world, pipeline)).toMatchObject({ deadLettered: [], processed: [] });
    expect(everything(await ledger(world, pipeline))).toEqual([...sent].sort());

    await deploy(world, pipeline, 'healthy');
    const request = { ...place, functionName, onDrift: 'refuse' } as const;
    expect(await executeRestore(request, deps)).toMatchObject({ kind: 'restored' });
    expect(await settingsOf(world, pipeline)).toEqual(original);
    expect(await executeRestore(request, deps)).toMatchObject({ kind: 'not-killed' });
    const { processed } = await world.eventually(
      () => ledger(world, pipeline),
      ({ queued }) => queued.length === 0,
    );
    expect([...processed].sort()).toEqual([...sent].sort());
  });
});
