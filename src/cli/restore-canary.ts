import { judgeCanary, watchMsOf } from '../decide/canary.ts';
import type { Config } from '../model/config.ts';
import { RefusedError, UnavailableError } from '../model/errors.ts';
import type { KillRecord } from '../model/kill.ts';
import { MINUTE_MS, utcText } from '../model/time.ts';
import { readIncidentWindow } from '../observe/aws/incident-window.ts';
import { type OneFunction, readOneFunction } from '../observe/aws/one-function.ts';
import { windowSpan } from '../observe/aws/window-span.ts';
import type { Wire } from '../observe/aws/wire.ts';
import { type CanaryPlan, planCanary, startCanary } from '../respond/kill/canary.ts';
import type { KillDeps } from '../respond/kill/deps.ts';
import { executeKill } from '../respond/kill/execute.ts';
import { planKill } from '../respond/kill/plan.ts';
import { executeRestore, type RestoreOutcome, type RestoreRequest } from '../respond/kill/restore.ts';
import type { Store } from '../store/store.ts';
import { announceOrSay } from './announce-or-say.ts';
import type { Caller } from './caller.ts';
import type { Io } from './io.ts';

export interface CanaryContext {
  readonly io: Io;
  readonly wire: Wire;
  readonly store: Store;
  readonly deps: KillDeps;
  readonly config: Config;
  readonly caller: Caller;
}

/** As often as CloudWatch has something new. */
const LOOK_EVERY_MS = MINUTE_MS;

/**
 * Tries a restore out: few copies first, watched for some retry cycles, then everything; or, where the loop is still there,
 * nothing. Run again after an interruption it goes on watching.
 *
 * @throws RefusedError when the loop is still there (it is stopped again), or somebody else restored or stopped it.
 */
export async function restoreByCanary(
  request: RestoreRequest,
  context: CanaryContext,
): Promise<RestoreOutcome> {
  const { io, wire, store, deps } = context;
  const { functionName } = request;
  const one = await readOneFunction(wire, request, functionName, io.now());
  for (const gap of one.gaps) io.stderr(`could not read ${gap.resource}: ${gap.operation}: ${gap.reason}\n`);
  const fn = one.inventory.functions.find(({ name }) => name === functionName);
  const watchMs = watchMsOf(fn, one.inventory.queues);
  const { kind, record } = await startCanary({ ...request, watchMs }, deps);
  if (record === null) return { kind: 'not-killed', record: null, steps: [] };
  if (kind === 'started') await announceOrSay(io, record, store);
  io.stderr(`${functionName} runs again, a few copies at a time; ${watchText(record)}\n`);
  if (await passes(record, one, context)) {
    const outcome = await executeRestore(request, deps);
    if (outcome.record?.state === 'restored') await announceOrSay(io, outcome.record, store);
    return outcome;
  }
  return stopAgain(record, context);
}

/** What a restore would do that is tried out. */
export async function canaryPlanOf(request: RestoreRequest, deps: KillDeps): Promise<CanaryPlan | null> {
  const plan = await planCanary(request, deps);
  if (plan !== null && plan.record.state !== 'canary' && plan.refusal !== null) {
    throw new RefusedError(plan.refusal);
  }
  return plan;
}

function watchText({ canary }: KillRecord): string {
  return canary?.watchUntilAt == null ? '' : `watched until ${utcText(canary.watchUntilAt)}`;
}

/** Watches it to the end; `false`: the loop is still there. */
async function passes(record: KillRecord, one: OneFunction, context: CanaryContext): Promise<boolean> {
  const { io, wire, store } = context;
  const { functionName } = record;
  const baselines = (await store.baselines()) ?? { builtAt: 0, functions: new Map(), queues: new Map() };
  for (;;) {
    const stored = await store.openKill(functionName);
    if (stored?.id !== record.id || stored.state !== 'canary') {
      throw new RefusedError(
        `somebody ${stored === null || stored.state === 'restoring' ? 'restored' : 'stopped'} ${functionName} meanwhile: see firebreak status`,
      );
    }
    const span = windowSpan(io.now());
    const window = await readIncidentWindow(wire, one.inventory, {
      startAt: span.startAt,
      minutes: span.points,
      gaps: [],
    });
    const { kind, detail } = judgeCanary(stored, { window, baselines, now: io.now() });
    io.stderr(`... ${kind}: ${detail}\n`);
    if (kind === 'passed') return true;
    if (kind === 'failed') return false;
    await io.sleep(LOOK_EVERY_MS);
    if (io.signal.aborted) {
      throw new UnavailableError(
        `interrupted: ${functionName} goes on with a few copies. firebreak restore ${functionName} --canary watches on, without --canary it is put back whole, firebreak kill ${functionName} stops it`,
      );
    }
  }
}

async function stopAgain(record: KillRecord, context: CanaryContext): Promise<never> {
  const { io, wire, store, deps, config, caller } = context;
  const { functionName } = record;
  const now = io.now();
  const { inventory, depths } = await readOneFunction(wire, caller, functionName, now);
  const open = await store.openKill(functionName);
  const hard = record.steps.some(({ kind }) => kind === 'reserved-concurrency-zero');
  const plan = planKill({ functionName, hard, inventory, depths, config, open, now });
  const cause = {
    requestedBy: caller.arn,
    reason: 'the loop was still there when its restore was tried out',
    incidentId: record.incidentId,
  };
  const killed = await executeKill(plan, cause, deps);
  await announceOrSay(io, killed.record, store);
  throw new RefusedError(
    `the loop of ${functionName} is still there: it is stopped again, and what was set before the kill is still on record`,
  );
}
