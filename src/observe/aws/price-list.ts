import { GetProductsCommand, PricingClient } from '@aws-sdk/client-pricing';
import * as z from 'zod';
import { UnavailableError } from '../../model/errors.ts';
import {
  type LiveRateId,
  type LiveRates,
  overlayLiveRates,
  REQUIRED_LIVE_RATES,
} from '../../price/live-rates.ts';
import type { PriceSource } from '../../price/price-source.ts';
import { pricesFor, type RegionPrices, type Tier } from '../../price/region-prices.ts';
import { type AwsOptions, awsClientConfig } from './clients.ts';

/** The Price List API has no endpoint in most regions; this one serves all of them (AWS Price List, 2026). */
const PRICING_REGION = 'us-east-1';
const PAGE_SIZE = 100;
/** A region has some 60 Lambda products and a dozen of SQS; more pages than this is no answer to our question. */
const PAGES_MAX = 20;

export function pricingClient(options: AwsOptions): PricingClient {
  return new PricingClient(awsClientConfig({ ...options, region: PRICING_REGION }));
}

/**
 * Prices of a region as AWS publishes them now. What the answer lacks stays as bundled and is named in `assumptions`.
 * @throws UnavailableError if AWS cannot be reached, denies the call, or has no Lambda price for the region.
 */
export async function fetchRegionPrices(input: {
  readonly client: PricingClient;
  readonly region: string;
  readonly readOn: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<RegionPrices> {
  const products = [
    ...(await productsOf({ ...input, serviceCode: 'AWSLambda' })),
    ...(await productsOf({ ...input, serviceCode: 'AWSQueueService' })),
  ];
  const live = liveRatesOf(products);
  const missing = REQUIRED_LIVE_RATES.filter((id) => !live.has(id));
  if (missing.length > 0) {
    throw new UnavailableError(
      `the AWS Price List has no ${missing.join(' and ')} price for region ${input.region}`,
    );
  }
  const source: PriceSource = {
    title: 'AWS Price List API',
    publishedOn: newest(products),
    readOn: input.readOn,
    kind: 'aws',
  };
  return overlayLiveRates({ base: pricesFor(input.region), live, source });
}

/** One product of the price list: the parts that matter, as the API serialises them. */
const productSchema = z.object({
  publicationDate: z.string().optional(),
  product: z.object({
    attributes: z.object({ usagetype: z.string(), queueType: z.string().optional() }),
  }),
  terms: z.object({
    OnDemand: z
      .record(
        z.string(),
        z.object({
          priceDimensions: z.record(
            z.string(),
            z.object({
              beginRange: z.coerce.number(),
              // "Inf" for the last tier.
              endRange: z
                .string()
                .transform((text) => (text === 'Inf' ? Number.POSITIVE_INFINITY : Number(text))),
              pricePerUnit: z.object({ USD: z.coerce.number().nonnegative() }),
            }),
          ),
        }),
      )
      .optional(),
  }),
});
type Product = z.infer<typeof productSchema>;

async function productsOf(input: {
  readonly client: PricingClient;
  readonly region: string;
  readonly serviceCode: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<readonly Product[]> {
  const products: Product[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const command = new GetProductsCommand({
      ServiceCode: input.serviceCode,
      Filters: [{ Type: 'TERM_MATCH', Field: 'regionCode', Value: input.region }],
      FormatVersion: 'aws_v1',
      MaxResults: PAGE_SIZE,
      NextToken: nextToken,
    });
    const options = input.signal === undefined ? {} : { abortSignal: input.signal };
    const answer = await input.client.send(command, options).catch((error: unknown) => {
      throw new UnavailableError(`AWS Price List (pricing:GetProducts): ${reason(error)}`, { cause: error });
    });
    for (const text of answer.PriceList ?? []) {
      const parsed = productSchema.safeParse(parseJson(text));
      // Products of other shapes (free tiers, EC2 of managed instances) are not ours to price.
      if (parsed.success) products.push(parsed.data);
    }
    nextToken = answer.NextToken;
    if (nextToken === undefined) return products;
  }
  throw new UnavailableError(
    `AWS Price List: more than ${PAGES_MAX} pages of ${input.serviceCode} for ${input.region}`,
  );
}

/** Usage types carry a region prefix outside us-east-1, e.g. `EUC1-Lambda-GB-Second`. */
const USAGE_TYPES: readonly (readonly [RegExp, LiveRateId])[] = [
  [/(^|-)Lambda-GB-Second$/, 'x86-duration'],
  [/(^|-)Lambda-GB-Second-ARM$/, 'arm-duration'],
  [/^([A-Z0-9]+-)?Request$/, 'requests'],
  [/(^|-)Lambda-Storage-GB-Second$/, 'ephemeral-storage'],
  [/(^|-)Lambda-Provisioned-Concurrency$/, 'x86-provisioned-configured'],
  [/(^|-)Lambda-Provisioned-Concurrency-ARM$/, 'arm-provisioned-configured'],
  [/(^|-)Lambda-Provisioned-GB-Second$/, 'x86-provisioned-duration'],
  [/(^|-)Lambda-Provisioned-GB-Second-ARM$/, 'arm-provisioned-duration'],
];

function liveRatesOf(products: readonly Product[]): LiveRates {
  const rates = new Map<LiveRateId, readonly Tier[]>();
  for (const product of products) {
    const id = rateIdOf(product);
    const tiers = tiersOf(product);
    if (id !== undefined && tiers.length > 0 && !rates.has(id)) rates.set(id, tiers);
  }
  return rates;
}

function rateIdOf({ product: { attributes } }: Product): LiveRateId | undefined {
  const { usagetype, queueType } = attributes;
  if (queueType !== undefined) {
    if (!/Requests/.test(usagetype)) return undefined;
    if (/^standard/i.test(queueType)) return 'sqs-standard';
    return /^fifo/i.test(queueType) ? 'sqs-fifo' : undefined;
  }
  return USAGE_TYPES.find(([pattern]) => pattern.test(usagetype))?.[1];
}

/** Tiers in rising order, without a free first one: the free tier is an option of ours. */
function tiersOf({ terms }: Product): readonly Tier[] {
  const [term] = Object.values(terms.OnDemand ?? {});
  return Object.values(term?.priceDimensions ?? {})
    .filter(({ pricePerUnit, endRange }) => pricePerUnit.USD > 0 && !Number.isNaN(endRange))
    .sort((a, b) => a.beginRange - b.beginRange)
    .map(({ endRange, pricePerUnit }) => ({ upTo: endRange, usd: pricePerUnit.USD }));
}

function newest(products: readonly Product[]): string | null {
  const dates = products.flatMap(({ publicationDate }) => publicationDate?.slice(0, 10) ?? []).sort();
  return dates.at(-1) ?? null;
}

/** The SDK hands each product over as a String object. */
function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
