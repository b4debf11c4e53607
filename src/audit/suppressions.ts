import * as z from 'zod';
import { InputError } from '../model/errors.ts';
import type { EpochMs } from '../model/time.ts';

const suppressionSchema = z.strictObject({
  rule: z.string().min(1),
  /** Resource as the report names it; `*` stands for any run of characters. */
  resource: z.string().min(1),
  reason: z.string().trim().min(10, 'say why in at least ten characters'),
  /** Day on which it ends, so that nothing is accepted for ever. */
  expires: z.iso.date(),
});
const fileSchema = z.strictObject({ suppressions: z.array(suppressionSchema) });

/** A finding that someone accepts for a reason and for a time. */
export type Suppression = z.infer<typeof suppressionSchema>;

/**
 * Reads a suppressions file: `{ "suppressions": [{ "rule", "resource", "reason", "expires" }] }`.
 * @throws {InputError} that names the entry and the field.
 */
export function parseSuppressions(text: string, file: string): readonly Suppression[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file}: not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = fileSchema.safeParse(json);
  if (parsed.success) return parsed.data.suppressions;
  const [issue] = parsed.error.issues;
  throw new InputError(`${file}: ${issue?.path.join('.') || 'document'}: ${issue?.message}`);
}

/** Whether it still holds: through the day it expires, in UTC. */
export function holds(suppression: Suppression, now: EpochMs): boolean {
  return now < Date.parse(`${suppression.expires}T00:00:00Z`) + 86_400_000;
}

export function matches(
  suppression: Suppression,
  finding: { readonly rule: string; readonly resource: string },
): boolean {
  return suppression.rule === finding.rule && globMatches(suppression.resource, finding.resource);
}

/** `*` stands for any run of characters, everything else for itself. Linear in the text: no backtracking. */
function globMatches(glob: string, text: string): boolean {
  const parts = glob.split('*');
  const [first = '', ...rest] = parts;
  if (rest.length === 0) return glob === text;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
