import { formatUsd } from '../../model/format.ts';
import { DAY_MS, toIso } from '../../model/time.ts';
import { costExplorerClient, readBill } from '../../observe/aws/cost-explorer.ts';
import { listFunctions } from '../../observe/aws/functions.ts';
import { readLambdaDays } from '../../observe/aws/lambda-days.ts';
import { wireOf } from '../../observe/aws/source.ts';
import { calibrationRatio, calibrationText } from '../../price/calibration.ts';
import { FLAT_PRICES } from '../../price/price-list.ts';
import { clean } from '../../respond/alert/clean.ts';
import { type DailyCostReport, runDailyCost } from '../../run/daily-cost.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { billJson } from '../bill-json.ts';
import { readCaller } from '../caller.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import type { Register } from '../register.ts';
import { addStoreOption, openStore, type StoreCommandOptions } from '../store.ts';
import { renderTable } from '../table.ts';

interface Options extends StoreCommandOptions {
  readonly config?: string;
}

/** `firebreak bill`: the daily look at the bill, now. */
export const registerBill: Register = (program, io) => {
  const command = program
    .command('bill')
    .description('Reads the bill: what rose on it, how far estimates are from it, what moves with what')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document (firebreak-bill/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
A deployed stack does this once a day. Cost Explorer takes $0.01 for each page of an answer: two, or
a few. Needs ce:GetCostAndUsage, cloudwatch:GetMetricStatistics and
lambda:ListFunctions. Sends no alerts; what it finds is kept for status, forecast and suggest.

Example:
  firebreak bill --region eu-central-1`,
    )
    .action((options: Options) => bill(io, options));
};

async function bill(io: Io, options: Options): Promise<void> {
  const config = await loadConfig(io, options.config);
  const aws = awsOptionsOf(options);
  const wire = wireOf({ ...aws, sleep: (ms) => io.sleep(ms), signal: io.signal });
  const caller = await readCaller(wire);
  const client = costExplorerClient({ ...aws, region: caller.region });
  const { store, place } = openStore(io, caller, { store: options.store, aws });
  const report = await runDailyCost({
    readBill: (days, by) => readBill({ client, region: caller.region, by, ...days }),
    readUse: async (fromAt, days) =>
      readLambdaDays({ wire, functions: (await listFunctions(wire)).items, fromAt, days }),
    ...{ store, channels: [], config, account: caller.account, region: caller.region },
    now: () => io.now(),
  });
  for (const { resource, operation, reason } of report.gaps) {
    io.stderr(`firebreak: could not read ${clean(`${resource}: ${operation}: ${reason}`, 300)}\n`);
  }
  if (options.json === true) {
    const { account, region } = caller;
    const { requests, note } = report;
    const body = { format: 'firebreak-bill/1', account, region, requests, ...billJson(note) };
    io.stdout(`${JSON.stringify(body, null, 2)}\n`);
    return;
  }
  io.stdout(text(report, place));
}

function text({ note, requests }: DailyCostReport, place: string): string {
  const last = toIso(note.untilAt - DAY_MS).slice(0, 10);
  const month = `${formatUsd(note.monthUsd)} for Lambda and SQS this month up to ${last}`;
  const asked = `${requests} requests, ${formatUsd(requests * FLAT_PRICES.costExplorerRequest.usd)}`;
  return `${month} (${asked}; kept in ${place})\n\n${risesText(note)}\n${calibrationTable(note)}${suggestionsText(note)}`;
}

type Note = DailyCostReport['note'];

function risesText({ anomalies }: Note): string {
  if (anomalies.length === 0) return 'Rose in its newest days: nothing\n';
  const table = renderTable(
    [
      { title: 'day' },
      { title: 'service', widthMax: 40 },
      { title: 'usage type', widthMax: 40 },
      { title: 'cost', align: 'right' },
      { title: 'usual', align: 'right' },
      { title: 'functions that rose', widthMax: 60 },
    ],
    anomalies.map((one) => [
      toIso(one.dayAt).slice(0, 10),
      clean(one.service),
      clean(one.usageType ?? 'all'),
      formatUsd(one.usd),
      formatUsd(one.usualUsd),
      one.functions.map(({ functionName }) => clean(functionName)).join(', '),
    ]),
  );
  return `Rose in its newest days\n\n${table}`;
}

function calibrationTable({ calibration }: Note): string {
  const [all] = calibration;
  if (all === undefined) return 'Estimates against the bill: nothing to compare\n';
  const table = renderTable(
    [
      { title: 'usage type' },
      { title: 'billed', align: 'right' },
      { title: 'estimated', align: 'right' },
      { title: 'billed / estimated', align: 'right' },
      { title: 'use billed / seen', align: 'right' },
    ],
    calibration.map((one) => [
      one.usageType,
      formatUsd(one.billedUsd),
      formatUsd(one.computedUsd),
      calibrationRatio(one).toFixed(3),
      one.quantityRatio === null ? '' : one.quantityRatio.toFixed(3),
    ]),
  );
  return `${calibrationText(all)}\n\n${table}`;
}

function suggestionsText({ downstream }: Note): string {
  const count = downstream.length;
  if (count === 0) return '';
  const what = count === 1 ? 'One service moves' : `${count} services move`;
  return `\n${what} with the invocations of a function: firebreak suggest\n`;
}
