import type { DownstreamSuggestion } from '../../model/bill.ts';
import { toIso } from '../../model/time.ts';
import { clean } from '../../respond/alert/clean.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import type { Register } from '../register.ts';
import { addStoreOption, allStores, type ScopedStore, type StoreCommandOptions } from '../store.ts';
import { renderTable } from '../table.ts';

interface ScopeSuggestions extends Pick<ScopedStore, 'place' | 'scope'> {
  /** `null`: no bill was read. */
  readonly readAt: number | null;
  readonly downstream: readonly DownstreamSuggestion[];
}

/** `firebreak suggest`: downstream dollars that the bill suggests, for somebody to accept. */
export const registerSuggest: Register = (program, io) => {
  const command = program
    .command('suggest')
    .description('Suggests what an invocation costs in other services, from what moves together on the bill')
    .option('--json', 'print one JSON document (firebreak-suggest/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
Reads the store only: the suggestions are those of the last daily look at the bill (a deployed stack,
or firebreak bill). Moving together is no proof: accept what makes sense, by putting it into the
configuration.

Example:
  firebreak suggest --store dynamodb:firebreak`,
    )
    .action(async (options: StoreCommandOptions) => {
      const stores = await allStores(io, { store: options.store, aws: awsOptionsOf(options) });
      const scopes = await Promise.all(stores.map(read));
      if (options.json === true) {
        const body = { format: 'firebreak-suggest/1', scopes: scopes.map(scopeJson) };
        io.stdout(`${JSON.stringify(body, null, 2)}\n`);
        return;
      }
      const looked = scopes.filter(({ readAt }) => readAt !== null);
      io.stdout(looked.length === 0 ? NO_BILL : looked.map(scopeText).join('\n'));
    });
};

const NO_BILL = 'No bill was read yet: a deployed stack does it once a day, firebreak bill does it now.\n';

async function read({ store, place, scope }: ScopedStore): Promise<ScopeSuggestions> {
  const bill = await store.bill();
  return { place, scope, readAt: bill?.readAt ?? null, downstream: bill?.downstream ?? [] };
}

function scopeText({ place, scope, downstream }: ScopeSuggestions): string {
  const whose = scope === null ? place : `account ${scope.account}, ${scope.region}`;
  if (downstream.length === 0)
    return `${whose}: no service moves clearly with the invocations of one function\n`;
  const table = renderTable(
    [
      { title: 'function', widthMax: 40 },
      { title: 'service', widthMax: 40 },
      { title: '$ per invocation', align: 'right' },
      { title: '95 % interval' },
      { title: 'explained', align: 'right' },
      { title: 'days', align: 'right' },
      { title: 'or it is', widthMax: 60 },
    ],
    downstream.map((one) => [
      clean(one.functionName),
      clean(one.service),
      digits(one.usdPerInvocation),
      `${digits(one.low)} to ${digits(one.high)}`,
      `${Math.round(one.explained * 100)} %`,
      String(one.days),
      one.alternatives.map((name) => clean(name)).join(', '),
    ]),
  );
  const settings = JSON.stringify({ downstreamUsdPerInvocation: accepted(downstream) }, null, 2);
  return `Downstream dollars that the bill suggests, ${whose}\n\n${table}
explained: share of the service's changes from week to week that goes with the function.
"or it is": functions that move so much alike that it could as well be them.

To accept, in the configuration (leave out what makes no sense):

${settings}
`;
}

/** All services of a function together; what could as well be another function is left for people to add. */
function accepted(downstream: readonly DownstreamSuggestion[]): Record<string, number> {
  const sure = downstream.filter(({ alternatives }) => alternatives.length === 0);
  const sums: Record<string, number> = {};
  for (const { functionName, usdPerInvocation } of sure) {
    sums[functionName] = Number(((sums[functionName] ?? 0) + usdPerInvocation).toPrecision(2));
  }
  return sums;
}

function digits(usd: number): string {
  return Number(usd.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 9 });
}

function scopeJson({ place, scope, readAt, downstream }: ScopeSuggestions) {
  return {
    place,
    account: scope?.account ?? null,
    region: scope?.region ?? null,
    readAt: readAt === null ? null : toIso(readAt),
    downstream,
    accepted: accepted(downstream),
  };
}
