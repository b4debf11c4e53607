import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Check } from '../../src/cli/doctor/check.ts';
import { firebreak } from './firebreak.ts';
import { openTopicInbox } from './inboxes.ts';
import { createPipeline } from './pipeline.ts';
import { createTable } from './table.ts';
import { describeWithEmulator, openWorld, REGION } from './world.ts';

const world = openWorld('doctor');
const aws = ['--region', REGION, '--endpoint-url', world.endpoint];

/** What `firebreak doctor` finds, by what is checked. The emulated clock runs faster than that of the answers. */
async function doctor(...argv: readonly string[]) {
  const { code, stdout } = await firebreak(world, ['doctor', '--json', ...argv, ...aws]);
  const { checks } = JSON.parse(stdout) as { readonly checks: readonly Check[] };
  return { code, states: checks.filter(({ id }) => id !== 'clock').map(({ id, state }) => `${id} ${state}`) };
}

describeWithEmulator('doctor', () => {
  it('a monitor that is in place: table, heartbeat, topic, tags', async () => {
    await createPipeline(world, { name: 'orders', tags: { 'firebreak:kill': 'allowed' } });
    const topic = await openTopicInbox(world, 'firebreak');
    await createTable(world.dynamo, 'firebreak');
    const config = join(world.folder, 'firebreak.config.json');
    writeFileSync(
      config,
      JSON.stringify({ notify: { snsTopicArn: topic.topicArn }, kill: { mode: 'auto' } }),
    );
    const where = ['--config', config, '--store', 'dynamodb:firebreak'];

    const before = await doctor(...where);
    expect(before.states).toContain('tick failure');
    expect(before.code).toBe(4);

    expect(await firebreak(world, ['watch', '--once', ...where, ...aws])).toMatchObject({ code: 0 });
    const { states } = await doctor(...where, '--send');
    expect(states).toEqual(
      expect.arrayContaining([
        'config ok',
        'credentials ok',
        'permissions ok',
        'sns ok',
        'delivery ok',
        'tick ok',
        'gaps ok',
        'inventory ok',
        'baselines ok',
      ]),
    );
    // Function and mapping carry the tag.
    expect(states).toContain('kill-tags ok');
    expect(await topic.read()).toHaveLength(1);
  });

  it('a table that is not there', async () => {
    expect((await doctor('--store', 'dynamodb:elsewhere')).states).toContain('store failure');
  });
});
