import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import type { Source } from '../../src/observe/source.ts';
import type { PricingOptions } from '../../src/price/lambda-price.ts';
import { fleetBurn } from '../../src/run/fleet-burn.ts';
import { runTick } from '../../src/run/run-tick.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import { baselines, START_AT, windowOf } from '../detectors/build.ts';

const BILLED = { x86_64: 17e9, arm64: 0 };

it('a function is priced as its incident is: in the tier that the month has reached on the bill', async () => {
  const window = windowOf({
    lambda: { invocations: '100x60', errors: '0x40 100x20', durationSumMs: '600000x60' },
    orders: { sent: '100x60', received: '100x60', deleted: '100x40 0x20' },
  });
  const store = memoryStore();
  const tickWith = async (monthGbSeconds: typeof BILLED | undefined) => {
    await store.putBaselines({ ...baselines(), ...(monthGbSeconds === undefined ? {} : { monthGbSeconds }) });
    const asked: (PricingOptions | undefined)[] = [];
    const source: Source = {
      window: async (_now, _incidents, _stopped, pricing) => {
        asked.push(pricing);
        return window;
      },
      baselines: async () => baselines(),
    };
    const now = () => START_AT + 61 * MINUTE_MS;
    const report = await runTick({ source, store, channels: [], config: DEFAULT_CONFIG, now });
    expect(asked).toEqual([report.pricing]);
    const [incident, ...others] = report.result.incidents;
    expect(others).toEqual([]);
    expect(fleetBurn(report)[0]?.usdPerHour).toBeCloseTo(incident?.burn.usdPerHour ?? 0, 9);
    return incident?.burn.usdPerHour ?? 0;
  };
  expect((await tickWith(BILLED)) / (await tickWith(undefined))).toBeCloseTo(0.8, 1);
});

describe('what a tick leaves in the store', () => {
  /** Everything fails in the last minutes of an hour. */
  const failing = (minutes: number) => {
    const healthy = 60 - minutes;
    return windowOf({
      lambda: { invocations: '20x60', errors: `0x${healthy} 20x${minutes}` },
      orders: { sent: '20x60', received: '20x60', deleted: `20x${healthy} 0x${minutes}` },
    });
  };
  const healthy = windowOf({
    lambda: { invocations: '20x60', errors: '0x60' },
    orders: { sent: '20x60', received: '20x60', deleted: '20x60' },
  });

  async function monitor() {
    const store = memoryStore();
    await store.putBaselines(baselines());
    const written: string[] = [];
    const putIncident: Store['putIncident'] = (incident) => {
      written.push(incident.state);
      return store.putIncident(incident);
    };
    return {
      /** States that are stored after a tick in that minute, and those that it wrote. */
      async tickAt(minute: number, window: Window) {
        written.length = 0;
        await runTick({
          source: { window: async () => window, baselines: async () => baselines() },
          store: { ...store, putIncident },
          channels: [],
          config: DEFAULT_CONFIG,
          now: () => START_AT + minute * MINUTE_MS,
        });
        const stored = await store.incidents({ resolvedSince: 0 });
        return { stored: stored.map(({ state }) => state), written: [...written] };
      },
    };
  }

  it('is no suspicion that nobody was told of', async () => {
    const { tickAt } = await monitor();
    expect((await tickAt(61, failing(3))).stored).toEqual(['pending']);
    expect((await tickAt(90, healthy)).stored).toEqual([]);
  });

  it('is written once, where nothing of it changes any more', async () => {
    const { tickAt } = await monitor();
    expect(await tickAt(61, failing(20))).toEqual({ stored: ['critical'], written: ['critical'] });
    expect(await tickAt(90, healthy)).toEqual({ stored: ['resolved'], written: ['resolved'] });
    expect(await tickAt(91, healthy)).toEqual({ stored: ['resolved'], written: [] });
  });
});
