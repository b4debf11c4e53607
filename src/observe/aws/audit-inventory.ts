import type { AuditFunction, AuditSubject } from '../../audit/subject.ts';
import { UnavailableError } from '../../model/errors.ts';
import type { EpochMs } from '../../model/time.ts';
import { type FunctionDetails, readDetails } from './audit-details.ts';
import {
  type ListedFunction,
  listAuditFunctions,
  listAuditMappings,
  readAccountLimit,
} from './audit-functions.ts';
import type { AuditProgress } from './audit-progress.ts';
import { readAuditQueues } from './audit-queues.ts';
import { readReports } from './audit-reports.ts';
import { readAlarms, readLogGroups, readRoles } from './audit-surroundings.ts';
import { readUnusedAccess } from './audit-unused-access.ts';
import type { AuditWire } from './audit-wire.ts';
import { summariseGaps } from './failure.ts';
import type { Identity } from './inventory.ts';

export interface AuditInventoryInput {
  readonly wire: AuditWire;
  readonly identity: Identity;
  readonly now: EpochMs;
  /** Read REPORT log lines too: what functions really use. */
  readonly readLogs: boolean;
  readonly progress: AuditProgress;
  /** Called after each function. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Everything an audit looks at in one account and region, slowly: Lambda's control plane is shared with deployments.
 * What cannot be read stays unknown and is in `gaps`.
 * @throws {UnavailableError} when functions cannot be listed.
 * @throws {Interrupted} when the person interrupts; what was read is in `progress`.
 */
export async function readAuditSubject(input: AuditInventoryInput): Promise<AuditSubject> {
  const { wire, identity, now } = input;
  const listed = await listAuditFunctions(wire);
  if (listed === undefined) {
    const [gap] = wire.gaps();
    throw new UnavailableError(`AWS ListFunctions: ${gap?.reason ?? 'no answer'}; see docs/permissions.md`);
  }
  const mappings = await listAuditMappings(wire);
  const accountConcurrencyLimit = await readAccountLimit(wire);
  const queues = await readAuditQueues(wire);
  const alarms = await readAlarms(wire);
  const logGroups = await readLogGroups(wire);
  const roleNames = new Set(listed.flatMap(({ fn }) => fn.role ?? []));
  const roles = await readRoles(wire, roleNames);
  const unusedAccess = await readUnusedAccess(wire, identity.account, roleNames);
  const functions: AuditFunction[] = [];
  for (const [index, one] of listed.entries()) {
    const details = await detailsOf(one, input);
    const logGroup =
      logGroups === undefined
        ? undefined
        : // Lambda makes a missing log group at the first invocation, and it never expires.
          (logGroups.get(one.logGroupName) ?? { name: one.logGroupName, retentionDays: null });
    functions.push({
      ...one.fn,
      ...details,
      eventSources: mappings === undefined ? undefined : (mappings.get(one.fn.name) ?? []),
      logGroup,
    });
    input.onProgress?.(index + 1, listed.length);
  }
  await input.progress.finish();
  return {
    origin: { kind: 'account', account: identity.account },
    region: identity.region,
    readAt: now,
    accountConcurrencyLimit,
    functions,
    queues,
    alarms,
    roles,
    unusedAccess,
    gaps: summariseGaps(wire.gaps()),
  };
}

/** What an interrupted audit has read is not read again, nor are its log lines. */
async function detailsOf(
  { fn, lastModified, logGroupName }: ListedFunction,
  { wire, progress, now, readLogs }: AuditInventoryInput,
): Promise<FunctionDetails> {
  const known = progress.known(fn.name, lastModified);
  if (known !== undefined && (known.observed !== undefined || !readLogs)) {
    return readLogs ? known : { ...known, observed: undefined };
  }
  const details = {
    ...(known ?? (await readDetails(wire, fn.name, now))),
    observed: readLogs ? await readReports(wire, logGroupName, now) : undefined,
  };
  await progress.remember(fn.name, lastModified, details);
  return details;
}
