import { join } from 'node:path';
import type { Incident } from '../../model/incident.ts';
import { toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { incidentSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { type Files, safeName } from './files.ts';

const FOLDER = 'incidents';
/** A version that is listed can be gone when it is opened, because a newer one replaced it: list again. */
const READ_ATTEMPTS_MAX = 20;

type Incidents = Pick<Store, 'incidents' | 'incident' | 'putIncident' | 'forgetIncident'>;

/**
 * One folder for each incident, one file for each evaluation, named by its instant: the highest name is the incident.
 * So the last writer by `evaluatedAt` wins without a lock, whatever order two processes write in.
 */
export function fileIncidents(files: Files, reader: Reader): Incidents {
  const folderOf = (id: string) => join(FOLDER, safeName(id));

  const newest = async (folder: string): Promise<{ path: string; text: string } | null> => {
    for (let attempt = 0; attempt < READ_ATTEMPTS_MAX; attempt++) {
      const name = versions(await files.list(folder)).at(-1);
      if (name === undefined) return null;
      const path = join(folder, name);
      const text = await files.read(path);
      if (text !== null) return { path: join(files.root, path), text };
    }
    return null;
  };

  return {
    async incidents({ resolvedSince }) {
      const found: Incident[] = [];
      for (const name of await files.list(FOLDER)) {
        const file = await newest(join(FOLDER, name));
        if (file === null) continue;
        const incident = reader.lenient(file.text, incidentSchema, file.path);
        if (incident === null) continue;
        if (incident.state !== 'resolved' || (incident.resolvedAt ?? 0) >= resolvedSince)
          found.push(incident);
      }
      return found;
    },
    async incident(id) {
      const file = await newest(folderOf(id));
      return file === null ? null : reader.strict(file.text, incidentSchema, file.path);
    },
    async putIncident(incident) {
      const folder = folderOf(incident.id);
      const name = nameOf(incident);
      const stored = versions(await files.list(folder));
      if ((stored.at(-1) ?? '') > name) return false;
      await files.replace(join(folder, name), toJson(incident));
      for (const older of stored) {
        const path = join(folder, older);
        if (older < name && !reader.isDamaged(join(files.root, path))) await files.remove(path);
      }
      return true;
    },
    async forgetIncident(incident) {
      const folder = folderOf(incident.id);
      const stored = versions(await files.list(folder));
      if ((stored.at(-1) ?? '') > nameOf(incident)) return false;
      for (const name of stored) {
        const path = join(folder, name);
        if (!reader.isDamaged(join(files.root, path))) await files.remove(path);
      }
      await files.removeFolder(folder);
      return true;
    },
  };
}

function nameOf({ evaluatedAt }: Incident): string {
  return `${String(evaluatedAt).padStart(15, '0')}.json`;
}

function versions(names: readonly string[]): readonly string[] {
  return names.filter((name) => /^\d{15}\.json$/.test(name));
}
