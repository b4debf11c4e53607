import { expect, it } from 'vitest';
import { dynamoStore } from '../../src/store/dynamo/dynamo-store.ts';
import { killOf } from '../store/samples.ts';
import { cloudFormation, deployFirebreak } from './stack.ts';
import { describeWithEmulator, openWorld } from './world.ts';

const world = openWorld('deletion');

describeWithEmulator('the deployed stack', () => {
  it('does not go while a function is stopped, and says which', async () => {
    const stack = await deployFirebreak(world, () => ({ killSwitch: { mode: 'approve' } }));
    const store = dynamoStore(stack.tableName, world.dynamo);
    await store.createKill(killOf());
    await cloudFormation(world, 'DeleteStack', { StackName: 'Firebreak' });
    // The emulator goes on with what the guard depends on; CloudFormation deletes nothing that something left depends on.
    const events = await world.eventually(
      () => cloudFormation(world, 'DescribeStackEvents', { StackName: 'Firebreak' }),
      (text) => text.includes('>DELETE_FAILED<'),
    );
    expect(events).toContain('stopped and not restored: orders-worker.');
  });
});
