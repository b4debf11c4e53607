import { createReadStream } from 'node:fs';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { type EpochMs, HOUR_MS } from '../../model/time.ts';
import { detailsSchema, type FunctionDetails } from './audit-details.ts';

/** How long what was read before an interruption is still believed. */
const AGE_MAX_MS = 6 * HOUR_MS;

const FORMAT = 'firebreak-audit-partial/1';
const headerSchema = z.object({
  format: z.literal(FORMAT),
  account: z.string(),
  region: z.string(),
});
const entrySchema = z.object({
  name: z.string(),
  lastModified: z.string(),
  readAt: z.number(),
  details: detailsSchema,
});

/** What an audit has read of each function so far, beside the place it runs: an interrupted one goes on from there. */
export interface AuditProgress {
  /** Details that were read lately, of the function as it still is. */
  known(name: string, lastModified: string): FunctionDetails | undefined;
  remember(name: string, lastModified: string, details: FunctionDetails): Promise<void>;
  /** The audit is complete: the file is no longer needed. */
  finish(): Promise<void>;
}

/**
 * Progress in a file, one line a function. A file of another account, or one that cannot be read, is begun anew. Where
 * none can be written the audit goes on without, and `warn` is told once.
 */
export async function fileProgress(input: {
  readonly path: string;
  readonly account: string;
  readonly region: string;
  readonly now: EpochMs;
  readonly warn: (text: string) => void;
}): Promise<AuditProgress> {
  const { path, account, region, now } = input;
  const entries = await readEntries(path, { account, region });
  const known = new Map((entries ?? []).map((entry) => [entry.name, entry]));
  let state: 'new' | 'open' | 'unwritable' = entries === null ? 'new' : 'open';
  const write = async (line: object): Promise<void> => {
    if (state === 'unwritable') return;
    try {
      const header = { format: FORMAT, account, region };
      if (state === 'new') await writeFile(path, `${JSON.stringify(header)}\n`);
      state = 'open';
      await appendFile(path, `${JSON.stringify(line)}\n`);
    } catch (error) {
      state = 'unwritable';
      const code = error instanceof Error && 'code' in error ? error.code : error;
      input.warn(`cannot write ${path} (${code}): an interrupted audit will begin anew`);
    }
  };
  return {
    known: (name, lastModified) => {
      const entry = known.get(name);
      if (entry === undefined || entry.lastModified !== lastModified) return undefined;
      return now - entry.readAt <= AGE_MAX_MS ? entry.details : undefined;
    },
    remember: (name, lastModified, details) => write({ name, lastModified, readAt: now, details }),
    finish: () => rm(path, { force: true }),
  };
}

/** Nothing is kept: for callers that finish in one go. */
export const NO_PROGRESS: AuditProgress = {
  known: () => undefined,
  remember: () => Promise.resolve(),
  finish: () => Promise.resolve(),
};

async function readEntries(
  path: string,
  identity: { readonly account: string; readonly region: string },
): Promise<z.infer<typeof entrySchema>[] | null> {
  const entries: z.infer<typeof entrySchema>[] = [];
  let headed = false;
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
      if (!headed) {
        const header = headerSchema.parse(JSON.parse(line));
        if (header.account !== identity.account || header.region !== identity.region) return null;
        headed = true;
        continue;
      }
      const entry = entrySchema.safeParse(parseLine(line));
      if (entry.success) entries.push(entry.data);
    }
  } catch {
    return null;
  }
  return headed ? entries : null;
}

/** The last line of an interrupted run may be half a line. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
