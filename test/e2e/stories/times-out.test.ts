import { it } from 'vitest';
import { describeWithEmulator, openWorld } from '../world.ts';
import { live } from './story.ts';

const world = openWorld('story-times-out');

describeWithEmulator('a bad night', () => {
  it('a dependency hangs and every invocation times out: seen, stopped, repaired, drained, and no message is lost', () =>
    live(world, {
      worker: {
        name: 'invoices',
        behaviour: 'times-out',
        timeoutSeconds: 60,
        visibilityTimeoutSeconds: 120,
      },
      messages: { invoice: 60 },
      evidence: /run into the timeout\s+of\s+60 s/,
    }));
});
