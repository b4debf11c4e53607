import { UnavailableError } from '../model/errors.ts';
import type { KillRecord } from '../model/kill.ts';
import { announce } from '../respond/kill/announce.ts';
import type { Store } from '../store/store.ts';
import type { Io } from './io.ts';

/** Tells everybody at the next tick. What was done is done: that nobody can be told does not make the command fail. */
export async function announceOrSay(io: Io, record: KillRecord, store: Store): Promise<void> {
  try {
    await announce(record, store);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    io.stderr(`no alert is sent about it: ${error.message}\n`);
  }
}
