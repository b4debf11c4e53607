import { join } from 'node:path';
import { expect, it } from 'vitest';
import { firebreak } from './firebreak.ts';
import { MINUTE_MS } from './metrics.ts';
import { createPipeline, flood } from './pipeline.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('record');
const aws = ['--region', REGION, '--endpoint-url', world.endpoint];

describeWithEmulator('record, then backtest', () => {
  it('a loop that happened is found again in its recording', async () => {
    const pipeline = await createPipeline(world, { name: 'orders', behaviour: 'throws' });
    await flood(world, pipeline, 60);
    await world.sleep(9 * MINUTE_MS);
    const out = join(world.folder, 'trace.json.gz');
    const recorded = await firebreak(world, ['record', '--since', '60m', '-o', out, '--json', ...aws]);
    expect(recorded).toMatchObject({ code: 0 });
    expect(JSON.parse(recorded.stdout)).toMatchObject({ functions: 1, queues: 2, gaps: [] });

    const replayed = await firebreak(world, ['backtest', out, '--json']);
    expect(replayed).toMatchObject({ code: 0 });
    const { incidents } = JSON.parse(replayed.stdout) as { readonly incidents: readonly unknown[] };
    expect(incidents).toEqual([
      expect.objectContaining({ detector: 'retry-loop', function: pipeline.functionName, queue: 'orders' }),
    ]);

    const nameless = join(world.folder, 'nameless.json.gz');
    const again = await firebreak(world, [
      'record',
      '--since',
      '60m',
      '--pseudonymise',
      '-o',
      nameless,
      ...aws,
    ]);
    expect(again).toMatchObject({ code: 0 });
    // The price stands before what it buys, and the next step after it.
    expect(again.stderr).toMatch(/1 function, 2 queues: \d+ metrics with data in 1 call, \$0\.\d+\n/);
    expect(again.stderr).toContain(`firebreak backtest ${nameless}`);
    const story = await firebreak(world, ['backtest', nameless]);
    expect(story.stdout).toMatch(/^In the 1 h of this trace firebreak would have paged once, at /m);
    expect(story.stdout).toContain('function-001');
    expect(story.stdout).not.toContain('orders');
  });
});
