import type { Incident } from '../../model/incident.ts';
import { incidentJson } from '../../model/incident-json.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { incidentTable } from '../incident-table.ts';
import type { Io } from '../io.ts';
import type { Register } from '../register.ts';
import {
  addStoreOption,
  allStores,
  type ScopedStore,
  type StoreCommandOptions,
  storePlace,
} from '../store.ts';

interface Options extends StoreCommandOptions {
  readonly all?: boolean;
}

interface ScopeIncidents {
  readonly scope: ScopedStore['scope'];
  readonly place: string;
  /** Newest first. */
  readonly shown: readonly Incident[];
  readonly stopped: ReadonlySet<string>;
  /** Resolved, or not yet told to anybody. */
  readonly others: number;
}

/** `firebreak incidents`: what is open, or all there ever was. */
export const registerIncidents: Register = (program, io) => {
  const command = program
    .command('incidents')
    .description('Lists the open incidents, the newest first')
    .option('--all', 'resolved ones too, and those that are only emerging')
    .option('--json', 'print one JSON document (firebreak-incidents/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText('after', '\nExample:\n  firebreak incidents --all')
    .action((options: Options) => incidents(io, options));
};

async function incidents(io: Io, options: Options): Promise<void> {
  const where = { store: options.store, aws: awsOptionsOf(options) };
  const scopes = await Promise.all(
    (await allStores(io, where)).map((scoped) => read(scoped, options.all === true)),
  );
  if (options.json === true) {
    const rows = scopes.flatMap(({ scope, shown }) =>
      shown.map((incident) => ({
        account: scope?.account ?? null,
        region: scope?.region ?? null,
        ...incidentJson(incident),
      })),
    );
    io.stdout(`${JSON.stringify({ format: 'firebreak-incidents/1', incidents: rows }, null, 2)}\n`);
    return;
  }
  if (scopes.length === 0) io.stdout(`Nothing is recorded in ${storePlace(io, where)} yet.\n`);
  for (const scope of scopes) tell(io, scope, scopes.length > 1);
}

async function read({ store, scope, place }: ScopedStore, isAll: boolean): Promise<ScopeIncidents> {
  const every = await store.incidents({ resolvedSince: 0 });
  const kills = await store.kills();
  const shown = every.filter(({ state }) => isAll || state === 'open' || state === 'critical');
  return {
    scope,
    place,
    shown: [...shown].sort((a, b) => b.onsetAt - a.onsetAt),
    stopped: new Set(
      kills.filter(({ state }) => state !== 'restored').map(({ functionName }) => functionName),
    ),
    others: every.length - shown.length,
  };
}

function tell(io: Io, { scope, place, shown, stopped, others }: ScopeIncidents, isNamed: boolean): void {
  if (isNamed) io.stdout(`${scope === null ? place : `account ${scope.account}, ${scope.region}`}\n`);
  io.stdout(shown.length === 0 ? 'No open incident.\n' : incidentTable(shown, io.now(), stopped));
  if (others > 0) io.stderr(`${others} more, resolved or only emerging: --all\n`);
}
