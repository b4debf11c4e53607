import * as z from 'zod';
import { parseEvent } from './parse-event.ts';

const functionName = z.string().min(1);
/** Who it was, for the record: an address, a ticket, a chat command. */
const requestedBy = z.string().min(1).max(200);

/**
 * What the kill function is asked for. `automatic` and `canary`: by the tick, and every guardrail holds. `kill` and
 * `restore`: by somebody who may start this function, which is the permission that counts; they have decided, as with the command line.
 */
const killEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('automatic'),
    request: z.strictObject({
      incidentId: z.string().min(1),
      functionName,
      lever: z.enum(['disable-event-source', 'reserved-concurrency-zero', 'none']),
      reason: z.string(),
    }),
  }),
  z.strictObject({
    kind: z.literal('kill'),
    functionName,
    requestedBy,
    reason: z.string().default('stopped by hand'),
    incidentId: z.string().min(1).nullable().default(null),
    /** Reserved concurrency 0 as well: everything that calls it. */
    hard: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('restore'),
    functionName,
    requestedBy,
    /** What becomes of a setting that somebody changed since the kill. */
    onDrift: z.enum(['refuse', 'overwrite', 'keep']).default('refuse'),
    /** With a few copies first. The tick watches it in mode `auto`, whoever runs `restore --canary` otherwise. */
    canary: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('canary'),
    step: z.strictObject({
      functionName,
      killId: z.string().min(1),
      act: z.enum(['start', 'finish', 'stop']),
      reason: z.string(),
    }),
  }),
]);
export type KillEvent = z.infer<typeof killEventSchema>;

/** @throws {InputError} naming the field. */
export function parseKillEvent(event: unknown): KillEvent {
  return parseEvent('kill', killEventSchema, event);
}
