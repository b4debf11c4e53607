import { formatDuration } from '../../model/format.ts';
import { type EpochMs, MINUTE_MS, SECOND_MS, toIso } from '../../model/time.ts';
import type { Operation } from '../../observe/aws/calls.ts';
import { failureOf, remedyOf } from '../../observe/aws/failure.ts';
import { readConcurrencyLimit } from '../../observe/aws/functions.ts';
import { type Probe, probeReads } from '../../observe/aws/probe.ts';
import { readServerClock } from '../../observe/aws/server-clock.ts';
import type { Wire } from '../../observe/aws/wire.ts';
import { type Caller, readCaller } from '../caller.ts';
import type { Io } from '../io.ts';
import { type Check, failure, notChecked, ok, warning } from './check.ts';

/** A minute off, and the newest minute that is read is another one. */
const SKEW_WARNING_MS = MINUTE_MS;
/** AWS refuses requests that are signed with a time this far off (Signature Version 4, 2026). */
const SKEW_FAILURE_MS = 5 * MINUTE_MS;

/** Who one is; `caller` is `null` where AWS cannot be asked at all. */
export async function credentialChecks(
  io: Io,
  wire: Wire,
): Promise<{ readonly caller: Caller | null; readonly checks: readonly Check[] }> {
  try {
    const caller = await readCaller(wire);
    const found = `credentials: account ${caller.account}, ${caller.region}, as ${caller.arn}`;
    return { caller, checks: [ok('credentials', found), await clockCheck(io, wire)] };
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const why = failureOf(cause, 'GetCallerIdentity');
    return { caller: null, checks: [failure('credentials', `credentials: ${why.text}`, remedyOf(why))] };
  }
}

async function clockCheck(io: Io, wire: Wire): Promise<Check> {
  const before = io.now();
  const server = await readServerClock(wire).catch(() => null);
  if (server === null) return notChecked('clock', 'clock: AWS did not say what time it is');
  return skewCheck(server, (before + io.now()) / 2);
}

/** The machine's clock against that of AWS. */
function skewCheck(serverAt: EpochMs, hereAt: EpochMs): Check {
  const skewMs = hereAt - serverAt;
  const size = Math.abs(skewMs);
  const found = `clock: ${formatDuration(Math.round(size / SECOND_MS) * SECOND_MS)} ${skewMs > 0 ? 'ahead of' : 'behind'} that of AWS (${toIso(serverAt)})`;
  const fix = 'set the clock of this machine by NTP: minutes are read by it, and requests are signed with it';
  if (size >= SKEW_FAILURE_MS) return failure('clock', found, fix);
  if (size >= SKEW_WARNING_MS) return warning('clock', found, fix);
  return ok('clock', 'clock: within a minute of that of AWS');
}

/** What a deployment reserves at most (`reserveConcurrency`), and what Lambda wants to stay unreserved (Lambda quotas, 2026). */
const RESERVED = 5;
const UNRESERVED_MIN = 100;

/** Whether the account lets the monitor reserve concurrency; nothing where that cannot be told, which the permissions say. */
export async function concurrencyChecks(wire: Wire): Promise<readonly Check[]> {
  const limit = await readConcurrencyLimit(wire).catch(() => null);
  if (limit === null) return [];
  const found = `concurrency: the account runs ${limit} executions at once at most`;
  if (limit >= RESERVED + UNRESERVED_MIN) return [ok('concurrency', found)];
  const fix =
    'deploy with reserveConcurrency: false, since none can be reserved here; a runaway may then keep the monitor from running ' +
    'until AWS raises the limit';
  return [warning('concurrency', `${found}, too few to reserve any`, fix)];
}

/** What is not seen where a call is denied. */
const LOST: Readonly<Record<Exclude<Operation, 'GetCallerIdentity'>, string>> = {
  ListFunctions: 'nothing is watched',
  ListEventSourceMappings: 'which queue feeds which function is unknown: no retry loop is seen',
  GetFunction: 'tags and reserved concurrency are read with two calls each, more slowly',
  GetFunctionConcurrency: 'reserved concurrency is unknown where GetFunction is denied',
  ListTags: 'tags are unknown: no opt-in to the kill switch, no downstream dollars',
  GetFunctionEventInvokeConfig: 'how often asynchronous events are retried is unknown',
  GetAccountSettings: 'the concurrency limit of the account is unknown',
  GetQueueUrl: 'queues are not read',
  GetQueueAttributes: 'settings and depths of queues are unknown',
  ListMessageMoveTasks: 'redrives from dead-letter queues are not seen',
  ListMetrics: 'which functions are active is unknown: all are read, which costs more',
  GetMetricStatistics: 'baselines and the first metrics of a tick are missing',
  GetMetricData: 'most metrics are missing',
};
/** Without these nothing is detected. */
const BLIND: readonly Operation[] = [
  'ListFunctions',
  'ListEventSourceMappings',
  'GetMetricStatistics',
  'GetMetricData',
];

/** Every read permission, tried. */
export async function permissionChecks(
  wire: Wire,
  subject: Parameters<typeof probeReads>[1],
): Promise<readonly Check[]> {
  const probes = await probeReads(wire, subject);
  const allowed = probes.filter((probe) => probe.failure === null).length;
  const summary = `permissions: ${allowed} of ${probes.length} read calls work`;
  return [
    ...(allowed === 0 ? [] : [ok('permissions', summary)]),
    ...probes.flatMap((probe) => probeCheck(probe) ?? []),
  ];
}

function probeCheck({ operation, permission, failure: why }: Probe): Check | null {
  if (why === null) return null;
  const lost = LOST[operation as keyof typeof LOST];
  const found = `${operation}: ${why.text}; ${lost}`;
  const fix = why.kind === 'denied' ? `allow ${permission} (docs/permissions.md)` : remedyOf(why);
  const id = `permission:${permission}`;
  return BLIND.includes(operation) ? failure(id, found, fix) : warning(id, found, fix);
}
