import type { Alert } from '../../model/alert.ts';
import { DEFAULT_CONFIG } from '../../model/config.ts';
import type { KillPlan } from '../../model/kill.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../../model/time.ts';
import type { Channel } from '../../respond/channel.ts';
import { executeKill } from '../../respond/kill/execute.ts';
import { planKill } from '../../respond/kill/plan.ts';
import { executeRestore } from '../../respond/kill/restore.ts';
import { type RunTickReport, runTick } from '../../run/run-tick.ts';
import { createWorld, type LiveWorld } from '../../simulate/world.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { Store } from '../../store/store.ts';
import { BUG_AT_MINUTE, QUEUE, REACTION_MS, REPAIR_MS, STORY, WORKER } from './story.ts';
import { worldKillPort, worldSource } from './world-adapters.ts';

/** Something the person watching the demo is told, at its virtual time. */
export type DemoEvent =
  | { readonly kind: 'bug'; readonly at: EpochMs }
  | { readonly kind: 'alert'; readonly at: EpochMs; readonly alert: Alert }
  | { readonly kind: 'killed'; readonly at: EpochMs; readonly plan: KillPlan; readonly waiting: number }
  | { readonly kind: 'restored'; readonly at: EpochMs; readonly waiting: number }
  | { readonly kind: 'drained'; readonly at: EpochMs };

export interface DemoResult {
  readonly events: readonly DemoEvent[];
  /** True dollars wasted within 24 h of the bug, in two copies of the same world. */
  readonly wastedUsd: { readonly without: number; readonly with: number };
  readonly messages: {
    readonly sent: number;
    readonly processed: number;
    readonly waiting: number;
    readonly lost: number;
  };
}

export interface DemoOptions {
  /** Hears each event as it happens in virtual time. */
  readonly onEvent: (event: DemoEvent) => void;
  /** Lets the terminal breathe between virtual minutes; resolves at once in tests. */
  readonly pause: () => Promise<void>;
  /** Sees each tick, after what the person did in its minute. */
  readonly onTick?: (look: DemoLook) => void | Promise<void>;
  /** The story after that is left out, and what is compared may be short of it. */
  readonly isEnded?: () => boolean;
}

/** The simulated account at one tick, and what the monitor made of it. */
export interface DemoLook {
  readonly report: RunTickReport;
  readonly world: LiveWorld;
  readonly store: Store;
}

const BUG_AT = STORY.startAt + BUG_AT_MINUTE * MINUTE_MS;
const COMPARED_AT = BUG_AT + DAY_MS;
/** Half an hour of the monitor's quiet before the bug is enough to show. */
const FIRST_TICK_AT = BUG_AT - 30 * MINUTE_MS;

/** Long enough to see that it does not come back. */
const SHOWN_UNTIL = BUG_AT + 90 * MINUTE_MS;

/** Plays the story twice: once as it goes when nobody acts, once with firebreak and a person who follows the alert. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const events: DemoEvent[] = [];
  const tell = (event: DemoEvent): void => {
    events.push(event);
    options.onEvent(event);
  };
  const world = createWorld(STORY);
  await watchOver(world, tell, options);
  world.advanceTo(COMPARED_AT);
  const after = world.conservation(QUEUE);
  const alone = createWorld(STORY);
  alone.advanceTo(COMPARED_AT);
  return {
    events,
    wastedUsd: { without: alone.wastedUsd(WORKER), with: world.wastedUsd(WORKER) },
    messages: {
      sent: after.sent,
      processed: after.deleted,
      waiting: after.visible + after.inFlight,
      lost: after.movedToDlq + after.expired,
    },
  };
}

/** Ticks each virtual minute until the queue is empty again after restore. */
async function watchOver(
  world: LiveWorld,
  tell: (event: DemoEvent) => void,
  { pause, onTick, isEnded }: DemoOptions,
): Promise<void> {
  const store = memoryStore();
  const source = worldSource(world);
  let pagedAt: EpochMs | null = null;
  let stage: 'watching' | 'killed' | 'restored' | 'drained' = 'watching';
  const channel: Channel = {
    name: 'console',
    send(alert) {
      if (alert.transition === 'critical') pagedAt ??= alert.at;
      tell({ kind: 'alert', at: alert.at, alert });
      return Promise.resolve({ ok: true });
    },
  };
  for (let at = FIRST_TICK_AT; at < COMPARED_AT; at += MINUTE_MS) {
    world.advanceTo(at);
    if (at === BUG_AT) tell({ kind: 'bug', at });
    const report = await runTick({
      source,
      store,
      channels: [channel],
      config: DEFAULT_CONFIG,
      now: () => at,
    });
    if (stage === 'watching' && pagedAt !== null && at >= pagedAt + REACTION_MS) {
      tell({ kind: 'killed', at, plan: await kill(world, at, store), waiting: waitingIn(world) });
      stage = 'killed';
    } else if (stage === 'killed' && pagedAt !== null && at >= pagedAt + REPAIR_MS) {
      world.repair(WORKER);
      await restore(world, at, store);
      tell({ kind: 'restored', at, waiting: waitingIn(world) });
      stage = 'restored';
    } else if (stage === 'restored' && isDrained(world)) {
      tell({ kind: 'drained', at });
      stage = 'drained';
    }
    await onTick?.({ report, world, store });
    if (isEnded?.() === true || (stage === 'drained' && at >= SHOWN_UNTIL)) return;
    await pause();
  }
}

type DemoStore = ReturnType<typeof memoryStore>;

function depsAt(world: LiveWorld, at: EpochMs, store: DemoStore) {
  return { store, port: worldKillPort(world), now: () => at, sleep: () => Promise.resolve() };
}

async function kill(world: LiveWorld, at: EpochMs, store: DemoStore): Promise<KillPlan> {
  const { depths } = world.window(at, 1);
  const plan = planKill({
    inventory: world.inventory(),
    functionName: WORKER,
    hard: false,
    config: DEFAULT_CONFIG,
    now: at,
    depths,
  });
  await executeKill(
    plan,
    { requestedBy: 'demo', reason: 'paged', incidentId: null },
    depsAt(world, at, store),
  );
  return plan;
}

async function restore(world: LiveWorld, at: EpochMs, store: DemoStore): Promise<void> {
  const { account, region } = STORY;
  await executeRestore(
    { functionName: WORKER, account, region, onDrift: 'refuse' },
    depsAt(world, at, store),
  );
}

function waitingIn(world: LiveWorld): number {
  const { visible, inFlight } = world.conservation(QUEUE);
  return visible + inFlight;
}

/** Everything that had piled up is worked off; a message or two of ordinary traffic is always under way. */
function isDrained(world: LiveWorld): boolean {
  return waitingIn(world) <= ORDINARY_WAITING;
}
const ORDINARY_WAITING = 2;
