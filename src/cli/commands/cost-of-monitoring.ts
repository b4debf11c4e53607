import { InputError } from '../../model/errors.ts';
import { formatCount, formatUsd } from '../../model/format.ts';
import { ALL_DETAILS } from '../../observe/aws/function-details.ts';
import { readIdentity, readInventory } from '../../observe/aws/inventory.ts';
import { expectedShards } from '../../observe/aws/shard-plan.ts';
import { wireOf } from '../../observe/aws/source.ts';
import { forecastMonitorCost, type MonitorForecast } from '../../price/monitor-cost.ts';
import { thriftFor } from '../../price/monitor-ledger.ts';
import type { Thrift, Watched } from '../../price/monitor-pace.ts';
import type { Fleet } from '../../price/monitor-plan.ts';
import type { ReadingDemand } from '../../price/monitor-reading.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import type { Io } from '../io.ts';
import { regionOf, regionPrices } from '../region-prices.ts';
import type { Register } from '../register.ts';
import { renderTable } from '../table.ts';
import { watchedFleet } from '../watched-fleet.ts';

interface Options {
  readonly functions?: string;
  readonly queues?: string;
  readonly active?: string;
  readonly ceiling?: string;
  readonly shards?: string;
  readonly json?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** What is forecast, and for which region. */
interface Subject {
  readonly region: string;
  readonly fleet: Fleet;
  /** Absent: only the numbers are known. */
  readonly watched?: readonly Watched[];
}

/** `firebreak cost-of-monitoring`: what firebreak itself would cost a month. */
export const registerCostOfMonitoring: Register = (program, io) => {
  const command = program
    .command('cost-of-monitoring')
    .description('Forecasts what firebreak itself costs a month, for this account or for a given fleet')
    .option('--functions <number>', 'functions of the fleet (with --queues: no AWS call is made)')
    .option('--queues <number>', 'queues of the fleet, dead-letter queues included')
    .option('--active <share>', 'share of that fleet that runs in a typical hour, 0 to 1 (default: 1)')
    .option('--ceiling <usd>', 'dollars a month that it must stay below, as monitorBudgetUsd says')
    .option('--shards <number>', 'most shards that reading is spread over, as maximumShards says')
    .option('--json', 'print one JSON document (firebreak-monitor-cost/1)');
  addAwsOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  firebreak cost-of-monitoring --functions 200 --queues 80 --active 0.3\n  firebreak cost-of-monitoring --region eu-central-1',
    )
    .action((options: Options) => run(io, options));
};

async function run(io: Io, options: Options): Promise<void> {
  const aws = awsOptionsOf(options);
  const ceilingUsd =
    options.ceiling === undefined
      ? null
      : numberOf(options.ceiling, { option: '--ceiling', min: 0.01, max: 1_000_000 });
  const shardsOf = shardsOption(options.shards);
  const { region, fleet, watched } = await subjectOf(io, options);
  const prices = await regionPrices({ region, refresh: false, aws, io });
  const at = (thrift: Thrift) => forecastMonitorCost({ fleet, watched, prices, thrift, shardsOf });
  const thrift = ceilingUsd === null ? 0 : thriftUnder(ceilingUsd, at);
  const forecast = at(thrift);
  if (options.json === true) {
    const document = { format: 'firebreak-monitor-cost/1', region, fleet, ceilingUsd, thrift, ...forecast };
    io.stdout(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  io.stdout(text({ region, fleet }, forecast) + ceilingText(ceilingUsd, thrift, forecast));
}

/** How many there will be of so many at most. The deployed tick follows what it measures. */
function shardsOption(text: string | undefined): ((demand: ReadingDemand) => number) | undefined {
  if (text === undefined) return undefined;
  const shardsMax = numberOf(text, { option: '--shards', min: 2, max: 100, whole: true });
  return (demand) => expectedShards(demand, shardsMax);
}

/** As the deployed tick decides at the beginning of a month. */
function thriftUnder(ceilingUsd: number, at: (thrift: Thrift) => MonitorForecast): Thrift {
  const forecastUsd = (thrift: Thrift) => at(thrift).usdPerMonth;
  return thriftFor({ ceilingUsd, spentUsd: 0, now: Date.UTC(2026, 10, 1), before: 0, forecastUsd });
}

/** The fleet that the options give, or the one of the account. */
async function subjectOf(io: Io, options: Options): Promise<Subject> {
  const aws = awsOptionsOf(options);
  if (options.functions !== undefined || options.queues !== undefined) {
    const activeShare = numberOf(options.active ?? '1', { option: '--active', min: 0, max: 1 });
    const bounds = { min: 0, max: 1_000_000, whole: true };
    const functions = numberOf(options.functions ?? '0', { option: '--functions', ...bounds });
    const queues = numberOf(options.queues ?? '0', { option: '--queues', ...bounds });
    return { region: regionOf(aws, io), fleet: { functions, queues, activeShare } };
  }
  if (options.active !== undefined) {
    throw new InputError(
      '--active goes with --functions and --queues: an account is asked which of its functions run',
    );
  }
  const wire = wireOf({ ...aws, sleep: io.sleep, signal: io.signal });
  const identity = await readIdentity(wire);
  const limits = { ...ALL_DETAILS, getFunction: 0, controlPlane: 0 };
  const now = io.now();
  const read = await readInventory(wire, identity, null, { now, limits });
  return { region: identity.region, ...watchedFleet(read, now) };
}

function numberOf(
  text: string,
  range: { readonly option: string; readonly min: number; readonly max: number; readonly whole?: boolean },
): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const fits = value >= range.min && value <= range.max && (range.whole !== true || Number.isInteger(value));
  if (fits) return value;
  const kind = range.whole === true ? 'a whole number' : 'a number';
  throw new InputError(`${range.option} must be ${kind} from ${range.min} to ${range.max}, given: ${text}`);
}

function text({ region, fleet }: Subject, forecast: MonitorForecast): string {
  const table = renderTable(
    [
      { title: 'item' },
      { title: 'quantity', align: 'right' },
      { title: 'unit' },
      { title: 'a month', align: 'right' },
      { title: 'after free tier', align: 'right' },
    ],
    forecast.items.map(({ item, quantity, unit, usdPerMonth, usdAfterFreeTier }) => [
      item,
      formatCount(quantity),
      unit,
      formatUsd(usdPerMonth),
      formatUsd(usdAfterFreeTier),
    ]),
  );
  const watched = `${formatCount(fleet.functions)} functions and ${formatCount(fleet.queues)} queues in ${region}`;
  const notes = forecast.assumptions.map((assumption) => `- ${assumption}\n`).join('');
  const each = `${formatUsd(forecast.usdPerFunction)} of it for each function`;
  return `Watching ${watched} costs about ${formatUsd(forecast.usdPerMonth)} a month (${each}), ${formatUsd(forecast.usdAfterFreeTier)} if the account uses none of its free tier otherwise\n\n${table}\n${notes}`;
}

function ceilingText(ceilingUsd: number | null, thrift: Thrift, forecast: MonitorForecast): string {
  if (ceilingUsd === null) return '';
  const ceiling = `the ceiling of ${formatUsd(ceilingUsd)}`;
  if (forecast.usdPerMonth > ceilingUsd) {
    return `\nEven with the least reading it does not stay below ${ceiling}: raise it\n`;
  }
  if (thrift === 0) return `\nThat is below ${ceiling}: nothing is saved on reading\n`;
  return `\nTo stay below ${ceiling} it reads less than it would (step ${thrift} of 4): trouble is seen later, last where most can burn\n`;
}
