import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attemptsOf,
  healthyDurationMs,
  invocationAttempts,
  settleMinutes,
} from '../../../detectors/evidence/attempts.ts';
import { consumersOf } from '../../../detectors/evidence/consumer.ts';
import type { Baselines } from '../../../src/model/baseline.ts';
import { sum } from '../../../src/stats/series.ts';
import { baselines, NO_HISTORY, type Scene, series, windowOf } from '../build.ts';

function consumer(scene: Scene, history: Baselines = baselines()) {
  const [first] = consumersOf(windowOf(scene), history);
  if (first === undefined) throw new Error('no consumer');
  return first;
}

/** A queue alone: only Received and Deleted say anything. Runs take a second, and never much longer. */
function byQueue(received: string, deleted: string) {
  const steady = baselines({ worker: { durationMaximumP95Ms: 1000 } });
  const orders = { received, deleted };
  return attemptsOf(consumer({ lambda: {}, orders }, steady), series(received).length);
}

describe('attemptsOf, by Received and Deleted', () => {
  it.each<[string, string, string, number]>([
    ['all is deleted in the minute in which it was received', '10x20', '10x20', 0],
    ['deletes come a minute late', '10x20', '10x10 0 20 10x8', 0],
    ['deletes come two minutes late', '10x20', '10x10 0 0 30 10x7', 0],
    ['deletes come early', '10x20', '10x10 14 6 10x8', 0],
    ['nothing is deleted any more', '10x20', '10x15 0x5', 50],
    ['a part is never deleted', '10x20', '10x10 9x10', 10],
    ['a busy queue stands still', '400x15 10 0x4', '400x15 7 0x4', 10],
  ])('leaves what was never done where %s', (_name, received, deleted, left) => {
    const { failed } = byQueue(received, deleted);
    expect(Math.abs(sum(failed) - left)).toBeLessThanOrEqual(0.5);
    expect(failed.slice(0, 8).every((value) => Math.abs(value) < 1e-9)).toBe(true);
  });

  it('does not let deletes of much later cancel a failure of now', () => {
    const { failed } = byQueue('10x30', '10x5 0x2 10x16 30 10x6');
    expect(Math.max(...failed)).toBeGreaterThan(9);
  });

  it('says nothing of a minute without a datapoint', () => {
    const { attempts, failed } = byQueue('10x10 _x5 10x5', '10x10 _x5 10x5');
    expect([...attempts.slice(10, 15)]).toEqual([0, 0, 0, 0, 0]);
    expect([...failed.slice(10, 15)]).toEqual([0, 0, 0, 0, 0]);
  });

  it('never finds more failures than attempts, wherever deletes fall', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 30, maxLength: 30 }), (deletes) => {
        const { attempts, failed } = byQueue('10x30', deletes.join(' '));
        const excess = failed.map((value, i) => value - (attempts[i] as number));
        expect(Math.max(...excess)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });
});

describe('attemptsOf, by Errors', () => {
  const scene: Scene = {
    lambda: { invocations: '10x20', errors: '0x10 4x10', throttles: '_x20' },
    orders: { received: '20x20', deleted: '20x10 12x10' },
  };

  it('counts the messages of failed batches, where the minute is complete', () => {
    const { failed, attempts, unit } = attemptsOf(consumer(scene), 20);
    expect(unit).toBe('receives');
    expect(failed[12]).toBe(8);
    expect(attempts[12]).toBe(20);
  });

  it('lets Errors have the last word, not a delete that was counted elsewhere', () => {
    const orders = { received: '20x20', deleted: '20x5 0x5 20x10' };
    const lambda = { invocations: '10x20', errors: '0x20', throttles: '_x20' };
    const { failed } = attemptsOf(consumer({ lambda, orders }), 20);
    expect(sum(failed, 0, 17)).toBe(0);
  });

  it('does not believe Errors where the handler reports partial batches', () => {
    const partial: Scene = {
      source: { partialBatchResponses: true },
      lambda: { invocations: '10x20', errors: '0x20', throttles: '_x20' },
      orders: { received: '20x20', deleted: '20x10 10x10' },
    };
    expect(sum(attemptsOf(consumer(partial), 20).failed)).toBeGreaterThan(80);
  });

  it('falls back on Lambda alone where the queue cannot be read', () => {
    const lambda = { invocations: '10x20', errors: '0x10 10x10', throttles: '_x15 3x5' };
    const { unit, attempts, failed } = attemptsOf(consumer({ lambda, orders: {} }), 20);
    expect(unit).toBe('invocations');
    expect(attempts[19]).toBe(13);
    expect(failed[19]).toBe(13);
  });
});

describe('invocationAttempts', () => {
  it('takes missing minutes and missing series for nothing attempted', () => {
    const { attempts, failed } = invocationAttempts({ invocations: series('5 _ 5') }, 3);
    expect([...attempts]).toEqual([5, 0, 5]);
    expect([...failed]).toEqual([0, 0, 0]);
  });
});

describe('settleMinutes', () => {
  it.each([
    [30, 3],
    [60, 3],
    [61, 4],
    [900, 17],
  ])('of a timeout of %i s are %i', (timeoutSeconds, minutes) => {
    expect(settleMinutes(consumer({ fn: { timeoutSeconds } }).fn)).toBe(minutes);
  });
});

describe('healthyDurationMs', () => {
  const lambda = { invocations: '10x10 10x10', errors: '0x10 10x10', durationSumMs: '5000x10 300000x10' };

  it('is known from history', () => {
    expect(healthyDurationMs(consumer({ lambda }), 20)).toBe(1000);
  });

  it('is that of the error-free minutes without one', () => {
    expect(healthyDurationMs(consumer({ lambda }, NO_HISTORY), 20)).toBe(500);
  });

  it('is the timeout while more are running than have ended', () => {
    const running = { ...lambda, invocations: '1 _x19', errors: '0x20', concurrentExecutions: '50x20' };
    expect(healthyDurationMs(consumer({ lambda: running }, NO_HISTORY), 20)).toBe(30_000);
  });

  it('is 0 where Duration was not read', () => {
    expect(healthyDurationMs(consumer({ lambda: { invocations: '10x20' } }, NO_HISTORY), 20)).toBe(0);
  });
});
