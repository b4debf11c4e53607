import type { TestProject } from 'vitest/node';
import type { EmulatedClock } from './emulator/clock.ts';
import { emulatorPython } from './emulator/python.ts';
import { startEmulator } from './emulator/server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `null`: it could not be started, and the tests are skipped. */
    emulator: { readonly endpoint: string; readonly clock: EmulatedClock } | null;
  }
}

/** A minute of metrics takes two seconds. */
const SPEED = 30;

/** One emulator for the whole run. Without Python it says so once and the tests are skipped; in CI it fails. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const clock = { originAt: Date.now(), speed: SPEED };
  try {
    const server = await startEmulator(emulatorPython(), clock);
    project.provide('emulator', { endpoint: server.endpoint, clock });
    return server.stop;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (process.env['CI'] === 'true') throw error;
    console.warn(`\n!!! END-TO-END TESTS SKIPPED: ${reason}\n`);
    project.provide('emulator', null);
    return undefined;
  }
}
