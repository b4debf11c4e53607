import { it } from 'vitest';
import { describeWithEmulator, openWorld } from '../world.ts';
import { live } from './story.ts';

const world = openWorld('story-fails-partially');

describeWithEmulator('a bad night', () => {
  it('poison comes back by partial batch responses while Errors stays 0: seen, stopped, repaired, drained, and no message is lost', () =>
    live(world, {
      worker: { name: 'mails', behaviour: 'fails-partially', partialBatchResponses: true },
      messages: { mail: 20, poison: 60 },
      evidence: /Errors is 0/,
    }));
});
