import { FirebreakError } from '../model/errors.ts';
import { toIso } from '../model/time.ts';
import type { AwsOptions } from '../observe/aws/clients.ts';
import { fetchRegionPrices, pricingClient } from '../observe/aws/price-list.ts';
import { pricesFor, type RegionPrices } from '../price/region-prices.ts';
import type { Io } from './io.ts';

/** Region of a command that works without AWS too: the option, then the environment, then us-east-1. */
export function regionOf(aws: AwsOptions, io: Io): string {
  return aws.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
}

/** Bundled prices; with `refresh` those AWS publishes now, or the bundled ones with a warning if it does not answer. */
export async function regionPrices(input: {
  readonly region: string;
  readonly refresh: boolean;
  readonly aws: AwsOptions;
  readonly io: Io;
}): Promise<RegionPrices> {
  const { region, io } = input;
  const bundled = pricesFor(region);
  if (!input.refresh) {
    if (bundled.estimatedReason !== null) io.stderr(`firebreak: prices: ${bundled.estimatedReason}\n`);
    return bundled;
  }
  try {
    const client = pricingClient(input.aws);
    return await fetchRegionPrices({
      client,
      region,
      readOn: toIso(io.now()).slice(0, 10),
      signal: io.signal,
    });
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    io.stderr(`firebreak: ${error.message}; bundled prices of ${bundled.source.readOn} are used\n`);
    return bundled;
  }
}
