import { InputError, RefusedError } from '../model/errors.ts';
import { formatUsd } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import type { Inventory } from '../model/inventory.ts';
import type { KillRecord } from '../model/kill.ts';
import { type EpochMs, MINUTE_MS } from '../model/time.ts';
import type { Window } from '../model/window.ts';
import type { AwsOptions } from '../observe/aws/clients.ts';
import { MINUTES_KEPT_MS, readIncidentWindow } from '../observe/aws/incident-window.ts';
import { readIdentity } from '../observe/aws/inventory.ts';
import { readOneFunction } from '../observe/aws/one-function.ts';
import { readsUsd } from '../observe/aws/reads.ts';
import { wireOf } from '../observe/aws/source.ts';
import type { TraceSeries } from '../observe/trace/format.ts';
import { readTraceFile } from '../observe/trace/read-file.ts';
import type { Known } from '../report/model.ts';
import { reportSpan } from '../report/span.ts';
import type { Io } from './io.ts';

interface About {
  readonly incident: Incident;
  readonly kill: KillRecord | null;
  readonly now: EpochMs;
}

export interface ReadSeries {
  readonly window: Known<Window>;
  /** Where the series are from and what they cost, a sentence. */
  readonly source: string;
  readonly place: { readonly account: string; readonly region: string } | null;
}

/** The incident's minutes of a recorded trace, as they became in the end. */
export async function seriesOfTrace(path: string, about: About): Promise<ReadSeries> {
  const trace = await readTraceFile(path);
  const span = reportSpan(about.incident, about.kill, about.now);
  const from = Math.max(0, Math.round((span.startAt - trace.startAt) / MINUTE_MS));
  const to = Math.min(trace.periods, Math.round((span.startAt - trace.startAt) / MINUTE_MS) + span.minutes);
  if (to <= from) throw new InputError(`--trace: ${path} does not reach the time of ${about.incident.id}`);
  const cut = <T>(series: Partial<Record<string, TraceSeries>>) =>
    Object.fromEntries(
      Object.entries(series).map(([metric, one]) => [metric, one?.final.subarray(from, to)]),
    ) as T;
  const window: Window = {
    startAt: trace.startAt + from * MINUTE_MS,
    minutes: to - from,
    inventory: trace.inventory,
    functions: new Map([...trace.functions].map(([name, series]) => [name, cut(series)])),
    queues: new Map([...trace.queues].map(([name, series]) => [name, cut(series)])),
    depths: new Map(),
    moveTasks: trace.moveTasks,
    gaps: [],
  };
  const { account, region } = trace.inventory;
  return { window: { ok: true, value: window }, source: `Series: ${path}.`, place: { account, region } };
}

/**
 * The incident's minutes, read again from CloudWatch.
 * @throws {FirebreakError} without credentials, for another account, or when the function cannot be read.
 */
export async function seriesOfAws(
  io: Io,
  aws: AwsOptions,
  about: About & { readonly account: string },
): Promise<ReadSeries> {
  const { incident, kill, now } = about;
  const span = reportSpan(incident, kill, now);
  if (now - span.startAt > MINUTES_KEPT_MS) {
    throw new RefusedError('CloudWatch keeps minutes for 15 days, and it was longer ago');
  }
  const wire = wireOf({ ...aws, sleep: (ms) => io.sleep(ms), signal: io.signal });
  const identity = await readIdentity(wire);
  if (about.account !== 'unknown' && identity.account !== about.account) {
    throw new RefusedError(`it happened in account ${about.account}, these credentials are of another`);
  }
  const reads = await Promise.all(
    incident.functions.map((name) => readOneFunction(wire, identity, name, now)),
  );
  const inventory: Inventory = {
    ...identity,
    functions: reads.flatMap((read) =>
      read.inventory.functions.filter(({ name }) => incident.functions.includes(name)),
    ),
    queues: reads.flatMap((read) => read.inventory.queues),
  };
  const gaps = reads.flatMap((read) => read.gaps);
  const window = await readIncidentWindow(wire, inventory, { ...span, gaps });
  const usd = formatUsd(readsUsd(wire.reads.total()));
  return {
    window: { ok: true, value: window },
    source: `Series: CloudWatch, read again for ${usd} at list price.`,
    place: identity,
  };
}
