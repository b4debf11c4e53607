import * as z from 'zod';
import { planRefSchema } from '../run/sharding.ts';
import { parseEvent } from './parse-event.ts';

/** Start of the execution, which all its steps take for now. */
const at = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

const shardEventSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('plan'), at }),
  z.object({
    step: z.literal('read'),
    at,
    planAt: z.number(),
    shard: z.number().int().nonnegative(),
    of: z.number().int().positive(),
  }),
]);
export type ShardEvent = z.infer<typeof shardEventSchema>;

/** @throws {InputError} naming the field. */
export function parseShardEvent(event: unknown): ShardEvent {
  return parseEvent('shard', shardEventSchema, event);
}

const decideEventSchema = z.object({
  at,
  input: z.object({ plan: planRefSchema.nullable().catch(null).default(null) }),
});

/** What the state machine starts a tick with; `null`: it is not from there. Without `plan` no shard has read anything. */
export type DecideEvent = z.infer<typeof decideEventSchema>;

export function parseDecideEvent(event: unknown): DecideEvent | null {
  const parsed = decideEventSchema.safeParse(event);
  return parsed.success ? parsed.data : null;
}
