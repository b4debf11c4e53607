import { InputError } from '../../model/errors.ts';
import { formatCount, formatUsd } from '../../model/format.ts';
import { readIdentity, readInventory } from '../../observe/aws/inventory.ts';
import { wireOf } from '../../observe/aws/source.ts';
import { forecastMonitorCost, type MonitorForecast } from '../../price/monitor-cost.ts';
import { DEFAULT_PLAN, type Fleet } from '../../price/monitor-plan.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import type { Io } from '../io.ts';
import { regionOf, regionPrices } from '../region-prices.ts';
import type { Register } from '../register.ts';
import { renderTable } from '../table.ts';

interface Options {
  readonly functions?: string;
  readonly queues?: string;
  readonly active: string;
  readonly readEvery: string;
  readonly json?: boolean;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** What is forecast, and for which region. */
interface Subject {
  readonly region: string;
  readonly fleet: Fleet;
}

/** `firebreak cost-of-monitoring`: what firebreak itself would cost a month. */
export const registerCostOfMonitoring: Register = (program, io) => {
  const command = program
    .command('cost-of-monitoring')
    .description('Forecasts what firebreak itself costs a month, for this account or for a given fleet')
    .option('--functions <number>', 'functions of the fleet (with --queues: no AWS call is made)')
    .option('--queues <number>', 'queues of the fleet, dead-letter queues included')
    .option('--active <share>', 'share of functions that run in a typical hour, 0 to 1', '1')
    .option('--read-every <minutes>', 'minutes between two reads of metrics', '1')
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
  const plan = {
    ...DEFAULT_PLAN,
    minutesPerRead: numberOf(options.readEvery, { option: '--read-every', min: 1, max: 60 }),
  };
  const { region, fleet } = await subjectOf(io, options);
  const prices = await regionPrices({ region, refresh: false, aws, io });
  const forecast = forecastMonitorCost({ fleet, prices, plan });
  if (options.json === true) {
    const document = { format: 'firebreak-monitor-cost/1', region, fleet, ...forecast };
    io.stdout(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  io.stdout(text({ region, fleet }, forecast));
}

/** The fleet that the options give, or the one of the account. */
async function subjectOf(io: Io, options: Options): Promise<Subject> {
  const aws = awsOptionsOf(options);
  const activeShare = numberOf(options.active, { option: '--active', min: 0, max: 1 });
  if (options.functions !== undefined || options.queues !== undefined) {
    const bounds = { min: 0, max: 1_000_000, whole: true };
    const functions = numberOf(options.functions ?? '0', { option: '--functions', ...bounds });
    const queues = numberOf(options.queues ?? '0', { option: '--queues', ...bounds });
    return { region: regionOf(aws, io), fleet: { functions, queues, activeShare } };
  }
  const wire = wireOf({ ...aws, sleep: io.sleep, signal: io.signal });
  const identity = await readIdentity(wire);
  const limits = { getFunction: 0, controlPlane: 0 };
  const { inventory } = await readInventory(wire, identity, null, { now: io.now(), limits });
  const fleet = { functions: inventory.functions.length, queues: inventory.queues.length, activeShare };
  return { region: identity.region, fleet };
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
  return `Watching ${watched} costs about ${formatUsd(forecast.usdPerMonth)} a month, ${formatUsd(forecast.usdAfterFreeTier)} if the account uses none of its free tier otherwise\n\n${table}\n${notes}`;
}
