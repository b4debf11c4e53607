import { InputError, RefusedError } from '../../model/errors.ts';
import type { KillRecord } from '../../model/kill.ts';
import { wireOf } from '../../observe/aws/source.ts';
import { awsKillPort } from '../../respond/kill/aws-port.ts';
import type { KillDeps } from '../../respond/kill/deps.ts';
import {
  executeRestore,
  type OnDrift,
  planRestore,
  type RestoreOutcome,
} from '../../respond/kill/restore.ts';
import type { Store } from '../../store/store.ts';
import { announceOrSay } from '../announce-or-say.ts';
import { addAwsOptions, awsOptionsOf } from '../aws-options.ts';
import { readCaller } from '../caller.ts';
import { loadConfig } from '../config-file.ts';
import type { Io } from '../io.ts';
import { recordJson, restoreStepJson } from '../kill-json.ts';
import { openKillStore } from '../kill-store.ts';
import { canaryPlanText, restoredText, restorePlanText } from '../kill-text.ts';
import type { Register } from '../register.ts';
import { canaryPlanOf, restoreByCanary } from '../restore-canary.ts';
import { addStoreOption } from '../store.ts';
import { when } from '../when.ts';

interface Options {
  readonly canary?: boolean;
  readonly config?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly keepChanged?: boolean;
  readonly json?: boolean;
  readonly store?: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
}

/** `firebreak restore`: everything as it was before the kill. */
export const registerRestore: Register = (program, io) => {
  const command = program
    .command('restore')
    .argument('<function>', 'name of the function')
    .description('Puts a stopped function back exactly as it was before firebreak kill')
    .option('--canary', 'try it out first: 2 copies a queue, watched for some retry cycles')
    .option('--dry-run', 'say what it would do, and do nothing')
    .option('-y, --yes', 'do not ask')
    .option('--force', 'overwrite settings that somebody changed since the kill')
    .option('--keep-changed', 'leave settings that somebody changed since the kill, restore the rest')
    .option('--config <file>', 'configuration file (--canary: what may be stopped again)')
    .option('--json', 'print one JSON document (firebreak-restore/1)');
  addAwsOptions(addStoreOption(command))
    .addHelpText(
      'after',
      `
A mapping that was disabled before the kill stays disabled; a function that had no reserved concurrency has none again.
Cut off half way, the same command goes on. Done twice, it does nothing.

With --canary the queue mappings come back limited to 2 copies, and are watched. Without a sign of the loop everything is
put back; with one the function is stopped again, and the exit code is 3. Interrupted, the same command watches on.

Examples:
  firebreak restore orders-worker --dry-run
  firebreak restore orders-worker --canary`,
    )
    .action((functionName: string, options: Options) => restore(io, functionName, options));
};

async function restore(io: Io, functionName: string, options: Options): Promise<void> {
  const onDrift = onDriftOf(options);
  const aws = awsOptionsOf(options);
  const config = await loadConfig(io, options.config);
  const wire = wireOf({ ...aws, sleep: io.sleep, signal: io.signal });
  const caller = await readCaller(wire);
  const { account, region } = caller;
  const kept = { store: options.store, aws };
  const { store, place } = await openKillStore(io, caller, kept, { functionName, kind: 'a-record' });
  const deps: KillDeps = {
    store,
    port: awsKillPort(wire.clients.lambda),
    now: io.now,
    sleep: io.sleep,
    signal: io.signal,
    progress: (line) => io.stderr(`... ${line}\n`),
  };
  const where = { functionName, account, region };
  const plan = await planRestore(where, deps);
  if (plan === null) {
    notStopped(io, options, { functionName, place, last: await lastKill(store, functionName) });
    return;
  }
  const isDry = options.dryRun === true;
  const canary = options.canary === true ? await canaryPlanOf({ ...where, onDrift }, deps) : null;
  const text = canary === null ? restorePlanText(plan, io.now()) : canaryPlanText(canary, io.now());
  if (isDry && options.json === true) {
    const steps = (canary ?? plan).steps.map(restoreStepJson);
    io.stdout(document({ kind: 'dry-run', record: recordJson(plan.record), steps }));
  } else if (isDry) io.stdout(text);
  else io.stderr(text);
  if (isDry) return;
  const isBlocked = onDrift === 'refuse' && plan.steps.some(({ verdict }) => verdict === 'drifted');
  if (!isBlocked && options.yes !== true && !(await io.confirm(`Restore ${functionName}?`))) {
    throw new RefusedError(
      'nothing was changed: it was not confirmed (where there is no terminal, pass --yes)',
    );
  }
  if (canary !== null) {
    const context = { io, wire, store, deps, config, caller };
    tell(io, options, functionName, await restoreByCanary({ ...where, onDrift }, context));
    return;
  }
  const outcome = await executeRestore({ ...where, onDrift }, deps);
  if (outcome.record?.state === 'restored') await announceOrSay(io, outcome.record, store);
  tell(io, options, functionName, outcome);
}

function onDriftOf({ force, keepChanged }: Options): OnDrift {
  if (force === true && keepChanged === true) {
    throw new InputError('--force and --keep-changed contradict each other: give one of them');
  }
  if (force === true) return 'overwrite';
  return keepChanged === true ? 'keep' : 'refuse';
}

async function lastKill(store: Store, functionName: string): Promise<KillRecord | null> {
  return (await store.kills()).filter((record) => record.functionName === functionName).at(-1) ?? null;
}

/** @throws InputError for a function that firebreak never stopped: a slip, or another store or region. */
function notStopped(
  io: Io,
  options: Options,
  about: { readonly functionName: string; readonly place: string; readonly last: KillRecord | null },
): void {
  const { functionName, place, last } = about;
  if (last === null) {
    throw new InputError(
      `firebreak has not stopped ${functionName} as far as ${place} knows: see firebreak status, or give --store and --region`,
    );
  }
  if (options.json === true) io.stdout(document({ kind: 'not-killed', record: recordJson(last), steps: [] }));
  else {
    io.stdout(
      `${functionName} is not stopped: it was restored ${when(last.restoredAt ?? last.recordedAt, io.now())}.\n`,
    );
  }
}

function tell(io: Io, options: Options, functionName: string, { kind, record, steps }: RestoreOutcome): void {
  if (options.json === true) {
    const body = {
      kind,
      record: record === null ? null : recordJson(record),
      steps: steps.map(restoreStepJson),
    };
    io.stdout(document(body));
    return;
  }
  const isExact = steps.every(
    ({ verdict }) =>
      verdict === 'put-back' || verdict === 'already-back' || (verdict === 'drifted' && options.force),
  );
  io.stdout(
    `${functionName} is ${isExact ? 'as it was before the kill' : 'restored, with these exceptions'}.\n`,
  );
  io.stdout(restoredText(steps, options.force === true));
}

function document(content: object): string {
  return `${JSON.stringify({ format: 'firebreak-restore/1', ...content }, null, 2)}\n`;
}
