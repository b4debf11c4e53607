import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { MINUTE_MS, minutes } from '../metrics.ts';
import { createPipeline, createQueue, deploy, flood, ledger } from '../pipeline.ts';
import { describeWithEmulator, openWorld, REGION } from '../world.ts';

const world = openWorld('emulator-sqs');

describeWithEmulator('SQS in the emulator', () => {
  it('redrives a dead-letter queue: the messages are new, the task is listed, the fixed worker takes them', async () => {
    const pipeline = await createPipeline(world, {
      name: 'redriven',
      behaviour: 'throws',
      maxReceiveCount: 1,
    });
    const sent = await flood(world, pipeline, 10);
    await world.eventually(
      () => ledger(world, pipeline),
      ({ deadLettered }) => deadLettered.length === sent.length,
    );
    const sources = await world.sqs.send(
      new ListDeadLetterSourceQueuesCommand({ QueueUrl: pipeline.deadLetterQueueUrl }),
    );
    expect(sources.queueUrls).toEqual([pipeline.queueUrl]);
    await deploy(world, pipeline, 'healthy');
    const startedAt = world.now();
    await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: pipeline.deadLetterQueueArn }));
    const { Results = [] } = await world.sqs.send(
      new ListMessageMoveTasksCommand({ SourceArn: pipeline.deadLetterQueueArn, MaxResults: 10 }),
    );
    expect(Results).toMatchObject([
      { Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 10, SourceArn: pipeline.deadLetterQueueArn },
    ]);
    expect(Results[0]).not.toHaveProperty('TaskHandle');
    expect(Math.abs((Results[0]?.StartedTimestamp ?? 0) - startedAt)).toBeLessThan(MINUTE_MS);
    const { processed, deadLettered } = await world.eventually(
      () => ledger(world, pipeline),
      (found) => found.processed.length === sent.length,
    );
    expect([...processed].sort()).toEqual([...sent].sort());
    expect(deadLettered).toEqual([]);
  });

  it('refuses to redrive a queue that is nobody’s dead-letter queue', async () => {
    const plain = await createQueue(world, 'plain', {});
    const start = new StartMessageMoveTaskCommand({ SourceArn: plain.arn });
    await expect(world.sqs.send(start)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('tells attributes only when they are named, and counts what is hidden by the visibility timeout', async () => {
    const { url: QueueUrl } = await createQueue(world, 'hidden', { VisibilityTimeout: '120' });
    await flood(world, { queueUrl: QueueUrl }, 5);
    await world.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 3 }));
    const attributesOf = async (AttributeNames: ('All' | 'ApproximateNumberOfMessages')[] | undefined) =>
      (await world.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes;
    expect(await attributesOf(undefined)).toBeUndefined();
    expect(await attributesOf(['All'])).toMatchObject({
      ApproximateNumberOfMessages: '2',
      ApproximateNumberOfMessagesNotVisible: '3',
    });
    await world.sleep(2.5 * MINUTE_MS);
    expect(await attributesOf(['ApproximateNumberOfMessages'])).toEqual({ ApproximateNumberOfMessages: '5' });
  });

  it('leaves a poison message out of the age of the oldest after three receives', async () => {
    const pipeline = await createPipeline(world, {
      name: 'aging',
      behaviour: 'throws',
      visibilityTimeoutSeconds: 30,
    });
    await flood(world, pipeline, 1);
    const ages = () =>
      minutes(world, {
        namespace: 'AWS/SQS',
        metric: 'ApproximateAgeOfOldestMessage',
        stat: 'Maximum',
        dimensions: { QueueName: pipeline.queueName },
      });
    await world.eventually(
      ages,
      (found) => found.some(({ value }) => value > 0) && found.at(-1)?.value === 0,
    );
    expect((await ledger(world, pipeline)).queued).toHaveLength(1);
  });

  it('keeps accounts apart', async () => {
    await createQueue(world, 'mine', {});
    const stranger = new SQSClient({
      endpoint: world.endpoint,
      region: REGION,
      credentials: { accessKeyId: '499999999999', secretAccessKey: 'emulated' },
    });
    expect((await stranger.send(new ListQueuesCommand({}))).QueueUrls ?? []).toEqual([]);
    stranger.destroy();
  });
});
