import type { Calibration } from '../../model/bill.ts';
import { toIso } from '../../model/time.ts';
import { calibrationText } from '../../price/calibration.ts';
import { FREE_TIER_TEXT, type PriceRow, priceRows } from '../../price/price-rows.ts';
import { pricesFor, type RegionPrices } from '../../price/region-prices.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import type { Io } from '../io.ts';
import { regionOf, regionPrices } from '../region-prices.ts';
import type { Register } from '../register.ts';
import { addStoreOption, allStores } from '../store.ts';
import { renderTable } from '../table.ts';

interface Options {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly store?: string;
  readonly refresh?: boolean;
  readonly json?: boolean;
}

/** `firebreak prices`: what every dollar figure rests on, with source and date. */
export const registerPrices: Register = (program, io) => {
  const command = program
    .command('prices')
    .description('Shows the prices that every dollar figure rests on, each with its source and date')
    .option('--refresh', 'ask the AWS Price List API (free; needs pricing:GetProducts)')
    .option('--json', 'print one JSON document (firebreak-prices/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText('after', '\nExample:\n  firebreak prices --region eu-central-1 --refresh')
    .action(async (options: Options) => {
      const aws = awsOptionsOf(options);
      const region = regionOf(aws, io);
      const prices = await regionPrices({ region, refresh: options.refresh === true, aws, io });
      const calibration = await calibrationOf(io, { store: options.store, aws: { ...aws, region } });
      io.stdout(
        options.json === true
          ? `${JSON.stringify(document(prices, calibration), null, 2)}\n`
          : text(prices, calibration),
      );
    });
};

/** How estimates at these prices compared with the bill of late; of the first account that has one. */
async function calibrationOf(
  io: Io,
  where: Parameters<typeof allStores>[1],
): Promise<readonly Calibration[]> {
  for (const { store } of await allStores(io, where)) {
    const bill = await store.bill();
    if (bill !== null) return bill.calibration;
  }
  return [];
}

function document(prices: RegionPrices, calibration: readonly Calibration[]) {
  return {
    format: 'firebreak-prices/1',
    region: prices.region,
    estimated: prices.estimated,
    estimatedReason: prices.estimatedReason,
    assumptions: prices.assumptions,
    source: prices.source,
    changedSinceBundled: changes(prices),
    calibration: calibration.map((one) => ({ ...one, untilAt: toIso(one.untilAt) })),
    prices: priceRows(prices),
  };
}

function text(prices: RegionPrices, calibration: readonly Calibration[]): string {
  const rows = priceRows(prices).map(({ item, usd, per, source }) => [
    item,
    dollars(usd),
    per,
    `${source.publishedOn ?? 'undated'} ${source.title}`,
  ]);
  const table = renderTable(
    [
      { title: 'item', widthMax: 70 },
      { title: 'USD', align: 'right' },
      { title: 'per' },
      { title: 'source', widthMax: 60 },
    ],
    rows,
  );
  const notes = [
    ...(prices.estimatedReason === null ? [] : [`estimated: ${prices.estimatedReason}`]),
    ...prices.assumptions.map((assumption) => `assumed: ${assumption}`),
    ...changes(prices).map(
      ({ id, bundledUsd, usd }) => `changed: ${id} ${dollars(bundledUsd)} -> ${dollars(usd)}`,
    ),
    FREE_TIER_TEXT,
    ...calibration.map(calibrationText),
  ];
  return `Prices in ${prices.region}\n\n${table}\n${notes.map((note) => `- ${note}\n`).join('')}`;
}

/** Where fetched prices differ from the bundled ones by more than rounding. */
function changes(prices: RegionPrices) {
  const bundled = new Map(priceRows(pricesFor(prices.region)).map((row) => [row.id, row.usd]));
  return priceRows(prices).flatMap(({ id, usd }: PriceRow) => {
    const bundledUsd = bundled.get(id);
    if (bundledUsd === undefined || Math.abs(usd - bundledUsd) <= 1e-6 * bundledUsd) return [];
    return [{ id, bundledUsd, usd }];
  });
}

/** As AWS prints them: up to ten decimals, no exponent. */
function dollars(usd: number): string {
  return usd.toFixed(12).replace(/0{1,10}$/, '');
}
