import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, it } from 'vitest';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { openSlackInbox, subscribe } from './inboxes.ts';
import { createPipeline, flood } from './pipeline.ts';
import { deployFirebreak } from './stack.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('deployed');

describeWithEmulator('the deployed stack', () => {
  it('run by its schedule, it finds a loop, remembers it, and tells Slack and the topic', {
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
    const told: string[] = [];
    await world.eventually(
      async () => {
        told.push(...(await topic.read()).map(({ message }) => message));
        return { slack: JSON.stringify(slack.posts), sns: told.join() };
      },
      (said) => [said.slack, said.sns].every((text) => text.includes(pipeline.functionName)),
    );
    expect(JSON.stringify(slack.posts)).toContain(`firebreak kill ${pipeline.functionName}`);

    const store = dynamoStore(stack.tableName, world.dynamo);
    const [incident] = await store.incidents({ resolvedSince: 0 });
    expect(incident).toMatchObject({ detector: 'retry-loop', functionName: pipeline.functionName });
    // The worker, and firebreak's own tick, survey and cost.
    expect(await store.lastTick()).toMatchObject({ functions: 4, gaps: [] });
  });
});
