import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { firebreak, start } from '../firebreak.ts';
import { openSlackInbox, openTopicInbox } from '../inboxes.ts';
import { invocationStarts, MINUTE_MS } from '../metrics.ts';
import {
  createPipeline,
  deploy,
  everything,
  flood,
  journal,
  ledger,
  type PipelineSettings,
  settingsOf,
} from '../pipeline.ts';
import { REGION, type World } from '../world.ts';

export interface Story {
  readonly worker: Partial<PipelineSettings>;
  /** Messages sent, by prefix of their bodies. */
  readonly messages: Readonly<Record<string, number>>;
  /** What the alert must say of the cause. */
  readonly evidence: RegExp;
}

/**
 * A bad night from start to end, as a person with a terminal lives it: a worker loops, `watch` sees it and tells Slack and
 * the topic, `kill` stops it, the code is fixed, `restore` puts everything back, and the queue drains.
 */
export async function live(world: World, story: Story): Promise<void> {
  const slack = await openSlackInbox();
  const topic = await openTopicInbox(world, 'alerts');
  const config = join(world.folder, 'firebreak.json');
  writeFileSync(config, JSON.stringify({ pageUsd: 0.01, notify: { snsTopicArn: topic.topicArn } }));
  const env = { FIREBREAK_STORE: join(world.folder, 'store'), FIREBREAK_SLACK_WEBHOOK_URL: slack.webhookUrl };
  const common = ['--config', config, '--region', REGION, '--endpoint-url', world.endpoint];
  const aws = common.slice(2);

  const pipeline = await createPipeline(world, { memoryMB: 2_048, ...story.worker });
  const { functionName } = pipeline;
  const original = await settingsOf(world, pipeline);
  const sent: string[] = [];
  for (const [prefix, count] of Object.entries(story.messages)) {
    sent.push(...(await flood(world, pipeline, count, prefix)));
  }
  sent.sort();

  const watch = start(world, ['watch', ...common], env);
  const told: string[] = [];
  await world.eventually(
    async () => {
      told.push(...(await topic.read()).map(({ message }) => message));
      return { slack: JSON.stringify(slack.posts), sns: told.join('\n'), said: watch.stderr() };
    },
    (seen) => [seen.slack, seen.sns].every((text) => text.includes(`firebreak kill ${functionName}`)),
  );
  expect(told.join('\n')).toMatch(story.evidence);

  const kill = await firebreak(
    world,
    ['kill', functionName, '--yes', '--reason', 'bad deploy', ...common],
    env,
  );
  expect(kill, kill.stderr).toMatchObject({ code: 0 });
  const killedAt = world.now();
  expect(await settingsOf(world, pipeline)).toMatchObject({ mapping: { State: 'Disabled' } });
  const status = await firebreak(world, ['status', ...aws], env);
  expect(status, status.stderr).toMatchObject({ code: 0 });
  expect(status.stdout).toContain(functionName);

  await world.sleep(4 * MINUTE_MS);
  // Stamped with their starts: what was running when it was stopped has run to its end, and is there to be priced.
  const starts = await invocationStarts(world, pipeline);
  expect(starts.filter(({ at }) => at > killedAt)).toEqual([]);
  const invoked = new Set(journal(pipeline).map(({ invocation }) => invocation)).size;
  expect(starts.reduce((sum, { value }) => sum + value, 0)).toBeGreaterThanOrEqual(invoked);
  const stopped = await ledger(world, pipeline);
  expect(everything(stopped)).toEqual(sent);
  expect(stopped.deadLettered).toEqual([]);

  await deploy(world, pipeline, 'healthy');
  const restore = await firebreak(world, ['restore', functionName, '--yes', ...aws], env);
  expect(restore, restore.stderr).toMatchObject({ code: 0 });
  expect(await settingsOf(world, pipeline)).toEqual(original);
  const { processed } = await world.eventually(
    () => ledger(world, pipeline),
    ({ queued }) => queued.length === 0,
  );
  expect([...processed].sort()).toEqual(sent);
  // The monitor tells the end of it as well, in order.
  const headlines = () => slack.posts.map((post) => (post as { readonly text: string }).text.split(' ')[0]);
  await world.eventually(
    async () => headlines(),
    (found) => found.includes('RESOLVED'),
  );
  expect(headlines().slice(-3)).toEqual(['STOPPED', 'RESTORED', 'RESOLVED']);
  expect(await watch.stop()).toMatchObject({ code: 0 });
}
