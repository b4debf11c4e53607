import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { expect, it } from 'vitest';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { firebreak } from './firebreak.ts';
import { openSlackInbox, subscribe } from './inboxes.ts';
import { createPipeline, flood, settingsOf } from './pipeline.ts';
import { deployFirebreak } from './stack.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('deployed');

describeWithEmulator('the deployed stack', () => {
  it('run by its schedule, finds two loops, tells Slack and the topic, and stops the one that opted in', async () => {
    const slack = await openSlackInbox();
    const { ARN } = await world.secrets.send(
      new CreateSecretCommand({ Name: 'slack', SecretString: slack.webhookUrl }),
    );
    const stack = await deployFirebreak(world, (scope) => ({
      slackWebhookSecret: Secret.fromSecretCompleteArn(scope, 'Slack', String(ARN)),
      pageUsd: 0.001,
      killSwitch: { mode: 'auto', minimumWastedUsd: 0, maximumFleetShare: 1 },
    }));
    const topic = await subscribe(world, stack.alertTopicArn, 'alerts-inbox');
    const worker = { behaviour: 'throws', memoryMB: 2_048 } as const;
    const optedIn = await createPipeline(world, {
      ...worker,
      name: 'orders',
      tags: { 'firebreak:kill': 'allowed' },
    });
    const leftAlone = await createPipeline(world, { ...worker, name: 'mails' });
    const original = await settingsOf(world, optedIn);
    await flood(world, optedIn, 60);
    await flood(world, leftAlone, 60);

    const told: string[] = [];
    const said = await world.eventually(
      async () => {
        told.push(...(await topic.read()).map(({ message }) => message));
        return { slack: JSON.stringify(slack.posts), sns: told.join() };
      },
      ({ slack, sns }) =>
        [slack, sns].every(
          (text) => text.includes('STOPPED orders-worker') && text.includes('firebreak kill mails-worker'),
        ),
    );
    expect(said.slack).not.toContain('STOPPED mails-worker');
    expect(await settingsOf(world, optedIn)).toMatchObject({ mapping: { State: 'Disabled' } });
    expect(await settingsOf(world, leftAlone)).toMatchObject({ mapping: { State: 'Enabled' } });

    const store = dynamoStore(stack.tableName, world.dynamo);
    const incidents = await store.incidents({ resolvedSince: 0 });
    expect(incidents.map(({ functionName }) => functionName)).toEqual(
      expect.arrayContaining([optedIn.functionName, leftAlone.functionName]),
    );
    // Two workers, and firebreak's own tick, survey, cost and kill.
    expect(await store.lastTick()).toMatchObject({ functions: 6, gaps: [] });

    const restore = await firebreak(world, [
      ...['restore', optedIn.functionName, '--yes', '--store', `dynamodb:${stack.tableName}`],
      ...['--region', REGION, '--endpoint-url', world.endpoint],
    ]);
    expect(restore, restore.stderr).toMatchObject({ code: 0 });
    expect(await settingsOf(world, optedIn)).toEqual(original);
  });
});
