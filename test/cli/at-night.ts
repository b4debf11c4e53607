import { join } from 'node:path';
import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import { fileStore } from '../../src/store/file/file-store.ts';
import type { Store } from '../../src/store/store.ts';
import { serveFake } from '../observe/aws/serve-fake.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { type FakeIo, fakeIo } from './fake-io.ts';
import { ACCOUNT, type KillableAws, killableAws, REGION } from './killable-aws.ts';

/** An account that is on fire, a folder for the store, and a person at a terminal. */
export interface Night {
  readonly aws: KillableAws;
  /** Folder that is given as `--store`. */
  readonly folder: string;
  readonly store: Store;
  readonly endpoint: string;
  /** Runs one command line, with the options that say where; gives its exit code and what it printed. */
  run(...argv: readonly string[]): Promise<{ readonly code: number; readonly io: FakeIo }>;
  /** As {@link run}, at a terminal of one's own. */
  runAt(io: Partial<Io>, ...argv: readonly string[]): Promise<{ readonly code: number; readonly io: FakeIo }>;
}

/** 2026-11-24T12:00:00Z: what the clock of the fake terminal shows. */
export const NOW = Date.UTC(2026, 10, 24, 12);

export async function atNight(): Promise<Night> {
  const aws = killableAws();
  const endpoint = await serveFake(aws);
  const folder = temporaryFolder('night');
  const runAt: Night['runAt'] = async (overrides, ...argv) => {
    const io = fakeIo({ now: () => NOW, ...overrides });
    const where = ['--store', folder, '--region', REGION, '--endpoint-url', endpoint];
    const code = await run([...argv, ...where], io);
    return { code, io };
  };
  return {
    aws,
    folder,
    store: fileStore(join(folder, ACCOUNT, REGION)),
    endpoint,
    run: (...argv) => runAt({}, ...argv),
    runAt,
  };
}
