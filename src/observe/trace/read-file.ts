import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { InputError } from '../../model/errors.ts';
import type { Trace } from './format.ts';
import { parseTrace } from './parse.ts';

/** Largest document read: V8 cannot hold a longer string, and no honest trace comes near. */
const DOCUMENT_BYTES_MAX = 512 * 1024 * 1024;

/**
 * Reads a `firebreak-trace/1` file, plain or gzip (told by its first bytes, not its name).
 * @throws {InputError} when it is missing, truncated, too large, not JSON, or not a trace.
 */
export async function readTraceFile(path: string): Promise<Trace> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'ENOENT' ? 'no such file' : (cause.code ?? cause.message);
    throw new InputError(`trace: cannot read ${path}: ${why}`, { cause });
  });
  return parseTrace(parseJson(decompress(bytes, path), path));
}

function decompress(bytes: Buffer, path: string): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: DOCUMENT_BYTES_MAX });
  } catch (cause) {
    const tooLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    const why = tooLarge
      ? `holds more than ${DOCUMENT_BYTES_MAX / 1024 / 1024} MiB`
      : 'is truncated or damaged';
    throw new InputError(`trace: ${path}: the gzip file ${why}`, { cause });
  }
}

function parseJson(bytes: Buffer, path: string): unknown {
  if (bytes.length > DOCUMENT_BYTES_MAX) {
    throw new InputError(`trace: ${path}: is larger than ${DOCUMENT_BYTES_MAX / 1024 / 1024} MiB`);
  }
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new InputError(`trace: ${path}: is not JSON (truncated?)`, { cause });
  }
}
