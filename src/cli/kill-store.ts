import { join } from 'node:path';
import { UnavailableError } from '../model/errors.ts';
import { mergeKills } from '../respond/kill/merge.ts';
import { fileStore } from '../store/file/file-store.ts';
import type { Store } from '../store/store.ts';
import type { Io } from './io.ts';
import { type OpenStore, openStore, type Scope, type StoreOptions, specOf, stateFolder } from './store.ts';

/**
 * The store of a kill or a restore. Where the table of a stack is out of reach, a person who has to stop something now gets a
 * record on this machine instead; the next command that reaches the table moves it there. What happens by itself has no such
 * way out: without a record in the table nothing is touched.
 *
 * @throws UnavailableError where the table is out of reach and `needs` is `a-record` of which this machine has none.
 */
export async function openKillStore(
  io: Io,
  scope: Scope,
  options: StoreOptions,
  needs: { readonly functionName: string; readonly kind: 'a-place' | 'a-record' },
): Promise<OpenStore> {
  const opened = openStore(io, scope, options);
  const folder = fallbackFolder(io, scope, options);
  if (folder === null) return opened;
  const local = fileStore(folder, { warn: (message) => io.stderr(`firebreak: ${message}\n`) });
  try {
    await opened.store.openKill(needs.functionName);
    const moved = await mergeKills(local, opened.store, { place: opened.place, now: io.now });
    for (const name of moved)
      io.stderr(`the kill of ${name} that was recorded in ${folder} is in ${opened.place} now\n`);
    return opened;
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    if (needs.kind === 'a-record' && (await local.openKill(needs.functionName)) === null) throw error;
    io.stderr(
      `${error.message}\n${opened.place} is out of reach: the record is kept in ${folder}. ` +
        'The next kill or restore from this machine that reaches the table moves it there; until then nobody else sees it\n',
    );
    return { ...opened, store: withKillsOf(local, opened.store), place: folder };
  }
}

/** `null`: the store is a folder, and always in reach. */
function fallbackFolder(io: Io, { account, region }: Scope, options: StoreOptions): string | null {
  const spec = specOf(io, options);
  if (spec.kind !== 'table') return null;
  return join(
    `${stateFolder(io.env)}-fallback`,
    spec.table.replace(/[^A-Za-z0-9_.-]/g, '_'),
    account,
    region,
  );
}

/** A table that does not exist or may not be used is a mistake to be told of, not an outage to work around. */
const MISTAKES =
  /^(ResourceNotFound|AccessDenied|Validation|UnrecognizedClient|ExpiredToken|InvalidSignature|CredentialsProvider)/;

function isOutOfReach(error: unknown): error is UnavailableError {
  if (!(error instanceof UnavailableError)) return false;
  return error.cause instanceof Error && !MISTAKES.test(error.cause.name);
}

function withKillsOf(local: Store, table: Store): Store {
  const { openKill, kills, createKill, updateKill } = local;
  return { ...table, openKill, kills, createKill, updateKill };
}
