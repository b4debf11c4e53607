import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program.ts';
import { LAMBDA_PRODUCTS, SQS_PRODUCTS } from '../observe/aws/price-products.ts';
import { fakeIo } from './fake-io.ts';

const pricing = mockClient(PricingClient);

beforeEach(() => {
  pricing.reset();
});

describe('firebreak prices', () => {
  it('shows Lambda and SQS prices of the region, each with its source', async () => {
    const io = fakeIo();
    expect(await run(['prices', '--region', 'eu-west-1'], io)).toBe(0);
    expect(io.out()).toMatch(/Lambda duration, x86_64, first 6 B GB-s a month +0\.0000166667 +GB-second/);
    expect(io.out()).toMatch(/SQS requests, standard/);
    expect(io.err()).toBe('');
  });

  it('takes the region from the environment', async () => {
    const io = fakeIo({ env: { AWS_REGION: 'ap-east-1' } });
    await run(['prices', '--json'], io);
    expect(JSON.parse(io.out())).toMatchObject({
      format: 'firebreak-prices/1',
      region: 'ap-east-1',
      estimated: false,
    });
  });

  it('warns that a region without a price is estimated', async () => {
    const io = fakeIo();
    await run(['prices', '--region', 'mx-central-1', '--json'], io);
    expect(JSON.parse(io.out())).toMatchObject({ estimated: true });
    expect(io.err()).toMatch(/us-east-1 rates stand in/);
  });

  it('refreshes from the Price List API and says what changed', async () => {
    pricing
      .on(GetProductsCommand, { ServiceCode: 'AWSLambda' })
      .resolves({ PriceList: [...LAMBDA_PRODUCTS] });
    pricing
      .on(GetProductsCommand, { ServiceCode: 'AWSQueueService' })
      .resolves({ PriceList: [...SQS_PRODUCTS] });
    const io = fakeIo();
    expect(await run(['prices', '--region', 'eu-central-1', '--refresh'], io)).toBe(0);
    expect(io.out()).toMatch(/changed: lambda-x86-duration-tier-1 0\.0000166667 -> 0\.00002/);
    expect(io.out()).toMatch(/2026-10-02 AWS Price List API/);
  });

  it('falls back to bundled prices with a warning when AWS does not answer', async () => {
    pricing.on(GetProductsCommand).rejects(new Error('getaddrinfo ENOTFOUND'));
    const io = fakeIo();
    expect(await run(['prices', '--region', 'eu-central-1', '--refresh'], io)).toBe(0);
    expect(io.err()).toMatch(/ENOTFOUND.*bundled prices of 2026-11-23 are used/);
    expect(io.out()).toMatch(/0\.0000166667/);
  });
});
