import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type * as z from 'zod';
import { type IncidentText, incidentFile, type ScenarioText, scenarioFile } from './format.ts';

export interface Named<T> {
  readonly name: string;
  readonly text: T;
}

export type Folder = 'troubles' | 'lookalikes';

export const incidents: readonly Named<IncidentText>[] = read('incidents', incidentFile);

export function scenariosIn(folder: Folder): readonly Named<ScenarioText>[] {
  return read(folder, scenarioFile);
}

/** Every scenario of the files of a folder, in the order in which they are written. A file that is no such file throws. */
function read<T>(folder: string, schema: z.ZodType<Record<string, T>>): readonly Named<T>[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => {
      const result = schema.safeParse(parse(readFileSync(join(path, file), 'utf8')));
      if (result.success) return Object.entries(result.data).map(([name, text]) => ({ name, text }));
      const problems = result.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`);
      throw new Error(`${folder}/${file}: ${problems.join('; ')}`);
    });
}
