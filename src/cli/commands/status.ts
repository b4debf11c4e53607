import pc from 'picocolors';
import type { BillNote } from '../../model/bill.ts';
import { formatDuration, formatUsd } from '../../model/format.ts';
import type { Incident } from '../../model/incident.ts';
import { incidentJson } from '../../model/incident-json.ts';
import type { KillRecord } from '../../model/kill.ts';
import { DAY_MS, type EpochMs, toIso } from '../../model/time.ts';
import { calibrationText } from '../../price/calibration.ts';
import { clean } from '../../respond/alert/clean.ts';
import { type OwnSpendTotal, readOwnSpend } from '../../run/own-spend.ts';
import type { TickNote } from '../../store/store.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { billJson } from '../bill-json.ts';
import { incidentTable } from '../incident-table.ts';
import type { Io } from '../io.ts';
import { recordJson } from '../kill-json.ts';
import { stoppedText } from '../kill-text.ts';
import { ownSpendJson, ownSpendLines, thriftLine } from '../own-spend-text.ts';
import type { Register } from '../register.ts';
import { repeatOptions } from '../repeat-options.ts';
import {
  addStoreOption,
  allStores,
  type ScopedStore,
  type StoreCommandOptions,
  storePlace,
} from '../store.ts';
import { TICK_AGE_MAX_MS } from '../tick-age.ts';
import { when } from '../when.ts';

interface ScopeStatus {
  readonly place: string;
  readonly scope: ScopedStore['scope'];
  /** Not restored yet. */
  readonly kills: readonly KillRecord[];
  /** Told and not resolved, the most expensive first. */
  readonly incidents: readonly Incident[];
  readonly lastTick: TickNote | null;
  /** What firebreak itself has spent. */
  readonly ownSpend: OwnSpendTotal | null;
  readonly bill: BillNote | null;
}

/** `firebreak status`: what is stopped, what burns, and whether anybody is looking. */
export const registerStatus: Register = (program, io) => {
  const command = program
    .command('status')
    .description('What is stopped, which incidents are open, when it last looked, what it could not read')
    .option('--json', 'print one JSON document (firebreak-status/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
Reads the store only: a folder needs no AWS credentials, a table needs those that may read it.

Example:
  firebreak status --store dynamodb:firebreak`,
    )
    .action((options: StoreCommandOptions) => status(io, options));
};

async function status(io: Io, options: StoreCommandOptions): Promise<void> {
  const where = { store: options.store, aws: awsOptionsOf(options) };
  const scopes = await Promise.all((await allStores(io, where)).map((store) => read(store, io.now())));
  if (options.json === true) {
    const body = { format: 'firebreak-status/1', at: toIso(io.now()), scopes: scopes.map(scopeJson) };
    io.stdout(`${JSON.stringify(body, null, 2)}\n`);
    return;
  }
  if (scopes.length === 0) io.stdout(`Nothing is recorded in ${storePlace(io, where)} yet.\n`);
  io.stdout(scopes.map((scope) => scopeText(io, scope, options)).join('\n'));
}

async function read({ store, place, scope }: ScopedStore, now: EpochMs): Promise<ScopeStatus> {
  const incidents = await store.incidents({ resolvedSince: Number.POSITIVE_INFINITY });
  return {
    place,
    scope,
    kills: (await store.kills()).filter(({ state }) => state !== 'restored'),
    incidents: incidents
      .filter(({ openedAt }) => openedAt !== null)
      .sort((a, b) => b.burn.wastedUsdPerHour - a.burn.wastedUsdPerHour),
    lastTick: await store.lastTick(),
    ownSpend: await readOwnSpend(store, now),
    bill: await store.bill(),
  };
}

function scopeText(io: Io, status: ScopeStatus, options: StoreCommandOptions): string {
  const { bold, red, yellow } = pc.createColors(io.color);
  const { scope, kills, incidents, lastTick, place, bill } = status;
  const now = io.now();
  const whose = scope === null ? place : `account ${scope.account}, ${scope.region}`;
  const thrift = thriftLine(status.ownSpend?.thrifty ?? null);
  const stopped = new Set(kills.map(({ functionName }) => functionName));
  const wasting = incidents.reduce((sum, { burn }) => sum + burn.wastedUsdPerHour, 0);
  const sections = [
    bold(whose),
    kills.length === 0 ? 'Stopped: nothing' : red(`Stopped: ${kills.length}`),
    ...kills.map((record) => indent(stoppedText(record, now, restoreCommand(record, options)))),
    incidents.length === 0
      ? 'Open incidents: none'
      : red(`Open incidents: ${incidents.length}, wasting ${formatUsd(wasting)}/h`),
    ...(incidents.length === 0 ? [] : [indent(incidentTable(incidents, now, stopped))]),
    ...tickLines(lastTick, now, yellow),
    ...ownSpendLines(status.ownSpend),
    ...(thrift === null ? [] : [yellow(thrift)]),
    ...billLines(bill),
  ];
  return `${sections.map((text) => text.trimEnd()).join('\n')}\n`;
}

function restoreCommand(record: KillRecord, options: StoreCommandOptions): string {
  return `firebreak restore ${record.functionName}${repeatOptions({ ...options, region: record.region })}`;
}

function tickLines(tick: TickNote | null, now: EpochMs, warn: (text: string) => string): readonly string[] {
  if (tick === null)
    return [warn('Last tick: none, so nobody is looking (firebreak watch, or deploy the stack)')];
  const looked = `Last tick: ${when(tick.at, now)}, ${tick.functions} functions, ${tick.queues} queues`;
  const isOld = now - tick.at > TICK_AGE_MAX_MS;
  return [
    isOld
      ? warn(`${looked}. Nobody has looked for ${formatDuration(now - tick.at)}: is the monitor running?`)
      : looked,
    ...(tick.gaps.length === 0
      ? ['Could not be read then: nothing']
      : [warn(`Could not be read then: ${tick.gaps.length}`)]),
    ...tick.gaps.map(
      ({ resource, operation, reason }) => `  ${clean(`${resource}: ${operation}: ${reason}`, 300)}`,
    ),
  ];
}

/** What the daily look at the bill found; nothing where none was taken. */
function billLines(bill: BillNote | null): readonly string[] {
  if (bill === null) return [];
  const all = bill.calibration.find(({ usageType }) => usageType === 'all');
  const rose = bill.anomalies.length;
  return [
    `Bill: ${formatUsd(bill.monthUsd)} for Lambda and SQS this month up to ${toIso(bill.untilAt - DAY_MS).slice(0, 10)}`,
    ...(all === undefined ? [] : [`  ${calibrationText(all)}`]),
    ...(rose === 0
      ? []
      : [`  ${rose} ${rose === 1 ? 'line' : 'lines'} rose in its newest days: firebreak bill`]),
  ];
}

function scopeJson({ place, scope, kills, incidents, lastTick, bill, ownSpend }: ScopeStatus) {
  return {
    place,
    account: scope?.account ?? null,
    region: scope?.region ?? null,
    kills: kills.map(recordJson),
    incidents: incidents.map(incidentJson),
    bill: bill === null ? null : billJson(bill),
    ownSpend: ownSpendJson(ownSpend),
    lastTick: lastTick === null ? null : { ...lastTick, at: toIso(lastTick.at) },
  };
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
