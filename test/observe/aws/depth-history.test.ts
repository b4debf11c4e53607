import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../../src/model/time.ts';
import { WINDOW_MINUTES } from '../../../src/model/window.ts';
import {
  type DepthHistory,
  depthHistorySchema,
  depthSeries,
  isStill,
  NO_DEPTHS,
  withDepths,
} from '../../../src/observe/aws/depth-history.ts';
import { windowSpan } from '../../../src/observe/aws/window-span.ts';
import { NOW } from './account.ts';

function depths(visible: number, notVisible = 0, name = 'orders') {
  return new Map([[name, { visible, notVisible }]]);
}

/** Ticks a minute apart; `null`: the queue could not be read at that tick. */
function historyOf(visible: readonly (number | null)[]): DepthHistory {
  return visible.reduce<DepthHistory>(
    (history, value, i) =>
      withDepths(history, NOW + i * MINUTE_MS, value === null ? new Map() : depths(value)),
    NO_DEPTHS,
  );
}

describe('the history of queue depths', () => {
  it('ends a series with the newest tick, and leaves out what no tick read', () => {
    const history = historyOf([3, null, 5]);
    const { attributeVisible } = depthSeries(history, 'orders', windowSpan(NOW + 2 * MINUTE_MS));
    expect([...(attributeVisible ?? [])].slice(-4)).toEqual([NaN, 3, NaN, 5]);
  });

  it('has no series for a queue that was never read', () => {
    expect(depthSeries(historyOf([3]), 'mail', windowSpan(NOW))).toEqual({});
  });

  it('a tick that is repeated within its minute replaces itself', () => {
    const once = withDepths(NO_DEPTHS, NOW, depths(3));
    const twice = withDepths(once, NOW + 1000, depths(4));
    expect(twice.minutes).toHaveLength(1);
    expect(twice.queues.get('orders')).toEqual({ visible: [4], notVisible: [0] });
  });

  it('a clock that goes back drops what is then in the future', () => {
    const history = withDepths(historyOf([1, 2, 3]), NOW, depths(9));
    expect(history.queues.get('orders')?.visible).toEqual([9]);
  });

  it('forgets what left the window, queues that were deleted included', () => {
    let history = withDepths(NO_DEPTHS, NOW - MINUTE_MS, depths(1, 0, 'deleted'));
    for (let minute = 0; minute < WINDOW_MINUTES + 50; minute++) {
      history = withDepths(history, NOW + minute * MINUTE_MS, depths(minute));
    }
    expect(history.minutes).toHaveLength(WINDOW_MINUTES);
    expect([...history.queues.keys()]).toEqual(['orders']);
    expect(history.queues.get('orders')?.visible.at(0)).toBe(50);
  });

  it.each([
    ['the same ten times', Array(10).fill(4), true],
    ['the same nine times', Array(9).fill(4), false],
    ['nothing, ten times', Array(10).fill(0), true],
    ['one change', [...Array(10).fill(4), 5], false],
    ['the same whenever it was read', [4, null, 4, 4, 4, 4, 4, 4, 4, 4, 4], true],
    ['never read', Array(10).fill(null), false],
  ])('stands still: %s is %s', (_, visible, still) => {
    expect(isStill(historyOf(visible), 'orders', 10)).toBe(still);
  });

  it('does not stand still when messages only change between visible and not visible', () => {
    let history = NO_DEPTHS;
    for (let i = 0; i < 12; i++) history = withDepths(history, NOW + i * MINUTE_MS, depths(5, i % 2));
    expect(isStill(history, 'orders', 10)).toBe(false);
  });

  it('keeps a value per tick for every queue, whatever happens', () => {
    const tick = fc.record({
      gapMinutes: fc.integer({ min: -5, max: 300 }),
      depths: fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), fc.nat()),
    });
    fc.assert(
      fc.property(fc.array(tick, { maxLength: 40 }), (ticks) => {
        let now = NOW;
        let history = NO_DEPTHS;
        for (const { gapMinutes, depths: read } of ticks) {
          now += gapMinutes * MINUTE_MS;
          const entries = Object.entries(read).map(
            ([name, visible]) => [name, { visible, notVisible: 1 }] as const,
          );
          history = withDepths(history, now, new Map(entries));
          const json = JSON.parse(JSON.stringify({ ...history, queues: [...history.queues] }));
          expect(depthHistorySchema.parse(json)).toEqual(history);
          expect(history.minutes).toEqual([...new Set(history.minutes)].sort((a, b) => a - b));
        }
      }),
    );
  });
});
