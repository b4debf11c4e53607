import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import { findPlan, planShards } from '../../src/run/sharding.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { playedLoop } from './played-account.ts';
import { monitorOf, tickAlone, tickSharded } from './sharded-monitor.ts';

const ACCOUNT = { seed: 7, background: 14, minutes: 400 };
const FROM = 215;
const TO = 262;
const SHARDS = 4;

/** All that detectors see of a window. */
function seen({ functions, queues, depths, inventory }: Window) {
  const plain = (series: ReadonlyMap<string, object>) =>
    Object.fromEntries(
      [...series].map(([name, metrics]) => [
        name,
        Object.fromEntries(
          Object.entries(metrics as Record<string, Float64Array>).map(([metric, values]) => [
            metric,
            [...values].join(' '),
          ]),
        ),
      ]),
    );
  return {
    inventory,
    functions: plain(functions),
    queues: plain(queues),
    depths: Object.fromEntries(depths),
  };
}

describe('a reading that is spread over shards', () => {
  it('shows the tick the same, minute after minute, and the same people are told the same', async () => {
    const account = playedLoop(ACCOUNT);
    const alone = monitorOf(account.aws);
    const sharded = monitorOf(account.aws);
    let spread = 0;
    for (let period = FROM; period < TO; period++) {
      const now = account.at(period);
      const one = await tickAlone(alone, now);
      const many = await tickSharded(sharded, account.aws, { now, shardsMax: SHARDS });
      expect(seen(many.window), `minute ${period}`).toEqual(seen(one.window));
      expect(many.gaps, `minute ${period}`).toEqual(one.gaps);
      expect(many.result.incidents).toEqual(one.result.incidents);
      spread += many.shards;
    }
    expect(sharded.told.map(({ key }) => key)).toEqual(alone.told.map(({ key }) => key));
    expect(alone.told.map(({ transition }) => transition)).toContain('critical');
    expect(spread).toBeGreaterThan((TO - FROM - 2) * SHARDS * 0.9);
  });

  it('shards that fail are gaps: the tick decides, and what was missed is read next', async () => {
    const account = playedLoop(ACCOUNT);
    const monitor = monitorOf(account.aws);
    const tick = (period: number, lost = (_: number) => false) =>
      tickSharded(monitor, account.aws, { now: account.at(period), shardsMax: SHARDS, lost });
    await tick(FROM);
    const whole = await tick(FROM + 1);
    const holed = await tick(FROM + 2, () => true);
    expect(whole.gaps).toEqual([]);
    expect(holed.gaps.map(({ reason }) => reason)).toEqual(
      holed.gaps.map(() => 'not handed over: the shard that was to read it did not end in time'),
    );
    expect(holed.gaps.length).toBeGreaterThan(0);
    expect(holed.window.depths.size).toBe(0);
    const after = await tick(FROM + 3);
    expect(after.gaps).toEqual([]);
    expect(after.window.depths.size).toBeGreaterThan(whole.window.depths.size);
  });

  it('though every shard fails in every third minute and one in every other, the loop is found', async () => {
    const account = playedLoop(ACCOUNT);
    const monitor = monitorOf(account.aws);
    for (let period = FROM; period < TO; period++) {
      const lost = (shard: number) => period % 3 === 0 || (period % 3 === 1 && shard === 0);
      await tickSharded(monitor, account.aws, { now: account.at(period), shardsMax: SHARDS, lost });
    }
    expect(monitor.told.map(({ transition }) => transition)).toContain('critical');
  });

  it.each([
    ['the plan cannot be had', { planLost: true }],
    ['the last tick died before it made one', { diesAfterwards: true }],
  ])('%s: the tick reads everything by itself', async (_, mishap) => {
    const account = playedLoop(ACCOUNT);
    const monitor = monitorOf(account.aws);
    const tick = (period: number, more = {}) =>
      tickSharded(monitor, account.aws, { now: account.at(period), shardsMax: SHARDS, ...more });
    await tick(FROM);
    await tick(FROM + 1, mishap);
    // A plan of two minutes ago is none.
    const after = await tick(FROM + 3, mishap);
    expect(after.shards).toBe(0);
    expect(after.gaps).toEqual([]);
    expect(after.window.depths.size).toBeGreaterThan(0);
  });

  it('a plan that was replaced meanwhile is not mixed with the new one', async () => {
    const account = playedLoop(ACCOUNT);
    const monitor = monitorOf(account.aws);
    const now = account.at(FROM);
    await tickSharded(monitor, account.aws, { now, shardsMax: SHARDS });
    const late = await tickSharded(monitor, account.aws, {
      now: account.at(FROM + 1),
      shardsMax: SHARDS,
      meanwhile: async () => {
        const order = { queues: [{ name: 'other', url: 'https://other' }], metrics: [] };
        const cost = { depthMs: 100_000, metricMs: 100_000 };
        await planShards(monitor.store, { at: now + 5 * MINUTE_MS, order, cost, shardsMax: 2 });
      },
    });
    expect(late.gaps).toEqual([]);
    expect(late.window.depths.size).toBeGreaterThan(0);
  });

  it('two executions at once tell nobody twice, and neither takes the readings of the other for its own', async () => {
    const account = playedLoop(ACCOUNT);
    const store = memoryStore();
    const told = monitorOf(account.aws, store).told;
    const one = monitorOf(account.aws, store, told);
    const other = monitorOf(account.aws, store, told);
    for (let period = FROM; period < TO; period++) {
      const now = account.at(period);
      const [early, late] = await Promise.all([
        tickSharded(one, account.aws, { now, shardsMax: SHARDS }),
        tickSharded(other, account.aws, { now: now + 1_000, shardsMax: SHARDS }),
      ]);
      for (const { window } of [early, late]) expect(window.inventory.functions).toHaveLength(15);
    }
    const keys = told.map(({ key }) => key);
    expect(keys.length).toBeGreaterThan(0);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is not spread while one tick is enough for it', async () => {
    const store = memoryStore();
    const now = Date.parse('2026-11-24T12:00:30Z');
    const order = { queues: [{ name: 'orders', url: 'https://orders' }], metrics: [] };
    const plan = (depthMs: number) =>
      planShards(store, { at: now, order, cost: { depthMs, metricMs: 1 }, shardsMax: SHARDS });
    expect(await plan(2.5)).toBe(0);
    expect((await findPlan(store, now)).shards).toEqual([]);
    expect(await plan(60_000)).toBe(SHARDS);
    expect((await findPlan(store, now)).shards).toEqual([0, 1, 2, 3]);
  });
});
