import { describe, expect, it } from 'vitest';
import { retryLoop } from '../../detectors/retry-loop.ts';
import {
  baselines,
  kinds,
  NO_HISTORY,
  onsetMinute,
  REDRIVE,
  type Scene,
  series,
  told,
  windowOf,
} from './build.ts';

/** Ten messages a minute; from minute 40 on they are received and never deleted. */
const THROWS: Scene = {
  lambda: { invocations: '10x60', errors: '0x40 10x20', throttles: '_x60', durationSumMs: '10000x60' },
  orders: { sent: '10x60', received: '10x60', deleted: '10x40 0x20', notVisible: '0x40 10 20 30x18' },
};

/** From minute 50 on nothing has ended yet: neither Invocations nor Errors of those runs are published. */
const TIMES_OUT: Scene = {
  fn: { timeoutSeconds: 900 },
  queue: { visibilityTimeoutSeconds: 5400 },
  lambda: {
    invocations: '10x50 _x10',
    errors: '0x50 _x10',
    throttles: '_x60',
    durationSumMs: '10000x50 _x10',
    concurrentExecutions: '2x50 12 22 32 42 52 62 72 82 92 102',
  },
  orders: { sent: '10x60', received: '10x60', deleted: '10x50 0x10' },
};

const PARTIAL: Scene = {
  source: { partialBatchResponses: true },
  lambda: { invocations: '10x60', errors: '0x60', throttles: '_x60', durationSumMs: '10000x60' },
  orders: { sent: '10x60', received: '10x60', deleted: '10x40 0x20' },
};

const THROTTLED: Scene = {
  fn: { reservedConcurrency: 5 },
  lambda: {
    invocations: '10x40 _x20',
    errors: '0x40 _x20',
    throttles: '_x40 10x20',
    durationSumMs: '10000x40 _x20',
  },
  orders: { sent: '10x60', received: '10x60', deleted: '10x40 0x20' },
};

/** One message in ten fails and comes back: the others hide it. */
const POISON: Scene = {
  lambda: {
    invocations: '100x20 110x40',
    errors: '0x20 10x40',
    throttles: '_x60',
    durationSumMs: '100000x60',
  },
  orders: { sent: '100x60', received: '100x20 110x40', deleted: '100x60' },
};

describe('retry-loop opens where', () => {
  it.each<[string, Scene, number, string]>([
    ['the handler throws', THROWS, 40, 'errors'],
    ['it times out and Errors is not reported yet', TIMES_OUT, 50, 'still-running'],
    ['partial batches fail though Errors stays 0', PARTIAL, 40, 'partial-batch'],
    ['deliveries are throttled', THROTTLED, 40, 'throttled'],
    ['one message in ten is poison', POISON, 20, 'errors'],
  ])('%s', (_name, scene, onset, disguise) => {
    const [found, ...others] = told(retryLoop.evaluate(windowOf(scene), baselines()));
    expect(others).toEqual([]);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ functions: ['worker'], queues: ['orders'], detector: 'retry-loop' });
    expect(Math.abs(onsetMinute(found) - onset)).toBeLessThanOrEqual(1.5);
    expect(kinds(found)).toContain(disguise);
    expect(kinds(found)[0]).toBe('failed-share');
  });

  it.each([
    ['reserved concurrency 5', { reservedConcurrency: 5 }],
    ["the account's concurrency limit", {}],
  ])('names the limit that throttles as a throttle storm does: %s', (limit, fn) => {
    const [found] = told(retryLoop.evaluate(windowOf({ ...THROTTLED, fn }), baselines()));
    expect(found?.evidence.find(({ kind }) => kind === 'throttled')?.text).toContain(
      `throttled by ${limit}:`,
    );
  });

  it('a function without history fails from one minute to the next', () => {
    expect(told(retryLoop.evaluate(windowOf(THROWS), NO_HISTORY))).toHaveLength(1);
  });
});

