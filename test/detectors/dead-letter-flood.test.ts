import { describe, expect, it } from 'vitest';
import { deadLetterFlood } from '../../detectors/dead-letter-flood.ts';
import { baselines, kinds, NO_HISTORY, onsetMinute, REDRIVE, type Scene, told, windowOf } from './build.ts';

const climb = (from: number, minutes: number, step: number) =>
  Array.from({ length: minutes }, (_, i) => from + (i + 1) * step).join(' ');

const queue = { redrive: REDRIVE };

const FLOOD: Scene = {
  queue,
  deadLetter: { visible: `3x40 ${climb(3, 20, 5)}`, notVisible: '0x60', sent: '_x60', deleted: '_x60' },
};

const evaluate = (scene: Scene, history = baselines()) =>
  told(deadLetterFlood.evaluate(windowOf(scene), history));

describe('dead-letter-flood', () => {
  it('opens where messages are dead-lettered by the minute', () => {
    const [found] = evaluate(FLOOD);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({
      functions: ['worker'],
      queues: ['orders-dlq', 'orders'],
      wastedShare: null,
    });
    expect(onsetMinute(found)).toBe(40);
    expect(found.loss).toEqual({ lost: 100, lostPerHour: 300, expiresAt: null });
    expect(kinds(found)).toEqual(['dead-lettered', 'attempts']);
  });

  it('opens though a consumer drains the queue as fast', () => {
    const drained: Scene = {
      queue,
      deadLetter: { visible: '1x60', notVisible: '0x60', sent: '_x60', deleted: '_x40 5x20' },
    };
    expect(evaluate(drained)[0]?.loss?.lost).toBe(100);
  });

  it('counts the depths of GetQueueAttributes where the metric was not read', () => {
    const attributes: Scene = {
      queue,
      deadLetter: {
        attributeVisible: `3x40 ${climb(3, 20, 5)}`,
        attributeNotVisible: '0x60',
        deleted: '_x60',
      },
    };
    expect(evaluate(attributes)[0]?.loss?.lost).toBe(100);
  });

  it('sees through minutes without a datapoint: the rise counts when it is seen', () => {
    const gaps: Scene = {
      queue,
      deadLetter: {
        visible: `3x40 8 13 _ _ 28 33 _ 43 48 53 58 63 68 73 78 83 88 93 98 103`,
        deleted: '_x60',
      },
    };
    const [found] = evaluate(gaps);
    expect(found?.loss?.lost).toBe(100);
    expect(found && onsetMinute(found)).toBe(40);
  });

  it.each<[string, Scene]>([
    [
      'a depth that stands still, however large',
      { queue, deadLetter: { visible: '5000x60', deleted: '_x60' } },
    ],
    [
      'a handful of poison messages',
      { queue, deadLetter: { visible: '0x40 1x5 2x5 3x10', deleted: '_x60' } },
    ],
    [
      'the last messages of a deploy blip',
      { queue, deadLetter: { visible: '0x50 20 40 60x8', notVisible: '0x60', deleted: '_x60' } },
    ],
    [
      'messages that producers send to it themselves',
      { queue, deadLetter: { visible: `3x40 ${climb(3, 20, 5)}`, sent: '0x40 5x20', deleted: '_x60' } },
    ],
    [
      'a flood that has been over for half an hour',
      { queue, deadLetter: { visible: `3x10 ${climb(3, 20, 5)} 103x30`, deleted: '_x60' } },
    ],
    [
      'an idle queue that shows its content for the first time',
      { queue, deadLetter: { visible: '_x59 900', deleted: '_x60' } },
    ],
    ['a queue that was not read', { queue }],
    ['deletes without any depth', { queue, deadLetter: { deleted: '5x60' } }],
    ['a queue that is nobody’s dead-letter queue', { ...FLOOD, queue: {} }],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });

  it('does not open where as many always come', () => {
    expect(
      evaluate(FLOOD, baselines({ deadLetter: { arrivalsPerHour: 300, arrivalsMaximum: 400 } })),
    ).toEqual([]);
  });

  describe('a trickle', () => {
    /** One message in two minutes. */
    const trickle = Array.from({ length: 60 }, (_, i) => Math.ceil(i / 2)).join(' ');
    const sceneOf = (sent: string): Scene => ({
      queue,
      orders: { sent },
      deadLetter: { visible: trickle, notVisible: '0x60', deleted: '_x60' },
    });

    it.each([
      ['of a busy queue, before anybody knows what is usual', '110x60', 0],
      ['of a quiet queue, which it is a large part of', '2x60', 1],
    ])('%s', (_name, sent, findings) => {
      expect(evaluate(sceneOf(sent), NO_HISTORY)).toHaveLength(findings);
    });

    it.each([
      ['more is lost where more is sent than usual', 600, 0],
      ['as much as usual is sent', 6_600, 1],
    ])('%s', (_name, sentPerHour, findings) => {
      const history = baselines({
        orders: { sentPerHour },
        deadLetter: { arrivalsPerHour: 3, arrivalsMaximum: 9 },
      });
      expect(evaluate(sceneOf('110x60'), history)).toHaveLength(findings);
    });
  });
});
