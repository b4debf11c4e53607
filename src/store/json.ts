import type * as z from 'zod';
import { UnavailableError } from '../model/errors.ts';

/** Of the stored form. A reader that meets a newer one says so instead of guessing. */
const FORMAT = 1;

/** JSON that keeps what JSON has no word for: NaN and infinities as strings, typed arrays and maps as arrays. */
export function toJson(value: unknown): string {
  return JSON.stringify({ format: FORMAT, value }, (_key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) return String(item);
    if (item instanceof Float64Array) return [...item];
    if (item instanceof Map) return [...item];
    return item;
  });
}

/**
 * Reads what {@link toJson} wrote.
 * @throws UnavailableError that names `place` where it is torn, foreign, or written by a newer version.
 */
export function fromJson<T>(text: string, schema: z.ZodType<T>, place: string): T {
  let envelope: unknown;
  try {
    envelope = JSON.parse(text);
  } catch (cause) {
    throw new UnavailableError(`${place} is damaged (not JSON): move it aside, it is left as it is`, {
      cause,
    });
  }
  if (
    typeof envelope !== 'object' ||
    envelope === null ||
    !('format' in envelope) ||
    !('value' in envelope)
  ) {
    throw new UnavailableError(`${place} was not written by firebreak: move it aside, it is left as it is`);
  }
  if (envelope.format !== FORMAT) {
    throw new UnavailableError(
      `${place} has format ${JSON.stringify(envelope.format)}, this firebreak reads ${FORMAT}: update firebreak`,
    );
  }
  const parsed = schema.safeParse(envelope.value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? 'its content' : issue.path.join('.');
  throw new UnavailableError(
    `${place} is damaged (${field}: ${issue?.message ?? 'unreadable'}): move it aside, it is left as it is`,
  );
}
