import { describe, expect, it } from 'vitest';
import { asyncRetryStorm } from '../../detectors/async-retry-storm.ts';
import { baselines, kinds, onsetMinute, type Scene, told, windowOf } from './build.ts';

/** Ten events a minute; each is run three times once they fail, and then dropped. */
const FAILING: Scene = {
  source: null,
  fn: { asyncInvoke: { maximumRetryAttempts: 2, maximumEventAgeSeconds: 21_600, onFailure: null } },
  lambda: {
    invocations: '10x40 10 20 30x18',
    errors: '0x40 10 20 30x18',
    asyncEventsReceived: '10x60',
    asyncEventsDropped: '_x43 10x17',
    asyncEventAgeMaximumMs: '50x40 200000x20',
  },
};

const evaluate = (scene: Scene) => told(asyncRetryStorm.evaluate(windowOf(scene), baselines()));

describe('async-retry-storm', () => {
  it('opens where events fail and are retried', () => {
    const [found] = evaluate(FAILING);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ detector: 'async-retry-storm', functions: ['worker'] });
    expect(onsetMinute(found)).toBeCloseTo(40, 0);
    expect(kinds(found)).toEqual([
      'failed-share',
      'retry-amplification',
      'event-age',
      'dropped',
      'no-destination',
    ]);
  });

  it('counts dropped events as lost, and invocations per event', () => {
    const [found] = evaluate(FAILING);
    expect(found?.loss?.lost).toBe(170);
    expect(found?.amplification?.invocationsPerUnit).toBeCloseTo(2.85);
  });

  it('does not invent losses where drops were not read', () => {
    const { asyncEventsDropped: _, ...lambda } = FAILING.lambda ?? {};
    const [found] = evaluate({ ...FAILING, lambda });
    expect(found?.loss).toBeNull();
    expect(found && kinds(found)).not.toContain('dropped');
  });

  it('says nothing of a missing destination where there is one', () => {
    const asyncInvoke = {
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
      onFailure: 'failed-events',
    };
    const [found] = evaluate({ ...FAILING, fn: { asyncInvoke } });
    expect(found && kinds(found)).not.toContain('no-destination');
  });

  it.each<[string, Scene]>([
    [
      'a burst of events that succeed',
      {
        source: null,
        lambda: { invocations: '10x40 300x20', errors: '0x60', asyncEventsReceived: '10x40 300x20' },
      },
    ],
    [
      'a deploy blip whose last events were still retried',
      {
        source: null,
        lambda: {
          invocations: '10x40 10 20x5 10x14',
          errors: '0x40 10 10x4 0x15',
          asyncEventsReceived: '10x60',
        },
      },
    ],
    [
      'a function that is mostly called directly',
      { ...FAILING, lambda: { ...FAILING.lambda, asyncEventsReceived: '1x60' } },
    ],
    ['a function that reads a queue', { ...FAILING, source: {} }],
    [
      'minutes without a datapoint',
      {
        source: null,
        lambda: { invocations: '10x40 _x20', errors: '0x40 _x20', asyncEventsReceived: '10x60' },
      },
    ],
    [
      'errors that were not read',
      { source: null, lambda: { invocations: '10x60', asyncEventsReceived: '10x60' } },
    ],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });
});
