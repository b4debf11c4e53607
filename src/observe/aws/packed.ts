import { gunzipSync, gzipSync } from 'node:zlib';
import type * as z from 'zod';

/** Largest text that is unpacked; a hundred thousand functions and queues are about half of it. */
const BYTES_MAX = 400 * 1024 * 1024;

/** As one line of text for a store: gzip in base64. Maps become lists of their entries. */
export function pack(value: unknown): string {
  const json = JSON.stringify(value, (_, one) => (one instanceof Map ? [...one] : one));
  return gzipSync(json).toString('base64');
}

/** `null`: it is damaged, or of another version. */
export function unpack<Schema extends z.ZodType>(text: string, schema: Schema): z.infer<Schema> | null {
  try {
    const json = gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: BYTES_MAX });
    const parsed = schema.safeParse(JSON.parse(json.toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
