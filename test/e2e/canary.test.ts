import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firebreak } from './firebreak.ts';
import { createPipeline, deploy, everything, flood, journal, ledger, settingsOf } from './pipeline.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('canary');

describeWithEmulator('a restore that is tried out over the wire', () => {
  it('stops again what still fails; once that is fixed, puts everything back as it was', async () => {
    const pipeline = await createPipeline(world, { behaviour: 'throws', workSeconds: 5, batchSize: 1 });
    const { functionName } = pipeline;
    const original = await settingsOf(world, pipeline);
    const sent = await flood(world, pipeline, 40);
    await world.eventually(
      async () => journal(pipeline).length,
      (invoked) => invoked > 10,
    );
    const env = { FIREBREAK_STORE: join(world.folder, 'store') };
    const where = ['--yes', '--region', REGION, '--endpoint-url', world.endpoint];
    const kill = await firebreak(world, ['kill', functionName, ...where], env);
    expect(kill, kill.stderr).toMatchObject({ code: 0 });

    const failed = await firebreak(world, ['restore', functionName, '--canary', ...where], env);
    expect(failed, failed.stderr).toMatchObject({ code: 3 });
    expect(failed.stderr).toContain('is still there: it is stopped again');
    expect(await settingsOf(world, pipeline)).toMatchObject({
      mapping: { State: 'Disabled', ScalingConfig: { MaximumConcurrency: 2 } },
    });

    await deploy(world, pipeline, 'healthy');
    const passed = await firebreak(world, ['restore', functionName, '--canary', ...where], env);
    expect(passed, passed.stderr).toMatchObject({ code: 0 });
    expect(passed.stderr).toContain('... passed: ');
    expect(await settingsOf(world, pipeline)).toEqual(original);
    await world.eventually(
      () => ledger(world, pipeline),
      ({ queued }) => queued.length === 0,
    );
    expect(everything(await ledger(world, pipeline))).toEqual([...sent].sort());
  });
});
