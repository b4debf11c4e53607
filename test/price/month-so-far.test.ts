import { describe, expect, it } from 'vitest';
import { decide } from '../../src/decide/tick.ts';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import { pricingOf } from '../../src/price/month-so-far.ts';
import { finding, input, only } from '../decide/build.ts';

const BILLED = { x86_64: 7e9, arm64: 1e9 };

describe('the month so far', () => {
  it.each([
    ['as the bill has it', {}, { monthGbSeconds: BILLED }, BILLED],
    ['as it is set, whatever the bill says', { monthToDateGbSeconds: 0 }, { monthGbSeconds: BILLED }, 0],
    ['nothing without either', {}, {}, undefined],
  ])('is %s', (_, pricing, baselines, expected) => {
    expect(pricingOf(pricing, baselines).monthToDateGbSeconds).toEqual(expected);
  });

  const incidentWith = (monthGbSeconds: typeof BILLED | undefined, set?: number) => {
    const given = input();
    const pricing = {
      ...DEFAULT_CONFIG.pricing,
      ...(set === undefined ? {} : { monthToDateGbSeconds: set }),
    };
    const baselines = { ...given.baselines, ...(monthGbSeconds === undefined ? {} : { monthGbSeconds }) };
    return only(
      decide({ ...given, baselines, config: { ...DEFAULT_CONFIG, pricing } }, [finding()]).incidents,
    );
  };

  it('lowers the dollars of an alert to the tier that it has reached, and says so', () => {
    const [first, second] = [incidentWith(undefined), incidentWith(BILLED)];
    // Requests and SQS have no tiers here.
    const ratio = second.burn.usdPerHour / first.burn.usdPerHour;
    expect(ratio).toBeGreaterThan(0.899);
    expect(ratio).toBeLessThan(0.91);
    expect(second.burn.assumptions).toContain('price tier by the GB-seconds of this month from the bill');
    expect(first.burn.assumptions.join()).not.toMatch(/price tier/);
    expect(incidentWith(BILLED, 16e9).burn.assumptions).toContain(
      'price tier by the GB-seconds of this month from the configuration',
    );
  });
});
