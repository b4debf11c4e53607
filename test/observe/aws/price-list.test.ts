import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/model/errors.ts';
import { fetchRegionPrices } from '../../../src/observe/aws/price-list.ts';
import { pricesFor } from '../../../src/price/region-prices.ts';
import { LAMBDA_PRODUCTS, product, SQS_PRODUCTS } from './price-products.ts';

const pricing = mockClient(PricingClient);
const input = {
  client: new PricingClient({ region: 'us-east-1' }),
  region: 'eu-central-1',
  readOn: '2026-11-24',
};

beforeEach(() => {
  pricing.reset();
});

function answer(lambda: readonly string[], sqs: readonly string[] = []): void {
  pricing.on(GetProductsCommand, { ServiceCode: 'AWSLambda' }).resolves({ PriceList: [...lambda] });
  pricing.on(GetProductsCommand, { ServiceCode: 'AWSQueueService' }).resolves({ PriceList: [...sqs] });
}

describe('fetchRegionPrices', () => {
  it('takes over every price the answer has, tiers in order', async () => {
    answer(LAMBDA_PRODUCTS, SQS_PRODUCTS);
    const prices = await fetchRegionPrices(input);
    expect(prices.compute.x86_64.durationTiers).toEqual([
      { upTo: 6e9, usd: 0.00002 },
      { upTo: 15e9, usd: 0.000018 },
      { upTo: Number.POSITIVE_INFINITY, usd: 0.000016 },
    ]);
    expect(prices).toMatchObject({
      estimated: false,
      usdPerRequest: 3e-7,
      ephemeralStorageUsdPerGbSecond: 4e-8,
      sqs: { standard: [{ usd: 4.5e-7 }], fifo: [{ usd: 5.5e-7 }] },
      source: { title: 'AWS Price List API', publishedOn: '2026-10-02', readOn: '2026-11-24', kind: 'aws' },
    });
    expect(prices.compute.x86_64.provisionedConfiguredUsdPerGbSecond).toBe(0.000006);
  });

  it('keeps the bundled price of what the answer lacks, and names it', async () => {
    answer(LAMBDA_PRODUCTS, SQS_PRODUCTS);
    const prices = await fetchRegionPrices(input);
    expect(prices.assumptions.join()).toContain('arm-provisioned-configured');
    expect(prices.compute.arm64.provisionedConfiguredUsdPerGbSecond).toBe(
      pricesFor('eu-central-1').compute.arm64.provisionedConfiguredUsdPerGbSecond,
    );
  });

  it('reads usage types without a region prefix, as in us-east-1', async () => {
    answer([
      product('Lambda-GB-Second', [['0', 'Inf', '0.0000166667']]),
      product('Request', [['0', 'Inf', '0.0000002']]),
    ]);
    const prices = await fetchRegionPrices({ ...input, region: 'us-east-1' });
    expect(prices.compute.x86_64.durationTiers).toEqual([
      { upTo: Number.POSITIVE_INFINITY, usd: 0.0000166667 },
    ]);
  });

  it('follows the pages of an answer', async () => {
    const [first, ...rest] = LAMBDA_PRODUCTS;
    pricing
      .on(GetProductsCommand, { ServiceCode: 'AWSLambda', NextToken: undefined })
      .resolves({ PriceList: [first ?? ''], NextToken: 'more' });
    pricing
      .on(GetProductsCommand, { ServiceCode: 'AWSLambda', NextToken: 'more' })
      .resolves({ PriceList: [...rest] });
    pricing.on(GetProductsCommand, { ServiceCode: 'AWSQueueService' }).resolves({ PriceList: [] });
    const prices = await fetchRegionPrices(input);
    expect(prices.usdPerRequest).toBe(3e-7);
    expect(prices.compute.x86_64.durationTiers).toHaveLength(3);
  });

  it('refuses an answer without a duration price, rather than pricing at a guess', async () => {
    answer([product('EUC1-Request', [['0', 'Inf', '0.0000003']])]);
    await expect(fetchRegionPrices(input)).rejects.toThrow(/no x86-duration price for region eu-central-1/);
  });

  it('gives up on an answer that never ends', async () => {
    pricing.on(GetProductsCommand).resolves({ PriceList: [], NextToken: 'again' });
    await expect(fetchRegionPrices(input)).rejects.toThrow(/more than 20 pages/);
  });

  it('says which permission is missing', async () => {
    pricing
      .on(GetProductsCommand)
      .rejects(Object.assign(new Error('nope'), { name: 'AccessDeniedException' }));
    const attempt = fetchRegionPrices(input);
    await expect(attempt).rejects.toThrow(UnavailableError);
    await expect(attempt).rejects.toThrow(/pricing:GetProducts.*AccessDenied/);
  });
});
