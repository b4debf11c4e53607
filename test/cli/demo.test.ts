import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { fakeIo } from './fake-io.ts';

describe('firebreak demo', () => {
  it('sees the loop, stops it, restores it, and loses nothing', async () => {
    const io = fakeIo();
    expect(await run(['demo', '--json'], io)).toBe(0);
    const story = JSON.parse(io.out());
    const kinds = story.events.map(({ kind }: { kind: string }) => kind);
    expect(kinds).toEqual(['bug', 'alert', 'killed', 'alert', 'restored', 'drained']);
    const transitions = story.events.flatMap(
      (event: { alert?: { transition: string } }) => event.alert?.transition ?? [],
    );
    expect(transitions).toEqual(['critical', 'resolved']);
    expect(story.messages.lost).toBe(0);
    expect(story.messages.sent).toBe(story.messages.processed + story.messages.waiting);
    expect(story.wastedUsd.with).toBeLessThan(story.wastedUsd.without / 100);
    const resolved = story.events[3].alert.incident.burn.wastedUsd;
    expect(Math.abs(resolved / story.wastedUsd.with - 1)).toBeLessThan(0.1);
  });
});
