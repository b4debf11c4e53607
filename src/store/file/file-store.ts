import { join } from 'node:path';
import { toJson } from '../json.ts';
import { reader, type StoreOptions } from '../reader.ts';
import { baselinesSchema, billSchema, tickNoteSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { fileAlerts } from './alerts.ts';
import { filesUnder } from './files.ts';
import { fileIncidents } from './incidents.ts';
import { fileKills } from './kills.ts';
import { fileNotebooks } from './notebooks.ts';

const BASELINES = 'baselines.json';
const BILL = 'bill.json';
const LAST_TICK = 'last-tick.json';

/**
 * A folder of files for one account and region: the command line's store. Several processes may use it at once; there
 * are no locks to be left behind. The folder is made when something is first written.
 */
export function fileStore(folder: string, options: StoreOptions = {}): Store {
  const files = filesUnder(folder);
  const read = reader(options);

  const lastTick: Store['lastTick'] = async () => {
    const text = await files.read(LAST_TICK);
    return text === null ? null : read.lenient(text, tickNoteSchema, join(folder, LAST_TICK));
  };

  return {
    ...fileIncidents(files, read),
    ...fileAlerts(files, read),
    ...fileKills(files, read),
    ...fileNotebooks(files),
    async baselines() {
      const text = await files.read(BASELINES);
      return text === null ? null : read.lenient(text, baselinesSchema, join(folder, BASELINES));
    },
    putBaselines: (baselines) => files.replace(BASELINES, toJson(baselines)),
    async bill() {
      const text = await files.read(BILL);
      return text === null ? null : read.lenient(text, billSchema, join(folder, BILL));
    },
    putBill: (note) => files.replace(BILL, toJson(note)),
    lastTick,
    async putTick(note) {
      const stored = await lastTick();
      if (stored === null || note.at >= stored.at) await files.replace(LAST_TICK, toJson(note));
    },
  };
}
