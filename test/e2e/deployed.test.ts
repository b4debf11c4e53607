import { InvokeCommand } from '@aws-sdk/client-lambda';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, it } from 'vitest';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { openSlackInbox, subscribe } from './inboxes.ts';
import { MINUTE_MS } from './metrics.ts';
import { createPipeline, flood } from './pipeline.ts';
import { deployFirebreak } from './stack.ts';
import { describeWithEmulator, openWorld, type World } from './world.ts';

const world = openWorld('deployed');

/** Runs a deployed handler as its schedule would; fails with the end of its log. */
async function run(world: World, functionName: string): Promise<void> {
  const answer = await world.lambda.send(
    new InvokeCommand({ FunctionName: functionName, LogType: 'Tail', Payload: '{}' }),
  );
  const log = Buffer.from(answer.LogResult ?? '', 'base64').toString();
  expect(answer.FunctionError, log).toBeUndefined();
}

describeWithEmulator('the deployed stack', () => {
  it('finds a loop by itself, remembers it, and tells Slack and the topic once', {
    timeout: 240_000,
  }, async () => {
    const slack = await openSlackInbox();
    const { ARN } = await world.secrets.send(
      new CreateSecretCommand({ Name: 'slack', SecretString: slack.webhookUrl }),
    );
    const stack = await deployFirebreak(world, ['tick', 'survey'], (scope) => ({
      slackWebhookSecret: Secret.fromSecretCompleteArn(scope, 'Slack', String(ARN)),
    }));
    const topic = await subscribe(world, stack.alertTopicArn, 'alerts-inbox');
    const pipeline = await createPipeline(world, { name: 'orders', behaviour: 'throws' });
    await flood(world, pipeline, 60);
    const store = dynamoStore(stack.tableName, world.dynamo);

    await world.eventually(
      async () => {
        await world.sleep(MINUTE_MS / 2);
        await run(world, stack.tickFunctionName);
        return slack.posts.length;
      },
      (posts) => posts > 0,
    );
    const [incident] = await store.incidents({ resolvedSince: 0 });
    expect(incident).toMatchObject({ detector: 'retry-loop', functionName: pipeline.functionName });
    expect(JSON.stringify(slack.posts)).toContain(`firebreak kill ${pipeline.functionName}`);
    const [told] = await topic.read();
    expect(told?.message).toContain(pipeline.functionName);
    expect(await store.outbox()).toEqual([]);
    expect(await store.lastTick()).toMatchObject({ functions: 3 + 1, gaps: [] });
  });
});
