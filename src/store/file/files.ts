import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, link, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UnavailableError } from '../../model/errors.ts';

/**
 * Files under one root, written so that a reader in any process sees a whole file or none, and so that a crash loses at
 * most what was not yet acknowledged: write aside, fsync, then `rename` (replace) or `link` (create, one winner).
 * Paths are relative to the root.
 */
export interface Files {
  readonly root: string;
  /** `null`: there is no such file. */
  read(path: string): Promise<string | null>;
  /** Names in a folder, sorted; empty where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  replace(path: string, text: string): Promise<void>;
  /** `false`: the file exists already, and is left as it is. Exactly one of many callers gets `true`. */
  create(path: string, text: string): Promise<boolean>;
  /** Nothing happens where there is no such file. */
  remove(path: string): Promise<void>;
  /** Nothing happens where there is no such folder, or anything in it. */
  removeFolder(folder: string): Promise<void>;
}

export function filesUnder(root: string): Files {
  const guard = async <T>(what: string, path: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act();
    } catch (cause) {
      throw new UnavailableError(`store: cannot ${what} ${join(root, path)}: ${reasonOf(cause)}`, { cause });
    }
  };
  return {
    root,
    read: (path) => guard('read', path, () => orNull(() => readFile(join(root, path), 'utf8'))),
    list: (folder) =>
      guard('list', folder, async () => ((await orNull(() => readdir(join(root, folder)))) ?? []).sort()),
    replace: (path, text) =>
      guard('write', path, async () => {
        await rename(await writeAside(root, path, text), join(root, path));
        await syncFolder(dirname(join(root, path)));
      }),
    create: (path, text) =>
      guard('write', path, async () => {
        const aside = await writeAside(root, path, text);
        try {
          await link(aside, join(root, path));
          await syncFolder(dirname(join(root, path)));
          return true;
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return false;
          throw error;
        } finally {
          await rm(aside, { force: true });
        }
      }),
    remove: (path) => guard('remove', path, () => rm(join(root, path), { force: true })),
    removeFolder: (folder) =>
      guard('remove', folder, async () => {
        try {
          await rmdir(join(root, folder));
        } catch (error) {
          if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
        }
      }),
  };
}

/**
 * A file name for any key: itself where that is safe everywhere, otherwise a readable part and a hash, so that two keys
 * never share a name, not even on a file system that ignores case.
 */
export function safeName(key: string): string {
  if (/^[a-z0-9_][a-z0-9._-]{0,127}$/.test(key)) return key;
  const readable = key.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100);
  return `${readable}~${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
}

/** The whole text, on disk, under a name that nobody else uses; beside its target, so that moving it is atomic. */
async function writeAside(root: string, path: string, text: string): Promise<string> {
  const folder = dirname(join(root, path));
  const aside = join(folder, `.${randomUUID()}.tmp`);
  const file = await openAside(folder, aside);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}

/** Another process may remove the empty folder in between: then again. */
async function openAside(folder: string, aside: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    await mkdir(folder, { recursive: true });
    try {
      return await open(aside, 'wx', 0o600);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT' || attempt === OPEN_ATTEMPTS_MAX) throw error;
    }
  }
}

const OPEN_ATTEMPTS_MAX = 8;

/** Makes a new name survive a power cut. Where folders cannot be synced (Windows) the file system sees to it itself. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL', 'ENOTSUP'].includes(codeOf(error))) throw error;
  }
}

async function orNull<T>(act: () => Promise<T>): Promise<T | null> {
  try {
    return await act();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function reasonOf(error: unknown): string {
  return codeOf(error) || (error instanceof Error ? error.message : String(error));
}
