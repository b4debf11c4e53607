import { describe, expect, it } from 'vitest';
import { distance, nearestName } from '../../src/model/nearest.ts';

describe('nearestName', () => {
  const names = ['orders-worker', 'billing-worker', 'Stack-ThumbnailerF1A2B3C4-x9Kq', 'a'];

  it.each([
    ['a slip of the finger', 'orders-wroker', 'orders-worker'],
    ['another case', 'ORDERS-WORKER', 'orders-worker'],
    ['a part of a generated name', 'thumbnailer', 'Stack-ThumbnailerF1A2B3C4-x9Kq'],
    ['a part of several names', 'worker', null],
    ['something else', 'quarterly-report', null],
    ['nothing', '', 'a'],
  ])('%s', (_, given, nearest) => expect(nearestName(given, names)).toBe(nearest));

  it('has nothing to suggest where there is nothing', () => expect(nearestName('orders', [])).toBeNull());
});

describe('distance', () => {
  it.each([
    ['', '', 0],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
    ['orders', 'ordres', 2],
  ])('%s to %s is %d', (a, b, edits) => {
    expect(distance(a, b)).toBe(edits);
    expect(distance(b, a)).toBe(edits);
  });
});
