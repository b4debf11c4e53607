import { join } from 'node:path';
import { expect, it } from 'vitest';
import { awsSource } from '../../src/observe/aws/source.ts';
import { readTraceFile } from '../../src/observe/trace/read-file.ts';
import { sum } from '../../src/stats/series.ts';
import { firebreak } from './firebreak.ts';
import { lambdaTotal } from './metrics.ts';
import { createPipeline, flood } from './pipeline.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

describeWithEmulator('observing a failing worker over the wire', () => {
  const world = openWorld('observe');

  it('settings, series and depth agree with what AWS says, and a recording holds the same', async () => {
    const pipeline = await createPipeline(world, { behaviour: 'throws', tags: { team: 'orders' } });
    await flood(world, pipeline, 12);
    await world.eventually(
      () => lambdaTotal(world, pipeline, 'Errors'),
      (errors) => errors >= 4,
    );
    const source = awsSource({ endpointUrl: world.endpoint, region: REGION, sleep: world.sleep });
    const window = await source.window(world.now());

    expect(window.gaps).toEqual([]);
    expect(window.inventory).toMatchObject({
      account: world.account,
      region: REGION,
      functions: [
        {
          name: pipeline.functionName,
          memoryMB: 512,
          architecture: 'arm64',
          reservedConcurrency: null,
          tags: { team: 'orders' },
          eventSources: [{ id: pipeline.mappingId, kind: 'sqs', source: pipeline.queueName, enabled: true }],
        },
      ],
    });
    const orders = window.inventory.queues.find(({ name }) => name === pipeline.queueName);
    expect(orders?.redrive).toEqual({
      deadLetterQueue: pipeline.deadLetterQueueName,
      maxReceiveCount: 1_000,
    });
    const depth = window.depths.get(pipeline.queueName);
    expect((depth?.visible ?? 0) + (depth?.notVisible ?? 0)).toBe(12);
    const series = window.functions.get(pipeline.functionName);
    expect(sum(series?.errors)).toBeGreaterThan(0);
    expect(sum(series?.errors)).toBe(sum(series?.invocations));
    expect(sum(window.queues.get(pipeline.queueName)?.received)).toBeGreaterThan(0);
    expect(sum(window.queues.get(pipeline.queueName)?.deleted)).toBe(0);

    const path = join(world.folder, 'trace.json.gz');
    const argv = ['record', '-o', path, '--since', '60m', '--json'];
    const { code, stdout } = await firebreak(world, [
      ...argv,
      '--endpoint-url',
      world.endpoint,
      '--region',
      REGION,
    ]);
    expect({ code, gaps: JSON.parse(stdout).gaps }).toEqual({ code: 0, gaps: [] });
    const trace = await readTraceFile(path);
    expect(trace.inventory.functions.map(({ tags }) => tags)).toEqual([{ team: 'orders' }]);
    expect(sum(trace.functions.get(pipeline.functionName)?.errors?.final)).toBeGreaterThanOrEqual(
      sum(series?.errors),
    );
  });
});
