import type * as z from 'zod';
import { InputError } from '../model/errors.ts';

/** @throws {InputError} naming the kind of event and the field. */
export function parseEvent<T>(kind: string, schema: z.ZodType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(`${kind} event: ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not usable'}`);
}
