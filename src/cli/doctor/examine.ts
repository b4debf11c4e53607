import { FirebreakError } from '../../model/errors.ts';
import type { AwsOptions } from '../../observe/aws/clients.ts';
import { listFunctions, listMappings } from '../../observe/aws/functions.ts';
import { wireOf } from '../../observe/aws/source.ts';
import type { Wire } from '../../observe/aws/wire.ts';
import type { Caller } from '../caller.ts';
import type { Io } from '../io.ts';
import { openStore } from '../store.ts';
import { concurrencyChecks, credentialChecks, permissionChecks } from './account-checks.ts';
import { channelChecks } from './channel-checks.ts';
import { type Check, failure, notChecked } from './check.ts';
import { mayStopCheck, optInChecks, readOptIn } from './kill-checks.ts';
import { configChecks } from './settings-checks.ts';
import { storeChecks } from './store-checks.ts';

export interface Examination {
  readonly io: Io;
  readonly aws: AwsOptions;
  readonly config: string | undefined;
  readonly store: string | undefined;
  /** Send a sample alert. */
  readonly send: boolean;
}

/** Everything that must be so for firebreak to work. What cannot be looked at says so, and the rest goes on. */
export async function examine(examination: Examination): Promise<readonly Check[]> {
  const { io, aws, send } = examination;
  const { config, checks: ofSettings } = await configChecks(io, examination.config);
  const wire = wireOf({ ...aws, sleep: io.sleep, signal: io.signal });
  const { caller, checks: ofCredentials } = await credentialChecks(io, wire);
  const checks = [...ofSettings, ...ofCredentials];
  const ofChannels = await channelChecks({ io, config, aws, send });
  if (caller === null) {
    const why = 'permissions, monitor and kill switch: not without credentials';
    return [...checks, ...ofChannels, notChecked('account', why)];
  }
  const { functions, mappings } = await listed(wire);
  const [first] = mappings ?? [];
  const functionName = first?.functionName ?? functions?.[0]?.name;
  const queueName = mappings?.find(
    ({ source, foreignAccount }) => source.kind === 'sqs' && foreignAccount === null,
  )?.source.source;
  checks.push(...(await permissionChecks(wire, { ...caller, functionName, queueName, now: io.now() })));
  checks.push(...(await concurrencyChecks(wire)));
  checks.push(...ofChannels);
  checks.push(...(await monitorChecks(examination, caller, functions?.length ?? null)));
  if (functions === null || mappings === null) {
    return [...checks, notChecked('kill-tags', 'kill switch: functions and mappings could not be listed')];
  }
  const { kill } = config;
  checks.push(...optInChecks(await readOptIn(wire, { ...caller, kill, functions, mappings, now: io.now() })));
  if (functionName === undefined) return checks;
  const mappingId = first?.source.id;
  return [...checks, await mayStopCheck({ aws, caller, functionName, mappingId })];
}

/** What exists; `null`: it could not be listed, which the permissions say better. */
async function listed(wire: Wire) {
  const functions = await listFunctions(wire).catch(() => null);
  const mappings = await listMappings(wire).catch(() => null);
  return {
    functions: functions?.cutBy === null ? functions.items : null,
    mappings: mappings?.cutBy === null ? mappings.items : null,
  };
}

async function monitorChecks(
  { io, aws, store: spec }: Examination,
  caller: Caller,
  functionCount: number | null,
): Promise<readonly Check[]> {
  try {
    const { store, place, isTable } = openStore(io, caller, { store: spec, aws });
    return await storeChecks({ store, place, isDeployed: isTable, functionCount, now: io.now() });
  } catch (error) {
    if (!(error instanceof FirebreakError)) throw error;
    return [failure('store', error.message, 'correct --store or FIREBREAK_STORE')];
  }
}
