import { watchMsOf } from '../decide/canary.ts';
import { canaryDueAt } from '../decide/kill-watch.ts';
import type { Config } from '../model/config.ts';
import { RefusedError } from '../model/errors.ts';
import { AUTOMATIC, type CanaryStep, type KillRecord } from '../model/kill.ts';
import type { EpochMs } from '../model/time.ts';
import { type Identity, readIdentity } from '../observe/aws/inventory.ts';
import { readMappingTags } from '../observe/aws/mapping-tags.ts';
import { type OneFunction, readOneFunction } from '../observe/aws/one-function.ts';
import type { Wire } from '../observe/aws/wire.ts';
import { announce } from '../respond/kill/announce.ts';
import { startCanary } from '../respond/kill/canary.ts';
import type { KillDeps } from '../respond/kill/deps.ts';
import { executeKill } from '../respond/kill/execute.ts';
import { type Guardrail, guardrailsOf } from '../respond/kill/guardrails.ts';
import { planKill } from '../respond/kill/plan.ts';
import type { KillCause } from '../respond/kill/record.ts';
import { executeRestore } from '../respond/kill/restore.ts';
import type { Store } from '../store/store.ts';
import type { KillEvent } from './kill-event.ts';
import type { Log } from './log.ts';

/** What is read of AWS before anything is done. */
export interface KillEyes {
  identity(): Promise<Identity>;
  /** The function as it is now. */
  one(functionName: string): Promise<OneFunction>;
  mappingTags(identity: Identity, ids: readonly string[]): ReturnType<typeof readMappingTags>;
}

export function awsEyes(wire: Wire, now: () => EpochMs): KillEyes {
  const identity = () => readIdentity(wire);
  return {
    identity,
    one: async (functionName) => readOneFunction(wire, await identity(), functionName, now()),
    mappingTags: (who, ids) => readMappingTags(wire, who, ids),
  };
}

export interface RunKillDeps extends KillDeps {
  readonly eyes: KillEyes;
  readonly store: Store;
  readonly config: Config;
  readonly log: Log;
}

/** What became of it, for the log and for whoever asked. */
export type KillAnswer =
  | {
      readonly kind: 'killed' | 'already-killed' | 'restored' | 'not-killed' | 'started' | 'running';
      readonly record: KillRecord | null;
    }
  /** Guardrails say no: nothing was changed. */
  | { readonly kind: 'held'; readonly guardrails: readonly Guardrail[] }
  /** What the tick saw is not so any more: nothing was changed. */
  | { readonly kind: 'outdated'; readonly detail: string };

/**
 * Stops a function, or puts it back. It is read anew, since the tick that asked has seen it a minute ago.
 * @throws RefusedError, UnavailableError as `executeKill` and `executeRestore` do.
 */
export async function runKill(event: KillEvent, deps: RunKillDeps): Promise<KillAnswer> {
  switch (event.kind) {
    case 'automatic':
      return automatic(event.request, deps);
    case 'kill': {
      const cause = {
        requestedBy: event.requestedBy,
        reason: event.reason,
        incidentId: event.incidentId,
      };
      const one = await look(event.functionName, deps);
      return stop(one, { functionName: event.functionName, hard: event.hard, cause }, deps);
    }
    case 'restore':
      return event.canary ? tryOut(event, deps) : putBack(event, deps);
    case 'canary':
      return orRefused(() => canaryStep(event.step, deps));
  }
}

type RestoreEvent = Extract<KillEvent, { kind: 'restore' }>;
type AutomaticRequest = Extract<KillEvent, { kind: 'automatic' }>['request'];

async function automatic(request: AutomaticRequest, deps: RunKillDeps): Promise<KillAnswer> {
  const { functionName, incidentId } = request;
  const one = await look(functionName, deps);
  const fn = one.inventory.functions.find(({ name }) => name === functionName);
  if (fn !== undefined) {
    const guardrails = guardrailsOf({
      fn,
      lever: request.lever,
      mappingTags: await deps.eyes.mappingTags(
        one.inventory,
        fn.eventSources.filter(({ enabled }) => enabled).map(({ id }) => id),
      ),
      incident: await deps.store.incident(incidentId),
      kills: await deps.store.kills(),
      // Without a tick on record nothing is known of the fleet, and one function is all that may be stopped.
      fleetSize: (await deps.store.lastTick())?.functions ?? 0,
      config: deps.config,
      now: deps.now(),
    });
    if (guardrails.length > 0) return { kind: 'held', guardrails };
  }
  const cause = { requestedBy: AUTOMATIC, reason: request.reason, incidentId };
  return stop(one, { functionName, hard: request.lever === 'reserved-concurrency-zero', cause }, deps);
}

