import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '../../src/model/time.ts';
import { hourlyHistory } from '../../src/stats/hourly-history.ts';
import { type Scene, START_AT, windowOf } from '../detectors/build.ts';

const history = (scene: Scene, startAt = START_AT) => hourlyHistory({ ...windowOf(scene), startAt });

const SCENE: Scene = {
  lambda: {
    invocations: '1x60 2x60 3x60',
    errors: '0x60 _x60 1x60',
    durationMaximumMs: '100x59 900 200x60 50x60',
    concurrentExecutions: '1x170 7 1x9',
  },
  orders: { sent: '5x180', visible: '0x30 40 0x149' },
};

describe('hourlyHistory', () => {
  it('adds counters up, and takes the maximum of maxima', () => {
    const found = history(SCENE);
    const worker = found.functions.get('worker');
    expect(found.startAt).toBe(START_AT);
    expect([...(worker?.invocations ?? [])]).toEqual([60, 120, 180]);
    expect([...(worker?.durationMaximumMs ?? [])]).toEqual([900, 200, 50]);
    expect([...(worker?.concurrentExecutions ?? [])]).toEqual([1, 1, 7]);
    expect([...(found.queues.get('orders')?.sent ?? [])]).toEqual([300, 300, 300]);
    expect([...(found.queues.get('orders')?.visible ?? [])]).toEqual([40, 0, 0]);
    expect(worker?.memoryMB).toBe(1024);
  });

  it('tells an hour without a datapoint from an hour of zeros', () => {
    expect([...(history(SCENE).functions.get('worker')?.errors ?? [])]).toEqual([0, Number.NaN, 60]);
  });

  it('does not take a series that was not read for zeros', () => {
    const { throttles } = history(SCENE).functions.get('worker') ?? {};
    expect([...(throttles ?? [])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const nothing = history({ orders: { sent: '5x180' } }).functions.get('worker');
    expect([...(nothing?.invocations ?? [])]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('leaves out part hours at either end', () => {
    const found = history(SCENE, START_AT + 20 * MINUTE_MS);
    expect(found.startAt).toBe(START_AT + HOUR_MS);
    // Minutes 40 to 160 of the window: twenty of the first value, all sixty of the second, forty of the third.
    expect([...(found.functions.get('worker')?.invocations ?? [])]).toEqual([20 + 80, 40 + 120]);
  });

  it('is empty where no whole hour fits', () => {
    const found = history({ lambda: { invocations: '1x90' } }, START_AT + 40 * MINUTE_MS);
    expect(found.functions.get('worker')?.invocations).toHaveLength(1);
    const none = history({ lambda: { invocations: '1x50' } }, START_AT);
    expect(none.functions.get('worker')?.invocations).toHaveLength(0);
  });
});
