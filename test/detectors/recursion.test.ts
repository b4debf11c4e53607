import { describe, expect, it } from 'vitest';
import { recursion } from '../../detectors/recursion.ts';
import { baselines, kinds, NO_HISTORY, onsetMinute, type Scene, told, windowOf } from './build.ts';
import { arrivals, counts } from './counts.ts';

const evaluate = (scene: Scene, history = baselines()) => told(recursion.evaluate(windowOf(scene), history));

/** What a queue shows that is kept up with: everything sent is received and deleted in its minute. */
const passing = (sent: string): Scene => ({
  lambda: { invocations: sent, errors: '0x180' },
  orders: { sent, received: sent, deleted: sent, visible: '0x180', notVisible: '1x180' },
});

/** From minute 90 on each of ever more messages comes round every minute: 10 a minute become 10 more each minute. */
const CIRCULATING = passing(`${arrivals(90, { mean: 10 })} ${counts(90, (i) => 10 + 8 * i)}`);

/** Its own throughput wavers; 1.5 times as much is sent as is finished, and a backlog grows. */
const throughput = (i: number) => 400 + 60 * Math.sin(i * 1.7) + 40 * Math.sin(i * 0.9);
const LOCK_STEP: Scene = {
  lambda: { invocations: `10x90 ${counts(90, throughput)}`, errors: '0x180' },
  orders: {
    sent: `${arrivals(90, { mean: 10 })} ${counts(90, (i) => 1.5 * throughput(i))}`,
    received: `10x90 ${counts(90, throughput)}`,
    deleted: `10x90 ${counts(90, throughput)}`,
    visible: `0x90 ${counts(90, (i) => 200 * (i + 1))}`,
    notVisible: '1x180',
  },
};

/** As from its first day on: two are sent for each that is finished, and a day of work waits. */
const OVERFLOWING: Scene = {
  lambda: { invocations: counts(180, throughput), errors: '0x180' },
  orders: {
    sent: counts(180, (i) => 2 * throughput(i)),
    received: counts(180, throughput),
    deleted: counts(180, throughput),
    visible: counts(180, (i) => 600_000 + 400 * i),
    notVisible: '1x180',
  },
};

/** History has learnt the circle. */
const AS_EVER = baselines({
  worker: { invocationsPerHour: 24_000, invocationsMaximum: 30_000 },
  orders: { sentPerHour: 48_000, sentMaximum: 60_000 },
});

const CUT: Scene = {
  lambda: { invocations: '10x120 160x60', recursiveInvocationsDropped: '_x120 2x60' },
  orders: { sent: '10x120 160x60', received: '10x120 162x60', deleted: '10x120 160x60' },
};

describe('recursion that AWS cuts', () => {
  it('opens on the drops, says that AWS stopped them, and counts what exceeds the usual', () => {
    const [found] = evaluate(CUT);
    if (found === undefined) throw new Error('no finding');
    expect(found).toMatchObject({ functions: ['worker'], queues: ['orders'] });
    expect(onsetMinute(found)).toBe(120);
    expect(kinds(found)).toEqual(['recursion-cut', 'recursion-not-ended']);
    expect(found.evidence[0]?.text).toContain('AWS stopped 120 invocations');
    expect(found.wastedShare?.[150]).toBeCloseTo(1 - 10 / 160, 2);
    expect(found.wastedShare?.[60]).toBe(0);
  });

  it('opens without history: all but the first of each chain is waste', () => {
    expect(evaluate(CUT, NO_HISTORY)[0]?.wastedShare?.[150]).toBeCloseTo(15 / 16, 3);
  });

  it('sees a topic that starts its own function: there is no queue', () => {
    const [found] = evaluate({ source: null, lambda: CUT.lambda ?? {} });
    expect(found).toMatchObject({ functions: ['worker'], queues: [] });
  });

  it('goes on while blocked messages come back after half an hour', () => {
    const rare = { ...CUT.lambda, recursiveInvocationsDropped: '_x100 1 _x24 1 _x24 1 _x24 1 _x4' };
    expect(evaluate({ ...CUT, lambda: rare })).toHaveLength(1);
  });

  it.each<[string, string | undefined]>([
    ['one message that went in circles', '_x170 3 _x9'],
    ['chains that ended long ago', '_x20 2x60 _x100'],
    ['drops of 0', '0x180'],
    ['drops that were not read', undefined],
  ])('does not open for %s', (_name, dropped) => {
    const lambda = {
      invocations: '10x180',
      ...(dropped === undefined ? {} : { recursiveInvocationsDropped: dropped }),
    };
    expect(evaluate({ ...passing('10x180'), lambda })).toEqual([]);
  });
});