/** What somebody changed meanwhile is theirs to settle: the next ticks ask again, and that is no failure of this function. */
async function orRefused(act: () => Promise<KillAnswer>): Promise<KillAnswer> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RefusedError) return { kind: 'outdated', detail: error.message };
    throw error;
  }
}

/** What the tick decided about a stopped function, unless somebody was faster or the switch was thrown. */
async function canaryStep(step: CanaryStep, deps: RunKillDeps): Promise<KillAnswer> {
  const { functionName, act, killId } = step;
  const open = await deps.store.openKill(functionName);
  if (open?.id !== killId) return { kind: 'outdated', detail: `${killId} is restored, or another kill` };
  if (deps.config.kill.freeze) {
    return { kind: 'held', guardrails: [{ reason: 'frozen', detail: 'kill.freeze is on' }] };
  }
  const where = { functionName, onDrift: 'refuse' as const };
  if (act === 'start') {
    if (canaryDueAt(open, deps.config) === null) {
      return { kind: 'outdated', detail: `${killId} is ${open.state}, or is not to be tried out` };
    }
    return tryOut(where, deps);
  }
  const cutOff = act === 'finish' ? 'restoring' : 'recorded';
  const isGoingOn = open.state === 'canary' || open.state === cutOff;
  if (!isGoingOn) return { kind: 'outdated', detail: `${killId} is ${open.state}` };
  if (act === 'finish') return putBack(where, deps);
  const hard = open.steps.some(({ kind }) => kind === 'reserved-concurrency-zero');
  const cause = { requestedBy: AUTOMATIC, reason: step.reason, incidentId: open.incidentId };
  return stop(await look(functionName, deps), { functionName, hard, cause }, deps);
}

async function tryOut(
  { functionName, onDrift }: Pick<RestoreEvent, 'functionName' | 'onDrift'>,
  deps: RunKillDeps,
): Promise<KillAnswer> {
  const { inventory } = await look(functionName, deps);
  const fn = inventory.functions.find(({ name }) => name === functionName);
  const { account, region } = inventory;
  const watchMs = watchMsOf(fn, inventory.queues);
  const { kind, record } = await startCanary({ functionName, onDrift, account, region, watchMs }, deps);
  if (kind === 'started' && record !== null) await tell(record, deps);
  return { kind, record };
}

async function look(functionName: string, { eyes, log }: RunKillDeps): Promise<OneFunction> {
  const one = await eyes.one(functionName);
  for (const gap of one.gaps) log.warn('could not read', { ...gap });
  return one;
}

async function stop(
  { inventory, depths }: OneFunction,
  what: { readonly functionName: string; readonly hard: boolean; readonly cause: KillCause },
  deps: RunKillDeps,
): Promise<KillAnswer> {
  const { functionName, hard, cause } = what;
  const { config, store } = deps;
  const open = await store.openKill(functionName);
  const plan = planKill({ functionName, hard, inventory, depths, config, open, now: deps.now() });
  const { kind, record } = await executeKill(plan, cause, deps);
  if (kind === 'killed') await tell(record, deps);
  return { kind, record };
}

async function putBack(
  { functionName, onDrift }: Pick<RestoreEvent, 'functionName' | 'onDrift'>,
  deps: RunKillDeps,
): Promise<KillAnswer> {
  const identity = await deps.eyes.identity();
  const { kind, record } = await executeRestore({ functionName, onDrift, ...identity }, deps);
  if (kind === 'restored' && record?.state === 'restored') await tell(record, deps);
  return { kind, record };
}

/** Through the outbox: the next tick tells everybody. What was done is done, also when nobody can be told. */
async function tell(record: KillRecord, { store, log }: RunKillDeps): Promise<void> {
  try {
    await announce(record, store);
  } catch (error) {
    log.error('no alert is sent about it', { error, functionName: record.functionName });
  }
}
