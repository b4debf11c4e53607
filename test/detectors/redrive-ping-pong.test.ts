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

/** Ten a minute, and each of the forty five times more: at 10, 30 and 50 and for some minutes after. */
const RECEIVED = '10x10 50x5 10x15 50x5 10x15 50x5 10x5';

const SEEN: Scene = { ...RECORDED, orders: { received: RECEIVED }, moveTasks: [] };

/** A script receives, sends and deletes forty at minutes 10, 30 and 50. */
const SCRIPT: Scene = {
  queue,
  orders: { sent: '10x10 50 10x19 50 10x19 50 10x9', received: RECEIVED, deleted: '10x60' },
  deadLetter: {
    visible: PING_PONG,
    notVisible: '0x60',
    deleted: '0x10 40 0x19 40 0x19 40 0x9',
    sent: '_x60',
  },
};

/** Four more each minute, and none left after these minutes. */
function rising(step: number, emptiedAt: readonly number[]): string {
  let depth = 0;
  return Array.from({ length: 60 }, (_, i) => {
    depth = emptiedAt.includes(i) ? 0 : depth + step;
    return depth;
  }).join(' ');
}

/** So many a minute, give or take ten, and forty more in the minutes of the script. */
function wavering(perMinute: number): string {
  return Array.from(
    { length: 60 },
    (_, i) => perMinute + (i % 2 === 0 ? 10 : -10) + (i % 20 === 10 ? 40 : 0),
  ).join(' ');
}

const evaluate = (scene: Scene) => told(redrivePingPong.evaluate(windowOf(scene), baselines()));

describe('redrive-ping-pong', () => {
  it.each<[string, Scene]>([
    ['recorded redrives come back', RECORDED],
    ['the content falls without deletes, and comes back', SEEN],
    ['a script sends and deletes what comes back', SCRIPT],
    [
      'what a script deletes is missing from the depth only in the next minute',
      { ...SCRIPT, deadLetter: { ...SCRIPT.deadLetter, visible: '40x11 0x8 40x12 0x8 40x12 0x8 40' } },
    ],
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
    const share = evaluate({ ...RECORDED, orders })[0]?.wastedShare;
    expect(share?.[45]).toBeCloseTo(0.5);
    expect(share?.[5]).toBe(0);
    expect(evaluate(RECORDED)[0]?.wastedShare).toBeNull();
  });

  it('says how far apart the rounds are, and goes on while what was moved may be under way', () => {
    const [found] = evaluate(SCRIPT);
    expect(found?.roundMinutes).toBe(20);
    expect(found?.lastEvidenceAt).toBe(START_AT + 60 * MINUTE_MS);
  });

  it('sees what is drained by the minute: it arrives when it leaves again', () => {
    const drained: Scene = {
      ...SCRIPT,
      orders: { ...SCRIPT.orders, sent: '10x10 50 10x19 50 10x19 50 10x7 50 10' },
      deadLetter: { visible: '40x10 0x50', deleted: '0x10 40 0x19 40 0x19 40 0x7 40 0', notVisible: '0x60' },
    };
    expect(evaluate(drained)[0]?.evidence[0]?.text).toContain(
      '4 times (160 messages); 3 times they came back',
    );
  });

  it.each([
    ['quiet enough', { sent: wavering(100) }, 1],
    ['so busy that it hides them', { sent: wavering(300) }, 0],
    [
      'so busy, where the source holds them while they fail',
      { sent: wavering(300), visible: '0x60', notVisible: '2x11 42x8 2x12 42x8 2x12 42x8 2' },
      1,
    ],
    [
      'so busy, where the source always holds as many',
      { sent: wavering(300), visible: '0x60', notVisible: '42x60' },
      0,
    ],
  ])('tells rounds of forty from traffic that is %s', (_name, orders, found) => {
    expect(evaluate({ ...SCRIPT, orders: { ...SCRIPT.orders, ...orders } })).toHaveLength(found);
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
    [
      'a script whose messages are processed this time',
      {
        ...SCRIPT,
        deadLetter: { visible: '40x10 0x9 40x11 0x30', deleted: '0x10 40 0x19 40 0x29', notVisible: '0x60' },
        orders: { ...SCRIPT.orders, sent: '10x10 50 10x19 50 10x29' },
      },
    ],
    [
      'a script whose messages came back once, and which has only just begun anew',
      {
        ...SCRIPT,
        deadLetter: { visible: '40x10 0x9 40x12', deleted: '0x10 40 0x19 40', notVisible: '0x31' },
        orders: { sent: '10x10 50 10x19 50' },
      },
    ],
    [
      'somebody who deletes them again and again, and sends nothing',
      { ...SCRIPT, orders: { ...SCRIPT.orders, sent: '10x60' } },
    ],
    [
      'somebody who deletes them while a few messages more than usual are sent',
      { ...SCRIPT, orders: { ...SCRIPT.orders, sent: '1x10 16 1x19 16 1x19 16 1x9' } },
    ],
    [
      'somebody who deletes them in the minutes of batches that are far larger',
      { ...SCRIPT, orders: { ...SCRIPT.orders, sent: '10x10 900 10x19 900 10x19 900 10x9' } },
    ],
    [
      'somebody who deletes them where batches of as many come every ten minutes',
      { ...SCRIPT, orders: { ...SCRIPT.orders, sent: `${'50 10x9 '.repeat(6)}` } },
    ],
    [
      'dead letters that expire or are purged, and as many new ones',
      { ...SEEN, orders: { received: '0x60' } },
    ],
    [
      'redrives that work, while as many as ever are dead-lettered',
      {
        ...SCRIPT,
        deadLetter: {
          visible: rising(4, [10, 30, 50]),
          notVisible: '0x60',
          deleted: '0x10 40 0x19 80 0x19 80 0x9',
        },
      },
    ],
    ['a source that was not read', { ...SCRIPT, orders: {} }],
    ['a queue that was not read', { queue, moveTasks: [move(10), move(30)] }],
    ['a depth that was not read', { ...RECORDED, deadLetter: { deleted: '_x60' } }],
    ['a queue without a redrive policy', { ...RECORDED, queue: {} }],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });
});
