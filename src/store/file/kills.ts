import { join } from 'node:path';
import type { KillRecord } from '../../model/kill.ts';
import { follows } from '../follows.ts';
import { toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { killRecordSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { type Files, safeName } from './files.ts';

const FOLDER = 'kills';

type Kills = Pick<Store, 'openKill' | 'kills' | 'createKill' | 'updateKill'>;

/**
 * One folder for each function, one file for each revision of each of its kills: `<kill>-<revision>.json`. A file is created
 * once and never changed or deleted: whoever creates the next number has won, and the folder is the audit trail.
 */
export function fileKills(files: Files, reader: Reader): Kills {
  const folderOf = (functionName: string) => join(FOLDER, safeName(functionName));

  /** The newest revision of the newest kill of a function. What cannot be read must not be acted on: strict. */
  const newest = async (functionName: string): Promise<{ number: number; record: KillRecord } | null> => {
    const folder = folderOf(functionName);
    const name = newestOfEachKill(await files.list(folder)).at(-1);
    const text = name === undefined ? null : await files.read(join(folder, name));
    if (name === undefined || text === null) return null;
    const record = reader.strict(text, killRecordSchema, join(files.root, folder, name));
    return { number: killNumber(name), record };
  };

  return {
    async openKill(functionName) {
      const stored = await newest(functionName);
      return stored === null || stored.record.state === 'restored' ? null : stored.record;
    },
    async kills() {
      const records: KillRecord[] = [];
      for (const name of await files.list(FOLDER)) {
        const folder = join(FOLDER, name);
        for (const file of newestOfEachKill(await files.list(folder))) {
          const text = await files.read(join(folder, file));
          const place = join(files.root, folder, file);
          const record = text === null ? null : reader.lenient(text, killRecordSchema, place);
          if (record !== null) records.push(record);
        }
      }
      return records.sort((a, b) => a.recordedAt - b.recordedAt);
    },
    async createKill(record) {
      const stored = await newest(record.functionName);
      if (stored !== null && stored.record.state !== 'restored') return false;
      const name = fileName((stored?.number ?? 0) + 1, record.revision);
      return files.create(join(folderOf(record.functionName), name), toJson(record));
    },
    async updateKill(record) {
      const stored = await newest(record.functionName);
      if (stored === null || !follows(record, stored.record)) return false;
      const name = fileName(stored.number, record.revision);
      return files.create(join(folderOf(record.functionName), name), toJson(record));
    },
  };
}

function fileName(kill: number, revision: number): string {
  return `${String(kill).padStart(6, '0')}-${String(revision).padStart(6, '0')}.json`;
}

function killNumber(name: string): number {
  return Number(name.slice(0, 6));
}

/** Names sort by kill, then by revision: the last name of each kill counts. */
function newestOfEachKill(names: readonly string[]): readonly string[] {
  const revisions = names.filter((name) => /^\d{6}-\d{6}\.json$/.test(name));
  return revisions.filter((name, index) => name.slice(0, 6) !== revisions[index + 1]?.slice(0, 6));
}
