import { describe, expect, it } from 'vitest';
import { visibilityLoop } from '../../detectors/visibility-loop.ts';
import { baselines, kinds, NO_HISTORY, onsetMinute, type Scene, told, windowOf } from './build.ts';

/** From minute 60 on a run takes 80 s and the timeout is 30 s: each of 6 messages a minute is received three times. */
const LOOPING: Scene = {
  queue: { visibilityTimeoutSeconds: 30 },
  fn: { timeoutSeconds: 120 },
  lambda: {
    invocations: '6x60 18x60',
    errors: '0x120',
    durationSumMs: '12000x60 1440000x60',
    durationMaximumMs: '3000x60 90000x60',
    concurrentExecutions: '2x60 24x60',
  },
  orders: {
    sent: '6x120',
    received: '6x60 18x60',
    deleted: '6x60 18x60',
    visible: '0x120',
    notVisible: '1x60 9x60',
  },
};

const changed = (lambda: Scene['lambda'], orders: Scene['orders'] = {}, rest: Scene = {}): Scene => ({
  ...LOOPING,
  ...rest,
  lambda: { ...LOOPING.lambda, ...lambda },
  orders: { ...LOOPING.orders, ...orders },
});

const evaluate = (scene: Scene, history = baselines()) =>
  told(visibilityLoop.evaluate(windowOf(scene), history));

describe('visibility-loop', () => {
  it('opens where runs outlast the timeout and messages come again, though nothing fails', () => {
    const [found] = evaluate(LOOPING);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ functions: ['worker'], queues: ['orders'] });
    // What comes again first was received a visibility timeout earlier.
    expect(onsetMinute(found)).toBeCloseTo(59.5, 1);
    expect(kinds(found)).toEqual(['outlasts-visibility', 'redelivered', 'in-flight']);
    expect(found.amplification?.invocationsPerUnit).toBeCloseTo(3, 1);
  });

  it('counts the repetitions as waste, and nothing before them', () => {
    const share = evaluate(LOOPING)[0]?.wastedShare;
    expect(share?.[100]).toBeCloseTo(2 / 3, 2);
    expect(share?.[20]).toBe(0);
  });

  it.each<[string, Scene]>([
    ['late deletes do not count at all', changed({}, { deleted: '6x120' })],
    ['late deletes were not read', { ...LOOPING, orders: { ...without(LOOPING.orders, 'deleted') } }],
    ['the visibility timeout was shortened after the inventory was read', changed({}, {}, { queue: {} })],
    [
      'Durations of the newest minutes are not published yet',
      changed({ durationMaximumMs: '3000x60 90000x57 _x3' }),
    ],
  ])('opens where %s', (_name, scene) => {
    expect(evaluate(scene, NO_HISTORY)).toHaveLength(1);
  });

  it('begins where it began, also while the newest minutes are not complete', () => {
    const late = changed({
      invocations: '6x60 18x57 2x3',
      durationSumMs: '12000x60 1440000x57 70000x3',
      durationMaximumMs: '3000x60 90000x57 35000x3',
    });
    expect(evaluate(late)[0]?.onsetAt).toBe(evaluate(LOOPING)[0]?.onsetAt);
  });

  it.each<[string, Scene]>([
    [
      'a handler that extends the timeout while it works: each message comes once',
      changed({ invocations: '6x120' }, { received: '6x120', deleted: '6x120', notVisible: '1x60 9x60' }),
    ],
    [
      'a backlog that slow runs work off',
      changed({}, { sent: '6x120', visible: '900x60 '.concat(falling(900, 12, 60)), deleted: '6x60 18x60' }),
    ],
    [
      'runs within the timeout, though more is received than sent',
      changed({}, { notVisible: '12x60 200x60' }, { queue: { visibilityTimeoutSeconds: 600 } }),
    ],
    [
      'a dependency that is slow for two minutes',
      changed(
        { durationMaximumMs: '3000x60 90000x2 3000x58', durationSumMs: '12000x60 540000x2 12000x58' },
        { received: '6x60 10x4 6x56' },
      ),
    ],
    ['runs that fail', changed({ errors: '0x60 18x60' })],
    [
      'Duration that was not read',
      { ...LOOPING, lambda: without(LOOPING.lambda, 'durationMaximumMs', 'durationSumMs') },
    ],
    ['a queue that was not read', { ...LOOPING, orders: {} }],
    ['minutes without datapoints', changed({}, { received: '6x60 _x60' })],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });
});

function without<T extends object>(words: T | undefined, ...names: readonly (keyof T)[]): T {
  return Object.fromEntries(
    Object.entries(words ?? {}).filter(([name]) => !names.includes(name as keyof T)),
  ) as T;
}

/** `from`, falling by `step` a minute. */
function falling(from: number, step: number, minutes: number): string {
  return Array.from({ length: minutes }, (_, i) => from - step * (i + 1)).join(' ');
}
