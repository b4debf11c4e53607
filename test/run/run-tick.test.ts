import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Source } from '../../src/observe/source.ts';
import type { PricingOptions } from '../../src/price/lambda-price.ts';
import { fleetBurn } from '../../src/run/fleet-burn.ts';
import { runTick } from '../../src/run/run-tick.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
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