describe('retry-loop says', () => {
  const evaluate = (scene: Scene) => told(retryLoop.evaluate(windowOf(scene), baselines()))[0];

  it('how the waste ends by itself', () => {
    expect(evaluate(THROWS)?.selfEnd).toEqual({ kind: 'retention', afterSeconds: 345_600 });
    expect(evaluate({ ...THROWS, queue: { redrive: REDRIVE } })?.selfEnd).toEqual({
      kind: 'dead-letter-queue',
      attempts: 5,
    });
  });

  it('what is lost to the dead-letter queue', () => {
    const deadLetter = { visible: '0x45 10 20 30 40 50x11', deleted: '_x60', sent: '_x60' };
    const found = evaluate({ ...THROWS, queue: { redrive: REDRIVE }, deadLetter });
    expect(found?.loss?.lost).toBe(50);
    expect(evaluate(THROWS)?.loss).toMatchObject({ lost: 0 });
  });

  it('that nearly all is wasted where all fails, and nothing before', () => {
    const share = evaluate(THROWS)?.wastedShare;
    expect(share?.slice(0, 40).every((value) => value === 0)).toBe(true);
    expect(share?.slice(42).every((value) => value > 0.8)).toBe(true);
  });

  it('receives per delete, Infinity where nothing is deleted', () => {
    expect(evaluate(THROWS)?.amplification?.receivesPerDelete).toBe(Number.POSITIVE_INFINITY);
    expect(evaluate(POISON)?.amplification?.receivesPerDelete).toBeCloseTo(1.1, 1);
  });

  it('which settings make it worse', () => {
    expect(kinds(evaluate({ ...THROWS, queue: { visibilityTimeoutSeconds: 30 } }) as never)).toEqual(
      expect.arrayContaining(['no-redrive-policy', 'short-visibility']),
    );
    const absurd = { redrive: { ...REDRIVE, maxReceiveCount: 1000 } };
    expect(kinds(evaluate({ ...THROWS, queue: absurd }) as never)).toContain('high-receive-count');
  });
});

const HEALTHY: Scene = {
  lambda: { invocations: '10x60', errors: '0x60', throttles: '_x60', durationSumMs: '10000x60' },
  orders: { sent: '10x60', received: '10x60', deleted: '10x60' },
};

