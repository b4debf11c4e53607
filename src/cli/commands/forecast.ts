import type { BillNote } from '../../model/bill.ts';
import { formatUsd } from '../../model/format.ts';
import { type EpochMs, toIso, toIsoOrNull } from '../../model/time.ts';
import { type BudgetForecast, forecastBudget } from '../../price/budget-forecast.ts';
import { calibrationText } from '../../price/calibration.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import type { Register } from '../register.ts';
import { addStoreOption, allStores, type ScopedStore, type StoreCommandOptions } from '../store.ts';
import { renderTable } from '../table.ts';

interface ScopeForecast extends Pick<ScopedStore, 'place' | 'scope'> {
  readonly budgets: readonly BudgetForecast[];
  readonly bill: BillNote | null;
}

/** `firebreak forecast`: what each budget has spent this month, and where that is going. */
export const registerForecast: Register = (program, io) => {
  const command = program
    .command('forecast')
    .description('Shows what each budget has spent this month, and what the month will come to')
    .option('--json', 'print one JSON document (firebreak-forecast/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
Budgets are set in the configuration ("budget"). Reads the store only: the figures are those of the
newest survey, of the deployed stack or of firebreak watch.

Example:
  firebreak forecast --store dynamodb:firebreak`,
    )
    .action(async (options: StoreCommandOptions) => {
      const stores = await allStores(io, { store: options.store, aws: awsOptionsOf(options) });
      const scopes = await Promise.all(stores.map(read));
      if (options.json === true) {
        const body = { format: 'firebreak-forecast/1', at: toIso(io.now()), scopes: scopes.map(scopeJson) };
        io.stdout(`${JSON.stringify(body, null, 2)}\n`);
        return;
      }
      const withBudgets = scopes.filter(({ budgets }) => budgets.length > 0);
      io.stdout(withBudgets.length === 0 ? NO_BUDGET : withBudgets.map(scopeText).join('\n'));
    });
};

const NO_BUDGET = `No budget is known here. Set "budget" in the configuration, e.g. {"budget": {"monthlyUsd": 300}};
its figures come with the next survey: within the hour of a deployed stack, or with firebreak watch --once.
`;

async function read({ store, place, scope }: ScopedStore): Promise<ScopeForecast> {
  const baselines = await store.baselines();
  return {
    place,
    scope,
    budgets: (baselines?.budgets ?? []).map(forecastBudget),
    bill: await store.bill(),
  };
}

const BASES: Readonly<Record<BudgetForecast['monthBasis'], string>> = {
  bill: 'bill, and estimates for the newest days',
  metrics: 'estimates from metrics',
  extrapolated: 'estimates from part of the month',
};

function scopeText({ place, scope, budgets, bill }: ScopeForecast): string {
  const whose = scope === null ? place : `account ${scope.account}, ${scope.region}`;
  const [first] = budgets;
  if (first === undefined) return '';
  const table = renderTable(
    [
      { title: 'budget', widthMax: 40 },
      { title: 'a month', align: 'right' },
      { title: 'spent', align: 'right' },
      { title: 'forecast', align: 'right' },
      { title: 'from', align: 'right' },
      { title: 'to', align: 'right' },
      { title: 'gone' },
      { title: 'spent is known from', widthMax: 40 },
    ],
    budgets.map((one) => [
      one.name,
      formatUsd(one.monthlyUsd),
      formatUsd(one.spentUsd),
      dollars(one.monthUsd),
      dollars(one.lowUsd),
      dollars(one.highUsd),
      goneText(one),
      BASES[one.monthBasis],
    ]),
  );
  const calibration = bill?.calibration.find(({ usageType }) => usageType === 'all');
  const notes = [
    `as of ${toIso(first.untilAt)}; Lambda and SQS only`,
    `forecast: every day to come like the mean of the last ${first.days} days; from, to: like the cheapest, the dearest of them`,
    ...(calibration === undefined ? [] : [calibrationText(calibration)]),
  ];
  const month = toIso(first.monthStartAt).slice(0, 7);
  return `Budgets of ${month}, ${whose}\n\n${table}\n${notes.map((note) => `- ${note}\n`).join('')}`;
}

function dollars(usd: number | null): string {
  return usd === null ? 'unknown' : formatUsd(usd);
}

function goneText({ goneAt, untilAt }: BudgetForecast): string {
  if (goneAt === null) return 'lasts';
  return goneAt <= untilAt ? 'spent' : dayOf(goneAt);
}

function dayOf(at: EpochMs): string {
  return toIso(at).slice(0, 10);
}

function scopeJson({ place, scope, budgets, bill }: ScopeForecast) {
  return {
    place,
    account: scope?.account ?? null,
    region: scope?.region ?? null,
    budgets: budgets.map((one) => ({
      ...one,
      monthStartAt: toIso(one.monthStartAt),
      untilAt: toIso(one.untilAt),
      goneAt: toIsoOrNull(one.goneAt),
    })),
    calibration: (bill?.calibration ?? []).map((one) => ({ ...one, untilAt: toIso(one.untilAt) })),
  };
}
