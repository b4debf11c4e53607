import * as z from 'zod';
import type { EpochMs } from '../model/time.ts';
import { createLog, type Log } from './log.ts';
import { type Settings, settingsFrom } from './settings.ts';
import { VARIABLES } from './variables.ts';

/** The part of Lambda's context that is used. */
interface InvocationContext {
  readonly awsRequestId?: string;
}

export interface Invocation {
  readonly settings: Settings;
  readonly log: Log;
  readonly event: unknown;
  /** The instant for which it was scheduled; without one, when it began. */
  readonly scheduledAt: EpochMs;
  readonly startedAt: EpochMs;
}

export type LambdaHandler = (event: unknown, context?: InvocationContext) => Promise<unknown>;

/** What EventBridge Scheduler sends, or what came of it in a state machine. Emulators leave the placeholder as it is. */
const scheduled = z.object({ scheduledAt: z.iso.datetime({ offset: true }) });
const scheduledEvent = z.union([scheduled, z.object({ input: scheduled }).transform(({ input }) => input)]);

/**
 * A Lambda handler around `run`: parses the environment at each call (so that a wrong deployment says so in its log,
 * again and again), and logs what goes wrong before Lambda hears of it.
 */
export function createHandler(
  name: string,
  run: (invocation: Invocation) => Promise<unknown>,
): LambdaHandler {
  return async (event, context) => {
    const log = createLog({
      write: (line) => void process.stdout.write(line),
      now: Date.now,
      monitor: process.env[VARIABLES.monitor] ?? 'unknown',
      fields: { handler: name, requestId: context?.awsRequestId ?? null },
    });
    const startedAt = Date.now();
    try {
      const settings = settingsFrom(process.env);
      return await run({ settings, log, event, startedAt, scheduledAt: scheduledAt(event) ?? startedAt });
    } catch (error) {
      log.error(`${name} failed`, { error });
      throw error;
    }
  };
}

function scheduledAt(event: unknown): EpochMs | null {
  const parsed = scheduledEvent.safeParse(event);
  return parsed.success ? Date.parse(parsed.data.scheduledAt) : null;
}
