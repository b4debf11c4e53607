import { expect, it } from 'vitest';
import { awsSource } from '../../src/observe/aws/source.ts';
import { lambdaTotal } from './metrics.ts';
import { createPipeline, flood } from './pipeline.ts';
import { describeWithEmulator, openWorld } from './world.ts';

describeWithEmulator('observing over the wire', () => {
  const world = openWorld('observe');

  it('reads a failing worker: settings, series, depth and tags, with no gaps', async () => {
    const pipeline = await createPipeline(world, { behaviour: 'throws', tags: { team: 'orders' } });
    await flood(world, pipeline, 12);
    await world.eventually(
      () => lambdaTotal(world, pipeline, 'Errors'),
      (errors) => errors >= 2,
    );
    const source = awsSource({ endpointUrl: world.endpoint, region: 'us-east-1', sleep: world.sleep });
    const window = await source.window(world.now());
    console.log(
      JSON.stringify(
        {
          ...window,
          functions: [...window.functions.keys()],
          queues: [...window.queues.keys()],
          depths: [...window.depths],
        },
        null,
        1,
      ),
    );
    for (const [n, s] of [...window.functions, ...window.queues])
      for (const [k, v] of Object.entries(s)) console.log(n, k, [...v].slice(-8).join(' '));
    console.log(source.reads());
    expect(window.gaps).toEqual([]);
  });
});
