import { SNSClient } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { deliver } from '../../src/respond/alert/deliver.ts';
import { sampleAlert } from '../../src/respond/alert/sample.ts';
import { slackChannel } from '../../src/respond/alert/slack-channel.ts';
import { snsChannel } from '../../src/respond/alert/sns-channel.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { openSlackInbox, openTopicInbox } from './inboxes.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('alerts');
const sample = () => sampleAlert({ at: world.now(), account: world.account, region: REGION });

describeWithEmulator('an alert over the wire', () => {
  it('reaches Slack and a queue that is subscribed to the topic, once', async () => {
    const slack = await openSlackInbox();
    const topic = await openTopicInbox(world, 'firebreak');
    const store = memoryStore();
    const options = {
      store,
      now: world.now,
      channels: [
        slackChannel({ webhook: async () => slack.webhookUrl, sleep: world.sleep }),
        snsChannel({ client: world.sns, topicArn: topic.topicArn }),
      ],
    };
    const alert = sample();
    const { outcomes } = await deliver([alert], options);
    await deliver([alert], options);
    expect(outcomes.map(({ state }) => state)).toEqual(['done']);
    expect(slack.posts).toHaveLength(1);
    expect(JSON.stringify(slack.posts)).toContain('sample-worker');
    const told = await topic.read();
    expect(told).toHaveLength(1);
    expect(told[0]?.message).toContain('sample-worker');
    expect(await store.outbox()).toEqual([]);
  });

  it('waits in the outbox while Slack is down, and is posted at the next pass', async () => {
    const slack = await openSlackInbox((post) => (post <= 3 ? 503 : 200));
    const store = memoryStore();
    const channels = [slackChannel({ webhook: async () => slack.webhookUrl, sleep: world.sleep })];
    const first = await deliver([sample()], { store, channels, now: world.now });
    expect(first.outcomes.map(({ state }) => state)).toEqual(['undelivered']);
    expect(await store.outbox()).toHaveLength(1);
    const second = await deliver([], { store, channels, now: world.now });
    expect(second.outcomes.map(({ state }) => state)).toEqual(['done']);
    expect(slack.posts).toHaveLength(4);
  });

  it('is told over the channel that works when the topic is in another account’s name', async () => {
    const slack = await openSlackInbox();
    const client = new SNSClient({ endpoint: world.endpoint, region: REGION, maxAttempts: 1 });
    const topicArn = `arn:aws:sns:${REGION}:499999999999:nobody`;
    const channels = [
      slackChannel({ webhook: async () => slack.webhookUrl, sleep: world.sleep }),
      snsChannel({ client, topicArn }),
    ];
    const { outcomes } = await deliver([sample()], { store: memoryStore(), channels, now: world.now });
    client.destroy();
    expect(outcomes[0]?.channels).toMatchObject({ slack: { kind: 'sent' }, sns: { kind: 'failed' } });
    expect(slack.posts).toHaveLength(1);
  });
});
