import { describe, expect, it } from 'vitest';
import { throttleStorm } from '../../detectors/throttle-storm.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { baselines, kinds, NO_HISTORY, onsetMinute, type Scene, START_AT, told, windowOf } from './build.ts';

const REFUSED: Scene = {
  fn: { reservedConcurrency: 5 },
  lambda: { invocations: '10x180', throttles: '_x80 10x100' },
};

const evaluate = (scene: Scene, history = baselines()) =>
  told(throttleStorm.evaluate(windowOf(scene), history));

describe('throttle-storm', () => {
  it('opens where refusals outlast any surge', () => {
    const [found] = evaluate(REFUSED);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ functions: ['worker'], queues: ['orders'], wastedShare: null });
    expect(onsetMinute(found)).toBeCloseTo(80, 0);
    expect(kinds(found)).toEqual(['throttled']);
    expect(found.evidence[0]?.text).toContain('reserved concurrency 5');
  });

  it("opens without history, and names the account's limit where nothing is reserved", () => {
    const [found] = evaluate({ ...REFUSED, fn: {} }, NO_HISTORY);
    expect(found?.evidence[0]?.text).toContain("the account's concurrency limit");
  });

  it('opens where nothing is let through: throttles alone are attempts', () => {
    expect(evaluate({ lambda: { invocations: '10x80 _x100', throttles: '_x80 10x100' } })).toHaveLength(1);
  });

  it('begins where it began, also while the newest minute is not published', () => {
    const late: Scene = { ...REFUSED, lambda: { invocations: '10x179 _', throttles: '_x80 10x99 _' } };
    expect(evaluate(late)[0]?.onsetAt).toBe(evaluate(REFUSED)[0]?.onsetAt);
  });

  it.each<[string, Scene]>([
    ['a surge of forty minutes', { lambda: { invocations: '10x180', throttles: '_x140 10x40' } }],
    ['a surge that is over', { lambda: { invocations: '10x180', throttles: '_x20 10x70 _x90' } }],
    ['a function that somebody stopped', { ...REFUSED, fn: { reservedConcurrency: 0 } }],
    ['throttles of 0', { lambda: { invocations: '10x180', throttles: '0x180' } }],
    ['throttles that were not read', { lambda: { invocations: '10x180' } }],
    ['a function that was not read', {}],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });

  it('sees a queue that gets more than the limit lets through, although few attempts are refused', () => {
    const growing: Scene = {
      fn: { reservedConcurrency: 3 },
      queue: { messageRetentionSeconds: 86_400 },
      lambda: { invocations: '60x180', throttles: '_x60 4x120' },
      orders: {
        sent: '60x60 180x120',
        received: '60x180',
        deleted: '60x180',
        visible: `0x60 ${Array.from({ length: 120 }, (_, i) => 120 * (i + 1)).join(' ')}`,
        notVisible: '3x180',
      },
    };
    const [found] = evaluate(growing);
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(['outgrown']);
    expect(onsetMinute(found)).toBe(60);
    expect(found.evidence[0]?.text).toBe(
      '180 messages a minute arrive at orders and 60 are processed: 14,400 wait, 4 h of work',
    );
    // A day's work is 86,400 messages; 14,400 wait, and 120 more each minute.
    expect(found.loss?.expiresAt).toBe(START_AT + (180 + (86_400 - 14_400) / 120) * MINUTE_MS);
    expect(evaluate({ ...growing, lambda: { invocations: '60x180', throttles: '0x180' } })).toEqual([]);
  });

  it.each([
    [30, 170, true, 'an hour of work waits'],
    [30, 90, false, 'half an hour of work waits'],
    [10, 300, false, 'it may be over soon'],
  ])('waits for %i min where %i a minute arrive and 60 are processed: %s', (lasted, perMinute, isTold) => {
    const before = 180 - lasted;
    const growth = Array.from({ length: lasted }, (_, i) => (perMinute - 60) * (i + 1)).join(' ');
    const growing: Scene = {
      lambda: { invocations: `10x${before} 60x${lasted}`, throttles: `_x${before} 4x${lasted}` },
      orders: {
        sent: `10x${before} ${perMinute}x${lasted}`,
        received: `10x${before} 60x${lasted}`,
        deleted: `10x${before} 60x${lasted}`,
        visible: `0x${before} ${growth}`,
        notVisible: '3x180',
      },
    };
    expect(evaluate(growing)).toHaveLength(isTold ? 1 : 0);
  });

  it.each([
    [1, 'orders gives each message 1 receive, and one that is refused counts'],
    [4, 'orders gives each message 4 receives, and one that is refused counts'],
    [5, null],
  ])('waits for less where messages have few receives: %i', (maxReceiveCount, words) => {
    const refused: Scene = {
      queue: { redrive: { deadLetterQueue: 'orders-dlq', maxReceiveCount } },
      lambda: { invocations: '10x180', throttles: '_x140 10x40' },
      orders: {
        sent: '20x180',
        received: '20x180',
        deleted: '10x180',
        visible: '900x180',
        notVisible: '3x180',
      },
    };
    const [found] = evaluate(refused);
    expect(found?.evidence[1]?.text.slice(0, words?.length) ?? null).toBe(words);
  });

  it('does not open for a function that is always throttled as much', () => {
    expect(evaluate(REFUSED, baselines({ worker: { throttleShare: 0.5 } }))).toEqual([]);
  });
});