describe('retry-loop does not open for', () => {
  it.each<[string, Scene]>([
    ['a healthy function', HEALTHY],
    [
      'a backlog that is worked off',
      {
        lambda: {
          invocations: '10x20 100x30 10x10',
          errors: '0x60',
          throttles: '_x60',
          durationSumMs: '10000x60',
        },
        orders: {
          sent: '10x20 3000 10x39',
          received: '10x20 90 100x29 20 10x9',
          deleted: '10x20 80 100x29 30 10x9',
          visible: '0x20 2900 2810 2720 2000x20 500x7 0x10',
        },
      },
    ],
    [
      'a deploy that failed for four minutes',
      {
        lambda: {
          invocations: '10x60',
          errors: '0x45 10x4 0x11',
          throttles: '_x60',
          durationSumMs: '10000x60',
        },
        orders: { sent: '10x60', received: '10x48 20x4 10x8', deleted: '10x45 0x3 10 20x4 10x7' },
      },
    ],
    [
      'a deploy that has been failing for four minutes',
      {
        lambda: { invocations: '10x60', errors: '0x56 10x4', throttles: '_x60', durationSumMs: '10000x60' },
        orders: { sent: '10x60', received: '10x60', deleted: '10x56 0x4' },
      },
    ],
    [
      'minutes without a datapoint',
      {
        lambda: {
          invocations: '10x30 _x8 10x22',
          errors: '0x30 _x8 0x22',
          throttles: '_x60',
          durationSumMs: '10000x60',
        },
        orders: { sent: '10x60', received: '10x30 _x8 10x22', deleted: '10x30 _x8 10x22' },
      },
    ],
    [
      'deletes that are not published for the newest minutes',
      { ...HEALTHY, orders: { sent: '10x60', received: '10x60', deleted: '10x50 _x10' } },
    ],
    [
      'deletes that come a minute later every other minute',
      {
        ...HEALTHY,
        orders: {
          sent: '10x60',
          received: '10x60',
          deleted: Array.from({ length: 30 }, () => '4 16').join(' '),
        },
      },
    ],
    ['series that were not read', {}],
    ['a function that was read and a queue without any series', { lambda: {}, orders: {} }],
  ])('%s', (_name, scene) => {
    expect(told(retryLoop.evaluate(windowOf(scene), baselines()))).toEqual([]);
  });

  it('a function that has always failed twice in a hundred, though a healthy one would open', () => {
    const scene: Scene = {
      lambda: { invocations: '102x60', errors: '2x60', throttles: '_x60', durationSumMs: '100000x60' },
      orders: { sent: '100x60', received: '102x60', deleted: '100x60' },
    };
    const worker = { errorShare: 0.02, errorShareP95: 0.03, invocationsPerHour: 6000 };
    expect(told(retryLoop.evaluate(windowOf(scene), baselines({ worker })))).toEqual([]);
    const worse: Scene = {
      lambda: { invocations: '120x60', errors: '2x20 20x40', throttles: '_x60', durationSumMs: '100000x60' },
      orders: { sent: '100x60', received: '120x60', deleted: '118x20 100x40' },
    };
    expect(told(retryLoop.evaluate(windowOf(worse), baselines({ worker })))).toHaveLength(1);
  });

  it('a queue that no function reads', () => {
    expect(retryLoop.evaluate(windowOf({ ...THROWS, source: null }), baselines())).toEqual([]);
  });
});

describe('retry-loop and late data', () => {
  it('finds the same before and after Errors and Duration of the timeouts arrive', () => {
    const late: Scene = {
      ...TIMES_OUT,
      lambda: {
        ...TIMES_OUT.lambda,
        invocations: '10x60',
        errors: '0x50 10x10',
        durationSumMs: '10000x50 9000000x10',
        durationMaximumMs: '1000x50 900000x10',
      },
    };
    const [before] = told(retryLoop.evaluate(windowOf(TIMES_OUT), baselines()));
    const [after] = told(retryLoop.evaluate(windowOf(late), baselines()));
    if (before === undefined || after === undefined) throw new Error('no finding');
    expect(Math.abs(after.onsetAt - before.onsetAt)).toBeLessThanOrEqual(60_000);
    expect(after).toMatchObject({ functions: before.functions, queues: before.queues, isOngoing: true });
    expect(kinds(after)).toContain('timeout');
  });

  it('takes nothing back when a missing minute is filled in', () => {
    const [gap] = told(
      retryLoop.evaluate(
        windowOf({ ...THROWS, orders: { sent: '10x60', received: '10x60', deleted: '10x40 0x5 _ 0x14' } }),
        baselines(),
      ),
    );
    const [whole] = told(retryLoop.evaluate(windowOf(THROWS), baselines()));
    expect(gap?.onsetAt).toBe(whole?.onsetAt);
  });

  it('is over when the messages are deleted after all', () => {
    const recovered: Scene = {
      lambda: { ...THROWS.lambda, errors: '0x30 10x10 0x20' },
      orders: { sent: '10x60', received: '10x40 20x10 10x10', deleted: '10x30 0x10 20x10 10x10' },
    };
    expect(told(retryLoop.evaluate(windowOf(recovered), baselines()))).toEqual([]);
  });
});

describe('series', () => {
  it('reads values, repetitions and gaps', () => {
    expect([...series('0 _ 3x2')]).toEqual([0, Number.NaN, 3, 3]);
    expect(() => series('3 y')).toThrow('no minute: y');
  });
});
