import type { Config } from '../../model/config.ts';
import { InputError, RefusedError, UnavailableError } from '../../model/errors.ts';
import type { Incident } from '../../model/incident.ts';
import type { KillPlan } from '../../model/kill.ts';
import { readOneFunction } from '../../observe/aws/one-function.ts';
import { wireOf } from '../../observe/aws/source.ts';
import type { Wire } from '../../observe/aws/wire.ts';
import { awsKillPort } from '../../respond/kill/aws-port.ts';
import { executeKill } from '../../respond/kill/execute.ts';
import { planKill } from '../../respond/kill/plan.ts';
import type { Store } from '../../store/store.ts';
import { announceOrSay } from '../announce-or-say.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { type Caller, readCaller } from '../caller.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import { planJson, recordJson } from '../kill-json.ts';
import { openKillStore } from '../kill-store.ts';
import { killedText, planText } from '../kill-text.ts';
import type { Register } from '../register.ts';
import { repeatOptions } from '../repeat-options.ts';
import { addStoreOption } from '../store.ts';

interface Options {
  readonly hard?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly reason: string;
  readonly incident?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly store?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** `firebreak kill`: stops the money with the least harm, and remembers how to put everything back. */
export const registerKill: Register = (program, io) => {
  const command = program
    .command('kill')
    .argument('<function>', 'name of the function')
    .description('Stops a function without losing its messages; firebreak restore puts everything back')
    .option('--hard', 'stop everything that calls it: reserved concurrency 0 as well')
    .option('--dry-run', 'say what it would do, and do nothing')
    .option('-y, --yes', 'do not ask')
    .option('--reason <text>', 'why, for those who find it stopped', 'stopped by hand')
    .option('--incident <id>', 'the incident it belongs to (default: the open one of this function)')
    .option('--config <file>', 'configuration file')
    .option('--json', 'print one JSON document (firebreak-kill/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
Disables the event source mappings of the function: messages wait in their queues. Where it has none, and with --hard,
its reserved concurrency becomes 0. What was set before is written down first, and read back afterwards.

Example:
  firebreak kill orders-worker --reason "poison message since 04:12"`,
    )
    .action((functionName: string, options: Options) => kill(io, functionName, options));
};

async function kill(io: Io, functionName: string, options: Options): Promise<void> {
  const config = await loadConfig(io, options.config);
  const aws = awsOptionsOf(options);
  const wire = wireOf({ ...aws, sleep: io.sleep, signal: io.signal });
  const caller = await readCaller(wire);
  const where = { store: options.store, aws };
  const { store, place } = await openKillStore(io, caller, where, { functionName, kind: 'a-place' });
  const plan = await planFor({ io, wire, caller, store, config }, functionName, options.hard === true);
  const isDry = options.dryRun === true;
  const isJson = options.json === true;

  if (isDry && isJson) io.stdout(document({ kind: 'dry-run', plan: planJson(plan) }));
  else if (isDry) io.stdout(planText(plan, io));
  else io.stderr(planText(plan, io));
  if (plan.refusals.length > 0) throw new RefusedError(plan.refusals.join('; '));
  if (isDry) return;
  const incident = await incidentOrNone(io, store, functionName, options.incident);
  if (options.yes !== true && !(await io.confirm(`Stop ${functionName}?`))) {
    throw new RefusedError(
      'nothing was changed: it was not confirmed (where there is no terminal, pass --yes)',
    );
  }

  const cause = { requestedBy: caller.arn, reason: options.reason, incidentId: incident?.id ?? null };
  const { kind, record } = await executeKill(plan, cause, {
    store,
    port: awsKillPort(wire.clients.lambda),
    now: io.now,
    sleep: io.sleep,
    signal: io.signal,
    progress: (line) => io.stderr(`... ${line}\n`),
  });
  if (kind === 'killed') await announceOrSay(io, record, store);
  const undo = `firebreak restore ${functionName}${repeatOptions(options)}`;
  if (isJson) io.stdout(document({ kind, record: recordJson(record), plan: planJson(plan), undo }));
  else {
    const headline = kind === 'killed' ? 'is stopped' : 'was stopped already, and still is';
    io.stdout(`${functionName} ${headline}.\n${killedText(record.steps)}`);
    io.stdout(`Put it back: ${undo}\nRecord: ${record.id} in ${place}\n`);
  }
}

interface Surroundings {
  readonly io: Io;
  readonly wire: Wire;
  readonly caller: Caller;
  readonly store: Store;
  readonly config: Config;
}

async function planFor(
  { io, wire, caller, store, config }: Surroundings,
  functionName: string,
  hard: boolean,
): Promise<KillPlan> {
  const { account, region } = caller;
  const now = io.now();
  const one = await readOneFunction(wire, { account, region }, functionName, now);
  const { inventory, depths, alsoReading, gaps } = one;
  for (const gap of gaps) io.stderr(`could not read ${gap.resource}: ${gap.operation}: ${gap.reason}\n`);
  const open = await store.openKill(functionName);
  const plan = planKill({ functionName, hard, inventory, depths, alsoReading, config, open, now });
  if (plan.lever === 'none') throw new InputError(plan.refusals.join('; '));
  return plan;
}

/** A store that cannot say which incident it is must not keep anybody from stopping it. */
async function incidentOrNone(
  io: Io,
  store: Store,
  functionName: string,
  id: string | undefined,
): Promise<Incident | null> {
  try {
    return await incidentOf(store, functionName, id);
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    io.stderr(`the incident of ${functionName} is not known: ${error.message}\n`);
    return null;
  }
}

/** The incident that was named; otherwise the open one of the function that wastes most. */
async function incidentOf(
  store: Store,
  functionName: string,
  id: string | undefined,
): Promise<Incident | null> {
  if (id !== undefined) {
    const incident = await store.incident(id);
    if (incident === null)
      throw new InputError(`--incident: there is no incident ${id}; see firebreak incidents --all`);
    return incident;
  }
  const open = await store.incidents({ resolvedSince: Number.POSITIVE_INFINITY });
  const mine = open.filter(
    ({ functions, openedAt }) => openedAt !== null && functions.includes(functionName),
  );
  return mine.sort((a, b) => b.burn.wastedUsd - a.burn.wastedUsd)[0] ?? null;
}

function document(content: object): string {
  return `${JSON.stringify({ format: 'firebreak-kill/1', ...content }, null, 2)}\n`;
}
