import type { AuditSubject } from '../audit/subject.ts';
import { RefusedError } from '../model/errors.ts';
import { readAuditSubject } from '../observe/aws/audit-inventory.ts';
import { fileProgress } from '../observe/aws/audit-progress.ts';
import { auditClients, auditWire } from '../observe/aws/audit-wire.ts';
import type { AwsOptions } from '../observe/aws/clients.ts';
import { Interrupted } from '../observe/aws/failure.ts';
import { readIdentity } from '../observe/aws/inventory.ts';
import { wireOf } from '../observe/aws/source.ts';
import type { Io } from './io.ts';

/** How often a person is told how far it is: every so many functions. */
const TOLD_EVERY = 10;

/** Reads the account that the options lead to, with progress on stderr; goes on where an earlier run stopped. */
export async function readAccountSubject(input: {
  readonly io: Io;
  readonly aws: AwsOptions;
  readonly readLogs: boolean;
  /** Where an interrupted audit leaves what it has read; absent: a file in the current folder. */
  readonly resumeFile?: string | undefined;
}): Promise<AuditSubject> {
  const { io, aws } = input;
  const now = io.now();
  const clients = auditClients(aws);
  const identity = await readIdentity(wireOf({ clients, sleep: io.sleep, signal: io.signal }));
  const path = input.resumeFile ?? `firebreak-audit-${identity.account}-${identity.region}.partial`;
  const wire = auditWire({ clients, sleep: io.sleep, signal: io.signal });
  io.stderr(`reading account ${identity.account} in ${identity.region}, 4 Lambda calls a second\n`);
  try {
    return await readAuditSubject({
      wire,
      identity,
      now,
      readLogs: input.readLogs,
      progress: await fileProgress({
        path,
        ...identity,
        now,
        warn: (text) => io.stderr(`firebreak: ${text}\n`),
      }),
      onProgress: (done, total) => {
        if (done % TOLD_EVERY === 0 || done === total) io.stderr(`${done} of ${total} functions\n`);
      },
    });
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw new RefusedError(`interrupted; the same command goes on from ${path}`);
  }
}
