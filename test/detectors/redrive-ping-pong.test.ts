import { describe, expect, it } from 'vitest';
import { redrivePingPong } from '../../detectors/redrive-ping-pong.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { MoveTask } from '../../src/model/window.ts';
import { baselines, kinds, onsetMinute, REDRIVE, type Scene, START_AT, told, windowOf } from './build.ts';

const queue = { redrive: REDRIVE };

/** Forty messages are moved out at minutes 10, 30 and 50, and are back nine minutes later each time. */
const PING_PONG = '40x10 0x9 40x11 0x9 40x11 0x9 40';

const move = (minute: number, moved = 40): MoveTask => ({
  queue: 'orders-dlq',
  startedAt: START_AT + minute * MINUTE_MS,
  status: 'COMPLETED',
  moved,
});

const RECORDED: Scene = {
  queue,
  deadLetter: { visible: PING_PONG, notVisible: '0x60', deleted: '_x60', sent: '_x60' },
  moveTasks: [move(10), move(30), move(50)],
};

const SEEN: Scene = { ...RECORDED, moveTasks: [] };

const evaluate = (scene: Scene) => told(redrivePingPong.evaluate(windowOf(scene), baselines()));

describe('redrive-ping-pong', () => {
  it.each<[string, Scene]>([
    ['recorded redrives come back', RECORDED],
    ['the content falls without deletes, and comes back', SEEN],
  ])('opens where %s', (_name, scene) => {
    const [found] = evaluate(scene);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({
      functions: ['worker'],
      queues: ['orders', 'orders-dlq'],
      persistenceMinutes: 3,
    });
    expect(onsetMinute(found)).toBe(10);
    expect(kinds(found)).toEqual(['redrives', 'new-identity']);
    expect(found.evidence[0]?.text).toContain('3 times (120 messages)');
  });

  it('knows what failing again wastes, where the source queue was read', () => {
    const orders = { received: '10x30 20x30', deleted: '10x60', sent: '10x60' };
    expect(evaluate({ ...RECORDED, orders })[0]?.wastedShare?.[45]).toBeCloseTo(0.5);
    expect(evaluate(RECORDED)[0]?.wastedShare).toBeNull();
  });

  it('counts moves from before the window', () => {
    const hourly: Scene = { ...RECORDED, moveTasks: [move(-600), move(-300), move(10), move(30)] };
    expect(evaluate(hourly)[0]?.persistenceMinutes).toBe(4);
  });

  it.each<[string, Scene]>([
    [
      'a redrive after a repair, whose messages do not come back',
      { queue, deadLetter: { visible: '40x10 0x50', deleted: '_x60' }, moveTasks: [move(10)] },
    ],
    [
      'one redrive that came back',
      { queue, deadLetter: { visible: '40x10 0x9 40x41', deleted: '_x60' }, moveTasks: [move(10)] },
    ],
    [
      'two redrives of which a few messages came back',
      {
        queue,
        deadLetter: { visible: '40x10 0x9 3x21 0x10 3x10', deleted: '_x60' },
        moveTasks: [move(10), move(40)],
      },
    ],
    [
      'single messages that somebody tries out',
      {
        queue,
        deadLetter: { visible: '40x10 39x9 40x11 39x9 40x21', deleted: '_x60' },
        moveTasks: [move(10, 1), move(30, 1)],
      },
    ],
    [
      'a consumer that empties it again and again',
      {
        queue,
        deadLetter: {
          visible: PING_PONG,
          deleted: '0x10 40 0x19 40 0x19 40 0x9',
          notVisible: '0x60',
          sent: '_x60',
        },
      },
    ],
    ['a queue that was not read', { queue, moveTasks: [move(10), move(30)] }],
    ['a depth that was not read', { ...RECORDED, deadLetter: { deleted: '_x60' } }],
    ['a queue without a redrive policy', { ...RECORDED, queue: {} }],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });
});
