import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zipSync } from 'fflate';

/** The repository. */
export const ROOT = join(import.meta.dirname, '../..');

/** Empties a folder, or makes it. */
export async function freshFolder(path: string): Promise<string> {
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}

export async function writeText(path: string, text: string): Promise<void> {
  await writeFile(path, text.endsWith('\n') ? text : `${text}\n`);
}

/** An archive of a folder's files; the same files give the same bytes. */
export async function zipFolder(folder: string): Promise<Uint8Array> {
  const names = (await readdir(folder)).sort();
  const entries = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  // The least date that the format has: real ones would make every archive differ.
  return zipSync(Object.fromEntries(entries), { level: 9, mtime: '1980-01-02T00:00:00' });
}
