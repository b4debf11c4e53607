import { describe, expect, it } from 'vitest';
import { errorStorm } from '../../detectors/error-storm.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { baselines, kinds, NO_HISTORY, onsetMinute, type Scene, START_AT, told, windowOf } from './build.ts';

const FAILING: Scene = { source: null, lambda: { invocations: '10x60', errors: '0x40 9x20' } };

const evaluate = (scene: Scene, history = baselines()) => told(errorStorm.evaluate(windowOf(scene), history));

describe('error-storm', () => {
  it('opens where a directly invoked function keeps failing', () => {
    const [found] = evaluate(FAILING);
    expect(found).toMatchObject({ detector: 'error-storm', functions: ['worker'], queues: [] });
    expect(found && onsetMinute(found)).toBeCloseTo(40, 0);
    expect(found?.wastedShare?.[50]).toBeCloseTo(0.9);
  });

  it('opens without history, too', () => {
    expect(evaluate(FAILING, NO_HISTORY)).toHaveLength(1);
  });

  it('names the deploy that coincides, and no other', () => {
    const [found] = evaluate({ ...FAILING, fn: { lastModifiedAt: START_AT + 39 * MINUTE_MS } });
    const [later] = evaluate({ ...FAILING, fn: { lastModifiedAt: START_AT } });
    expect(found && kinds(found)).toEqual(['failed-share', 'deploy']);
    expect(later && kinds(later)).toEqual(['failed-share']);
  });

  it('says the same when the newest minute arrives late', () => {
    const [early] = evaluate({ source: null, lambda: { invocations: '10x59 _', errors: '0x40 9x19 _' } });
    const [late] = evaluate(FAILING);
    expect(early?.onsetAt).toBe(late?.onsetAt);
  });

  it('is not over because what still hangs is not counted yet, and what succeeds is', () => {
    // Two minutes until the timeout: of the newest minutes only what succeeded has ended.
    const hanging: Scene = {
      source: null,
      fn: { timeoutSeconds: 120 },
      lambda: {
        invocations: '90x40 90x18 8 6',
        errors: '0x40 82x18 0 0',
        durationMaximumMs: '1500x40 120000x18 1500 1400',
      },
    };
    expect(evaluate(hanging)).toHaveLength(1);
    // Where failures end at once, the newest minutes are what they seem.
    const failing = { ...hanging.lambda, durationMaximumMs: '1500x60' };
    expect(evaluate({ ...hanging, lambda: failing })).toEqual([]);
  });

  it.each<[string, Scene]>([
    ['a healthy function', { source: null, lambda: { invocations: '10x60', errors: '0x60' } }],
    ['one bad minute', { source: null, lambda: { invocations: '10x60', errors: '0x50 10 0x9' } }],
    [
      'a deploy blip of four minutes',
      { source: null, lambda: { invocations: '10x60', errors: '0x50 10x4 0x6' } },
    ],
    ['four minutes so far', { source: null, lambda: { invocations: '10x60', errors: '0x56 10x4' } }],
    ['a function that reads a queue', { ...FAILING, source: {} }],
    ['a function that reads a stream', { ...FAILING, source: { kind: 'kinesis', source: 'clicks' } }],
    [
      'a function of asynchronous events',
      { source: null, lambda: { ...FAILING.lambda, asyncEventsReceived: '10x60' } },
    ],
    [
      'minutes without a datapoint',
      { source: null, lambda: { invocations: '10x40 _x20', errors: '0x40 _x20' } },
    ],
    ['errors that were not read', { source: null, lambda: { invocations: '10x60' } }],
    ['invocations that were not read', { source: null, lambda: { errors: '9x60' } }],
    ['a function that was not read', { source: null }],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });

  it('does not open for a function that has always failed as often', () => {
    const worker = { errorShare: 0.3, errorShareP95: 0.5 };
    const scene: Scene = { source: null, lambda: { invocations: '10x60', errors: '3x60' } };
    expect(evaluate(scene, baselines({ worker }))).toEqual([]);
    expect(evaluate(scene)).toHaveLength(1);
  });
});