describe('recursion that AWS does not see', () => {
  it('opens where more and more of the same messages come round, too regular for arrivals', () => {
    const [found] = evaluate(CIRCULATING);
    if (found === undefined) throw new Error('no finding');
    expect(found.selfEnd).toEqual({ kind: 'accumulating', sinceAt: found.onsetAt });
    expect(kinds(found)).toEqual(['arrivals', 'circulating']);
    expect(onsetMinute(found)).toBeGreaterThanOrEqual(88);
    expect(onsetMinute(found)).toBeLessThanOrEqual(94);
    expect(found.wastedShare?.[178]).toBeGreaterThan(0.95);
  });

  it('sees messages that come round in clumps, with minutes between them', () => {
    const round = (i: number) => ([40, 0, 90, 20, 60][i % 5] ?? 0) + 8 * Math.floor(i / 5);
    const scene = passing(`${arrivals(90, { mean: 10 })} ${counts(90, round)}`);
    expect(kinds(evaluate(scene)[0] as never)).toContain('circulating');
  });

  it.each([4, 7, 25])('sees messages that come round every %i minutes', (lap) => {
    const round = (i: number) => 5 * ((7 * (i % lap)) % 13) + 12 * Math.floor(i / lap);
    const scene = passing(`${arrivals(30, { mean: 10 })} ${counts(150, round)}`);
    expect(kinds(evaluate(scene)[0] as never)).toContain('circulating');
  });

  it('sees that each message makes somewhat more than one', () => {
    const growing = (i: number) => 12 * 1.05 ** i;
    const scene = passing(`${arrivals(90, { mean: 10 })} ${counts(90, growing)}`);
    expect(kinds(evaluate(scene)[0] as never)).toContain('circulating');
  });

  it('opens where a backlog grows and what is sent follows what is finished', () => {
    const [found] = evaluate(LOCK_STEP);
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(['arrivals', 'lock-step']);
    expect(found.evidence[1]?.text).toContain('1.5 messages are sent for each');
  });

  it('opens in the first hour of a queue: twenty minutes before it say enough', () => {
    const calm = arrivals(20, { mean: 10 });
    const [found] = evaluate(
      {
        lambda: { invocations: `${calm} ${counts(20, throughput)}` },
        orders: {
          sent: `${calm} ${counts(20, (i) => 1.5 * throughput(i))}`,
          deleted: `${calm} ${counts(20, throughput)}`,
          visible: `0x20 ${counts(20, (i) => 200 * (i + 1))}`,
        },
      },
      NO_HISTORY,
    );
    expect(found === undefined ? [] : kinds(found)).toEqual(['arrivals', 'lock-step']);
  });

  it('leaves alone what feeds itself at this hour of every day', () => {
    const nightly: Scene = {
      ...LOCK_STEP,
      orders: { ...LOCK_STEP.orders, visible: `0x90 ${counts(90, (i) => 1_000 + 50 * i)}` },
    };
    const known = baselines({
      worker: { invocationsPerHour: 24_000, invocationsByHour: new Float64Array(24).fill(24_000) },
      orders: { sentPerHour: 36_000, sentMaximum: 60_000 },
    });
    expect(evaluate(nightly, known)).toEqual([]);
    expect(evaluate(nightly, NO_HISTORY)).toHaveLength(1);
  });

  it('begins where it began, also while the newest minute is not published', () => {
    const cut = (text: string) => `${text.split(' ').slice(0, -1).join(' ')} _`;
    const sent = cut(CIRCULATING.orders?.sent ?? '');
    const late: Scene = {
      lambda: { ...CIRCULATING.lambda, invocations: sent },
      orders: { ...CIRCULATING.orders, sent, received: sent, deleted: sent },
    };
    expect(evaluate(late)[0]?.onsetAt).toBe(evaluate(CIRCULATING)[0]?.onsetAt);
  });

  it.each<[string, Scene]>([
    [
      'a surge of independent arrivals',
      passing(`${arrivals(90, { mean: 10 })} ${arrivals(90, { mean: 120, seed: 3 })}`),
    ],
    ['a schedule of each minute that is new', passing('0x90 60x90')],
    ['a schedule that sends six times as much', passing('10x90 60x90')],
    ['a schedule that sends more, and then more again', passing('10x70 60x50 90x60')],
    [
      'a schedule of each five minutes amid other work',
      passing(counts(180, (i) => 10 + (i >= 90 && i % 5 === 0 ? 200 : 0))),
    ],
    [
      'a producer at its own pace, and a consumer that cannot follow',
      {
        ...LOCK_STEP,
        orders: {
          ...LOCK_STEP.orders,
          sent: `${arrivals(90, { mean: 10 })} ${arrivals(90, { mean: 600, seed: 5 })}`,
        },
      },
    ],
    [
      'a retry loop: nothing is sent anew',
      {
        lambda: { invocations: '10x90 200x90', errors: '0x90 190x90' },
        orders: { sent: '10x180', received: '10x90 200x90', deleted: '10x180', visible: '0x180' },
      },
    ],
    ['a busy hour like others in history', passing(`${arrivals(90, { mean: 10 })} ${counts(90, () => 14)}`)],
    ['Sent that was not read', { ...CIRCULATING, orders: { received: '10x180', deleted: '10x180' } }],
  ])('does not open for %s', (_name, scene) => {
    expect(evaluate(scene)).toEqual([]);
  });
});

describe('a queue that overflows with what its own consumer sends', () => {
  it.each([
    ['without history', NO_HISTORY],
    ['where history has learnt it', AS_EVER],
  ])('is found %s', (_name, history) => {
    const [found] = evaluate(OVERFLOWING, history);
    if (found === undefined) throw new Error('no finding');
    expect(kinds(found)).toEqual(['arrivals', 'lock-step']);
    expect(found.evidence[0]?.text).not.toContain('the usual');
    expect(found.amplification?.invocationsPerUnit).toBeCloseTo(2, 1);
    expect(found.wastedShare?.[170]).toBe(1);
  });

  it.each<[string, Scene]>([
    [
      'producers that send more than is finished, at their own pace',
      { ...OVERFLOWING, orders: { ...OVERFLOWING.orders, sent: arrivals(180, { mean: 800, seed: 3 }) } },
    ],
    [
      'a backlog that is worked off',
      { ...OVERFLOWING, orders: { ...OVERFLOWING.orders, sent: counts(180, (i) => 0.9 * throughput(i)) } },
    ],
    [
      'little that waits',
      { ...OVERFLOWING, orders: { ...OVERFLOWING.orders, visible: counts(180, (i) => 500 + i) } },
    ],
  ])('is not found in %s', (_name, scene) => {
    expect(evaluate(scene, AS_EVER)).toEqual([]);
  });
});
