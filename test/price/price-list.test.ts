import { describe, expect, it } from 'vitest';
import { pricedRegions, pricesFor } from '../../src/price/lambda-price.ts';
import {
  DURATION_TIER_SHARES,
  DURATION_TIERS,
  FLAT_PRICES,
  LAMBDA_ROWS,
  REGIONS_WITHOUT_PRICE,
  SQS_TIERS,
} from '../../src/price/price-list.ts';
import { PRICE_SOURCES } from '../../src/price/price-source.ts';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

describe('price sources', () => {
  it.each(Object.entries(PRICE_SOURCES))('%s names where and when it was read', (_, source) => {
    expect(source.title.length).toBeGreaterThan(10);
    expect(source.readOn).toMatch(ISO_DATE);
    if (source.publishedOn !== null) {
      expect(source.publishedOn).toMatch(ISO_DATE);
      expect(source.publishedOn <= source.readOn).toBe(true);
    }
  });
});

describe.each(LAMBDA_ROWS.map((row) => [row[0], row] as const))('Lambda row %s', (region, row) => {
  const [, x86, arm, request, storage, configured, duration, source] = row;

  it('has a known source', () => {
    expect(PRICE_SOURCES).toHaveProperty(source);
  });

  it('prices arm64 at 80 % of x86_64, give or take the rounding of AWS', () => {
    expect(arm).toBeLessThan(x86);
    expect(arm / x86).toBeCloseTo(0.8, 2);
  });

  it('is in the range of Lambda prices, so that a slipped decimal point shows', () => {
    expect(x86).toBeGreaterThanOrEqual(15);
    expect(x86).toBeLessThan(25);
    expect(request).toBeGreaterThanOrEqual(0.18);
    expect(request).toBeLessThanOrEqual(0.3);
    if (storage !== null) expect(storage).toBeGreaterThan(0.03);
    if (storage !== null) expect(storage).toBeLessThan(0.06);
  });

  it('prices provisioned concurrency below on-demand: keeping it, and running on it', () => {
    if (configured === null || duration === null) return expect(source).toBe('codeConstants');
    expect(configured).toBeLessThan(duration);
    expect(duration).toBeLessThan(x86);
  });

  it('becomes region prices that are not marked as estimated', () => {
    const prices = pricesFor(region);
    expect(prices).toMatchObject({ region, estimated: false, estimatedReason: null });
    expect(prices.compute.x86_64.durationTiers[0]?.usd).toBeCloseTo(x86 / 1e6, 15);
    expect(prices.usdPerRequest).toBeCloseTo(request / 1e6, 15);
  });
});

describe('the price list', () => {
  it('names each region once', () => {
    const regions = pricedRegions();
    expect(new Set(regions).size).toBe(regions.length);
    expect(regions).toContain('us-east-1');
  });

  it('does not price a region that is listed as without a price', () => {
    const both = REGIONS_WITHOUT_PRICE.filter((region) => pricedRegions().includes(region));
    expect(both).toEqual([]);
  });

  it('agrees with itself on us-east-1', () => {
    expect(DURATION_TIERS.x86_64[0]?.usdPerMillion).toBe(16.6667);
    expect(DURATION_TIERS.arm64[0]?.usdPerMillion).toBe(13.3334);
    for (const tiers of Object.values(DURATION_TIERS)) {
      tiers.forEach(({ usdPerMillion }, index) => {
        const share = usdPerMillion / (tiers[0]?.usdPerMillion ?? 0);
        expect(share).toBeCloseTo(DURATION_TIER_SHARES[index] ?? 0, 4);
      });
    }
  });

  it.each(
    pricedRegions().flatMap((region) =>
      (['x86_64', 'arm64'] as const).map((arch) => [region, arch] as const),
    ),
  )('has tiers that fall and end open: %s %s', (region, architecture) => {
    const tiers = pricesFor(region).compute[architecture].durationTiers;
    expectFallingTiers(tiers.map(({ upTo, usd }) => ({ upTo, usd })));
  });

  it.each(Object.entries(SQS_TIERS))('has tiers that fall and end open: SQS %s', (_, tiers) => {
    expectFallingTiers(tiers.map(({ upTo, usdPerMillion }) => ({ upTo, usd: usdPerMillion })));
  });

  it('prices FIFO above standard in every tier', () => {
    SQS_TIERS.fifo.forEach((tier, index) => {
      expect(tier.usdPerMillion).toBeGreaterThan(SQS_TIERS.standard[index]?.usdPerMillion ?? Infinity);
    });
  });

  it.each(Object.values(FLAT_PRICES))('$id has a price, a unit and a source', (price) => {
    expect(price.usd).toBeGreaterThan(0);
    expect(price.per.length).toBeGreaterThan(3);
    expect(PRICE_SOURCES).toHaveProperty(price.source);
  });

  it('has flat prices with distinct ids', () => {
    const ids = Object.values(FLAT_PRICES).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('pricesFor', () => {
  it.each([
    ['mx-central-1', 'no published Lambda price was found for mx-central-1'],
    ['cn-north-1', 'CNY'],
    ['mars-north-1', 'mars-north-1 is not in the price list'],
  ])('takes us-east-1 rates for %s and says why', (region, reason) => {
    const prices = pricesFor(region);
    expect(prices.estimated).toBe(true);
    expect(prices.estimatedReason).toContain(reason);
    expect(prices.source).toBe(PRICE_SOURCES.assumed);
    expect(prices.compute).toEqual(pricesFor('us-east-1').compute);
    expect(prices.region).toBe(region);
  });

  it('assumes nothing for us-east-1', () => {
    expect(pricesFor('us-east-1').assumptions).toEqual([]);
  });

  it('says which smaller prices it filled in', () => {
    const prices = pricesFor('il-central-1');
    expect(prices.estimated).toBe(false);
    expect(prices.assumptions.join('; ')).toMatch(/ephemeral storage and provisioned concurrency/);
    expect(prices.ephemeralStorageUsdPerGbSecond).toBe(pricesFor('us-east-1').ephemeralStorageUsdPerGbSecond);
  });
});

function expectFallingTiers(tiers: readonly { readonly upTo: number; readonly usd: number }[]): void {
  expect(tiers.at(-1)?.upTo).toBe(Number.POSITIVE_INFINITY);
  tiers.forEach((tier, index) => {
    expect(tier.usd).toBeGreaterThan(0);
    const next = tiers[index + 1];
    if (next === undefined) return;
    expect(next.upTo).toBeGreaterThan(tier.upTo);
    expect(next.usd).toBeLessThan(tier.usd);
  });
}
