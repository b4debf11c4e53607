import { readdir } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { InputError, UnavailableError } from '../model/errors.ts';
import { type AwsOptions, awsClientConfig } from '../observe/aws/clients.ts';
import { dynamoStore } from '../store/dynamo/dynamo-store.ts';
import { fileStore } from '../store/file/file-store.ts';
import type { Store } from '../store/store.ts';
import type { Io } from './io.ts';

/** Environment variable that says the same as `--store`. */
const STORE_VARIABLE = 'FIREBREAK_STORE';
const DYNAMO = 'dynamodb:';

/** Adds `--store`: where incidents and kill records are kept. It arrives in the action as `store`. */
export function addStoreOption(command: Command): Command {
  return command.option(
    '--store <place>',
    `folder, or dynamodb:<table> of a deployed stack (default: ${STORE_VARIABLE}, then ~/.local/state/firebreak)`,
  );
}

/** Options of a command that reads stores and prints what it finds. */
export interface StoreCommandOptions extends AwsOptions {
  readonly json?: boolean;
  readonly store?: string;
}

/** The part of the world that one store is about. A function of the same name elsewhere is another function. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

export interface OpenStore {
  readonly store: Store;
  /** Where it is, for people. */
  readonly place: string;
  /** Whether it is the table of a deployed stack. */
  readonly isTable: boolean;
}

export interface StoreOptions {
  readonly store?: string | undefined;
  readonly aws: AwsOptions;
}

/**
 * The store of one account and region. A table is one stack's, and so one scope's; a folder has a folder for each scope.
 * @throws {InputError} for a table that cannot be one.
 */
export function openStore(io: Io, scope: Scope, options: StoreOptions): OpenStore {
  const spec = specOf(io, options);
  const warn = (message: string) => io.stderr(`firebreak: ${message}\n`);
  if (spec.kind === 'table') {
    const client = new DynamoDBClient(awsClientConfig(options.aws));
    return { store: dynamoStore(spec.table, client, { warn }), place: `table ${spec.table}`, isTable: true };
  }
  const folder = join(spec.folder, scope.account, scope.region);
  return { store: fileStore(folder, { warn }), place: folder, isTable: false };
}

export interface ScopedStore extends OpenStore {
  /** `null`: the whole table. */
  readonly scope: Scope | null;
}

/** Every store there is at that place, without asking AWS who one is: what only looks needs no more. */
export async function allStores(io: Io, options: StoreOptions): Promise<readonly ScopedStore[]> {
  const spec = specOf(io, options);
  if (spec.kind === 'table') {
    return [{ ...openStore(io, { account: '', region: '' }, options), scope: null }];
  }
  const stores: ScopedStore[] = [];
  for (const account of await folders(spec.folder)) {
    for (const region of await folders(join(spec.folder, account))) {
      if (options.aws.region !== undefined && options.aws.region !== region) continue;
      const scope = { account, region };
      stores.push({ ...openStore(io, scope, options), scope });
    }
  }
  return stores;
}

/** Where stores are kept, for people. */
export function storePlace(io: Io, options: StoreOptions): string {
  const spec = specOf(io, options);
  return spec.kind === 'table' ? `table ${spec.table}` : spec.folder;
}

type Spec =
  | { readonly kind: 'table'; readonly table: string }
  | { readonly kind: 'folder'; readonly folder: string };

export function specOf({ env }: Io, { store }: StoreOptions): Spec {
  const given = store ?? env[STORE_VARIABLE] ?? '';
  if (given === '') return { kind: 'folder', folder: stateFolder(env) };
  if (!given.startsWith(DYNAMO)) return { kind: 'folder', folder: resolve(given) };
  const table = given.slice(DYNAMO.length);
  // DynamoDB developer guide, "Naming rules", 2026; the name of a table may also be its ARN.
  if (!/^(arn:\S+:table\/)?[A-Za-z0-9_.-]{3,255}$/.test(table)) {
    throw new InputError(`--store: dynamodb:<table> needs the name of a table; given: ${given}`);
  }
  return { kind: 'table', table };
}

/** A kill record must be found from whatever folder `restore` is run in: so by default it is kept for the user, not there. */
export function stateFolder(env: Io['env']): string {
  const state = env['XDG_STATE_HOME'];
  // XDG base directory specification, 0.8: a path that is not absolute is to be ignored.
  if (state !== undefined && isAbsolute(state)) return join(state, 'firebreak');
  const home = env['HOME'] || env['USERPROFILE'];
  return home ? join(home, '.local', 'state', 'firebreak') : resolve('.firebreak');
}

async function folders(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw new UnavailableError(
      `store: cannot list ${path}: ${error instanceof Error ? error.message : error}`,
      {
        cause: error,
      },
    );
  }
}
