import { describe, expect, it } from 'vitest';
import { retryLoop } from '../../../detectors/retry-loop.ts';
import { baselines, type Scene, told, windowOf } from '../build.ts';

const CYCLE = 15;
const QUEUE = { visibilityTimeoutSeconds: CYCLE * 60 };

/** After an hour of calm, `runs` fail every so many minutes for `minutes`, the last of them `ago` minutes before the end. */
function failing(story: { runs: number; every: number; minutes: number; ago?: number }): Scene {
  const { runs, every, minutes, ago = 0 } = story;
  const failures = Array.from({ length: minutes }, (_, i) =>
    (minutes - 1 - i - ago) % every === 0 && i < minutes - ago ? runs : 0,
  ).join(' ');
  const none = `0x${minutes}`;
  return {
    queue: QUEUE,
    lambda: {
      invocations: `10x60 ${failures}`,
      errors: `0x60 ${failures}`,
      durationSumMs: `10000x60 ${none}`,
    },
    orders: { sent: `10x60 ${none}`, received: `10x60 ${failures}`, deleted: `10x60 ${none}` },
  };
}

function roundOf(scene: Scene): number | undefined {
  const [found, ...others] = told(retryLoop.evaluate(windowOf(scene), baselines()));
  expect(others).toEqual([]);
  if (found === undefined) throw new Error('no finding');
  return found.roundMinutes;
}

describe('a retry loop comes in rounds of its visibility timeout', () => {
  it.each<[string, Scene]>([
    ['one message is tried again each time', failing({ runs: 1, every: CYCLE, minutes: 120 })],
    ['the last time is longer ago', failing({ runs: 1, every: CYCLE, minutes: 120, ago: 8 })],
    ['many failed at once', failing({ runs: 60, every: CYCLE, minutes: 60 })],
    ['a few messages are, at different times', failing({ runs: 1, every: 5, minutes: 120 })],
  ])('where %s', (_, scene) => {
    expect(roundOf(scene)).toBe(CYCLE);
  });

  it.each<[string, Scene]>([
    ['it goes on each minute', failing({ runs: 20, every: 1, minutes: 60 })],
    [
      'a cycle is hardly longer than what is now',
      { ...failing({ runs: 1, every: 6, minutes: 120 }), queue: { visibilityTimeoutSeconds: 360 } },
    ],
    ['no whole cycle was seen', failing({ runs: 20, every: 3, minutes: 13 })],
    [
      'it grows by what arrives in each cycle',
      {
        queue: QUEUE,
        lambda: {
          invocations: '10x60 10x15 20x15 30x3',
          errors: '0x60 10x15 20x15 30x3',
          durationSumMs: '10000x93',
        },
        orders: { sent: '10x93', received: '10x60 10x15 20x15 30x3', deleted: '10x60 0x33' },
      },
    ],
    [
      'its event source mapping is disabled',
      { ...failing({ runs: 1, every: CYCLE, minutes: 120 }), source: { enabled: false } },
    ],
  ])('but not where %s', (_, scene) => {
    expect(roundOf(scene)).toBeUndefined();
  });
});
