import { describe, expect, it } from 'vitest';
import type { Watched } from '../../src/price/monitor-pace.ts';
import { openOwnSpend, readOwnSpend } from '../../src/run/own-spend.ts';
import { memoryStore } from '../../src/store/memory-store.ts';

const at = (text: string) => Date.parse(`${text}Z`);
const FLEET: readonly Watched[] = Array.from({ length: 1_000 }, () => ({
  worstUsdPerHour: 24,
  isActive: true,
  metrics: 10,
  glanceMetrics: 6,
  queues: 1,
  deadLetterQueues: 1,
}));
const open = (
  store = memoryStore(),
  ceilingUsd: number | null = null,
  part: 'spend-tick' | 'spend-survey' = 'spend-tick',
  shardsMax = 0,
) => openOwnSpend(store, { part, region: 'us-east-1', ceilingUsd, shardsMax });

describe('what the monitor spends of its own', () => {
  it('is kept from process to process, and summed over its parts', async () => {
    const store = memoryStore();
    await (await open(store)).charge(1, at('2026-11-24T10:00'));
    await (await open(store)).charge(2, at('2026-11-24T10:01'));
    await (await open(store, null, 'spend-survey')).charge(4, at('2026-11-24T10:02'));
    expect(await readOwnSpend(store, at('2026-11-24T11:00'))).toEqual({
      monthUsd: 7,
      lastDayUsd: null,
      thrifty: null,
    });
    expect(await readOwnSpend(store, at('2026-11-25T11:00'))).toMatchObject({ monthUsd: 7, lastDayUsd: 7 });
  });

  it('is told once a day, the parts together', async () => {
    const store = memoryStore();
    const tick = await open(store);
    await tick.charge(1, at('2026-11-24T23:58'));
    await (await open(store, null, 'spend-survey')).charge(4, at('2026-11-24T23:58'));
    expect(await tick.charge(1, at('2026-11-24T23:59'))).toMatchObject({ endedDayUsd: null });
    expect(await tick.charge(1, at('2026-11-25T00:00'))).toMatchObject({ endedDayUsd: 6 });
    expect(await tick.charge(1, at('2026-11-25T00:01'))).toMatchObject({ endedDayUsd: null });
  });

  it('is nothing where nothing was written, or what was is damaged', async () => {
    const store = memoryStore();
    expect(await readOwnSpend(store, 0)).toBeNull();
    await store.putNotebook('spend-tick', { at: 0, text: '{"month":' });
    expect(await readOwnSpend(store, 0)).toBeNull();
    expect(await (await open(store)).charge(1, at('2026-11-24T10:00'))).toMatchObject({ thrift: 0 });
  });

  it('saves nothing without a ceiling', async () => {
    expect((await open()).thrift(FLEET, at('2026-11-01T00:00'))).toBe(0);
  });

  it('saves more where shards are to be paid from the same ceiling', async () => {
    const steps = [32, 36, 40, 44, 48, 52].map(async (ceilingUsd) => {
      const thrifts = await Promise.all(
        [0, 2].map(async (shardsMax) =>
          (await open(memoryStore(), ceilingUsd, 'spend-tick', shardsMax)).thrift(
            FLEET,
            at('2026-11-01T00:00'),
          ),
        ),
      );
      return (thrifts[1] ?? 0) - (thrifts[0] ?? 0);
    });
    const more = await Promise.all(steps);
    expect(Math.min(...more)).toBe(0);
    expect(Math.max(...more)).toBeGreaterThan(0);
  });

  it.each([
    [100_000, 0],
    [30, 'some'],
    [1, 4],
  ])('with a ceiling of $%s saves %s', async (ceilingUsd, expected) => {
    const store = memoryStore();
    const spend = await open(store, ceilingUsd);
    const thrift = spend.thrift(FLEET, at('2026-11-01T00:00'));
    if (expected === 'some') {
      expect(thrift).toBeGreaterThan(0);
      expect(thrift).toBeLessThan(4);
    } else expect(thrift).toBe(expected);
    await spend.charge(0.01, at('2026-11-01T00:00'));
    expect((await readOwnSpend(store, at('2026-11-01T00:00')))?.thrifty?.thrift ?? 0).toBe(thrift);
  });
});
