import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_CONFIG } from '../../src/model/config.ts';
import type { Incident } from '../../src/model/incident.ts';
import { readTraceFile } from '../../src/observe/trace/read-file.ts';
import { backtest } from '../../src/replay/backtest.ts';
import { families } from '../../src/simulate/families/registry.ts';
import { simulate } from '../../src/simulate/simulate.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import { temporaryFolder } from '../temporary-folder.ts';

/** A retry loop of the simulator, recorded, with the incident that the monitor made of it in a store. */
export interface RecordedLoop {
  /** The trace. */
  readonly path: string;
  /** Folder that is given as `--store`. */
  readonly folder: string;
  readonly incident: Incident;
}

/** Until the test that asks for it ends. */
export async function recordedLoop(): Promise<RecordedLoop> {
  const folder = temporaryFolder('loop');
  const family = families['retry-throw'];
  if (family === undefined) throw new Error('the simulator has no such family any more');
  const path = join(folder, 'loop.json');
  writeFileSync(path, JSON.stringify(simulate(family.scenario(2, { background: 0, minutes: 600 })).trace));
  const trace = await readTraceFile(path);
  const [incident] = (await backtest(trace, { config: DEFAULT_CONFIG })).incidents;
  if (incident === undefined) throw new Error('the monitor does not see this loop any more');
  const { account, region } = trace.inventory;
  await fileStore(join(folder, 'store', account, region)).putIncident(incident);
  return { path, folder: join(folder, 'store'), incident };
}
