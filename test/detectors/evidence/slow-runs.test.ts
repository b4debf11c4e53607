import { describe, expect, it } from 'vitest';
import { consumersOf } from '../../../detectors/evidence/consumer.ts';
import { slowRuns } from '../../../detectors/evidence/slow-runs.ts';
import { baselines, type Scene, windowOf } from '../build.ts';

/** Six runs a minute of three minutes each; from minute 60 on the messages of each are in flight for `held` of them. */
function runs(held: number, more: Scene['lambda'] = {}): Scene {
  return {
    fn: { timeoutSeconds: 600 },
    queue: { visibilityTimeoutSeconds: 900 },
    lambda: { invocations: '6x120', errors: '0x120', durationSumMs: '1080000x120', ...more },
    orders: { sent: '6x120', received: '6x120', notVisible: `18x60 ${6 * held}x60` },
  };
}

function found(scene: Scene) {
  const [consumer] = consumersOf(windowOf(scene), baselines());
  if (consumer === undefined) throw new Error('no consumer');
  return slowRuns(consumer, 120);
}

describe('slowRuns', () => {
  it.each([1, 2])('sees runs whose messages are in flight for %i of their three minutes, at once', (held) => {
    const { first, until } = found(runs(held)) ?? {};
    expect(first).toBeGreaterThanOrEqual(57);
    expect(first).toBeLessThanOrEqual(60);
    expect(until).toBe(120);
  });

  it.each<[string, Scene]>([
    ['runs that hold their messages to the end', runs(3)],
    ['runs that fail: their messages come back for that', runs(1, { errors: '6x120' })],
    [
      'runs of which too few have been seen',
      runs(1, { invocations: '_x118 6x2', durationSumMs: '_x118 90000x2' }),
    ],
    ['Durations that are not known yet', runs(3, { durationSumMs: '1080000x60 _x60' })],
    ['messages in flight that were not read', { ...runs(1), orders: { sent: '6x120', received: '6x120' } }],
  ])('sees none in %s', (_name, scene) => {
    expect(found(scene)).toBeNull();
  });
});
