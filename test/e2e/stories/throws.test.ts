import { it } from 'vitest';
import { describeWithEmulator, openWorld } from '../world.ts';
import { live } from './story.ts';

const world = openWorld('story-throws');

describeWithEmulator('a bad night', () => {
  it('a deploy makes the handler throw: seen, stopped, repaired, drained, and no message is lost', () =>
    live(world, {
      worker: { name: 'orders', behaviour: 'throws' },
      messages: { order: 80 },
      evidence: /ended in an error|of invocations fail|of deliveries fail/,
    }));
});
