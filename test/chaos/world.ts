import type { KillEvent } from '../../src/handlers/kill-event.ts';
import { createLog } from '../../src/handlers/log.ts';
import { type KillAnswer, runKill } from '../../src/handlers/run-kill.ts';
import type { Alert } from '../../src/model/alert.ts';
import { type Config, DEFAULT_CONFIG } from '../../src/model/config.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import type { Window } from '../../src/model/window.ts';
import type { Channel } from '../../src/respond/channel.ts';
import { type RunTickReport, runTick } from '../../src/run/run-tick.ts';
import { type MemoryData, memoryData, memoryStore } from '../../src/store/memory-store.ts';
import { ACCOUNT, type Account, account, BEGIN_AT } from './account.ts';
import { behind, type Ended, type Fate, type Fault, type Process, process, type Seam } from './seams.ts';

/** What the channels took, and how often one and the same alert on one channel. */
export interface Inbox {
  readonly alerts: readonly Alert[];
  /** By `<key>@<channel>`. */
  readonly times: ReadonlyMap<string, number>;
}

/** A monitor, the account it watches, and everything that may go wrong between them. */
export interface World {
  readonly account: Account;
  readonly data: MemoryData;
  readonly inbox: Inbox;
  config: Config;
  fate: Fate;
  /** Changes what a right reading of the account shows. */
  see: (window: Window) => Window;
  /** Runs first in every process: a deployment that cannot start throws. */
  start: () => void;
  /** A channel that refuses for good, until somebody mends it. */
  revoked: Channel['name'] | null;
  /** Times a send was answered and could not be recorded, or was sent without a claim: what excuses a duplicate. */
  readonly excuses: Map<string, number>;
  jump(ms: number): void;
  now(): number;
  tick(): Promise<Ended<RunTickReport>>;
  kill(event: KillEvent): Promise<Ended<KillAnswer>>;
}

export interface WorldOptions {
  readonly loopMinutes?: number;
  readonly settleReads?: number;
  readonly kill?: Partial<Config['kill']>;
}

export function world(options: WorldOptions = {}): World {
  const acc = account(options.loopMinutes ?? 6, options.settleReads);
  const data = memoryData();
  const alerts: Alert[] = [];
  const times = new Map<string, number>();
  const excuses = new Map<string, number>();
  const count = (map: Map<string, number>, id: string, by: number) => map.set(id, (map.get(id) ?? 0) + by);
  let clock = BEGIN_AT;

  const made: World = {
    account: acc,
    data,
    inbox: { alerts, times },
    config: {
      ...DEFAULT_CONFIG,
      kill: { ...DEFAULT_CONFIG.kill, mode: 'auto', ...options.kill },
    },
    fate: () => null,
    see: (window) => window,
    start: () => undefined,
    revoked: null,
    excuses,
    jump: (ms) => {
      clock += ms;
    },
    now: () => clock,
    tick() {
      const own = process(made.fate);
      return own.run(async () => {
        made.start();
        return runTick({
          source: behind(
            'source',
            {
              window: async (now: number) => made.see(acc.window(now)),
              baselines: async (now: number) => ({ builtAt: now, functions: new Map(), queues: new Map() }),
            },
            own,
          ),
          store: storeFor(own),
          channels: [channel('slack', own), channel('sns', own)],
          config: made.config,
          now: () => clock,
        });
      });
    },
    kill(event) {
      const own = process(made.fate);
      let sleptMs = 0;
      const { through } = own;
      return own.run(() =>
        runKill(event, {
          store: storeFor(own),
          port: behind('port', acc.lambda.port, own),
          eyes: {
            identity: () => through('eyes.identity', async () => ACCOUNT),
            one: () => through('eyes.one', async () => lookAt(acc, clock)),
            mappingTags: (_, ids) =>
              through(
                'eyes.mappingTags',
                async () => new Map(ids.map((id) => [id, { 'firebreak:kill': 'allowed' }])),
              ),
          },
          config: made.config,
          log: createLog({ write: () => undefined, now: () => clock, monitor: 'chaos', fields: {} }),
          now: () => clock + sleptMs,
          sleep: async (ms) => {
            sleptMs += ms;
          },
        }),
      );
    },
  };
  return made;

  function storeFor(own: Process) {
    const store = behind('store', memoryStore(data), own);
    return {
      ...store,
      claimDelivery: async (claim: Parameters<typeof store.claimDelivery>[0]) => {
        try {
          return await store.claimDelivery(claim);
        } catch (error) {
          // Without an answer it is sent all the same.
          count(excuses, `${claim.key}@${claim.channel}`, 1);
          throw error;
        }
      },
      markDelivered: async (delivery: Parameters<typeof store.markDelivered>[0]) => {
        const id = `${delivery.key}@${delivery.channel}`;
        const before = data.delivered.has(id);
        try {
          await store.markDelivered(delivery);
        } finally {
          if (!before && data.delivered.has(id)) count(excuses, id, -1);
        }
      },
    };
  }

  function channel(name: Channel['name'], own: Process): Channel {
    return {
      name,
      async send(alert) {
        if (made.revoked === name) return { ok: false, retryable: false, failure: `${name}-no_service` };
        const id = `${alert.key}@${name}`;
        await own.through(`channel.${name}`, async () => {
          alerts.push(alert);
          count(times, id, 1);
          count(excuses, id, 1);
        });
        return { ok: true };
      },
    };
  }
}

function lookAt(acc: Account, now: number) {
  const { inventory, depths } = acc.window(now);
  return { inventory, depths, alsoReading: new Map(), gaps: [] };
}

/** A minute of the monitor: a tick (or two at once), and what it asked for; then the minute is over. */
export async function minute(
  made: World,
  { ticks = 1, kills = 1 } = {},
): Promise<readonly Ended<RunTickReport>[]> {
  const ended = await Promise.all(Array.from({ length: ticks }, () => made.tick()));
  for (const one of ended) {
    if (one.kind !== 'done') continue;
    for (const event of eventsOf(one.value)) {
      if (made.fate('invoke') !== null) continue;
      await Promise.all(Array.from({ length: kills }, () => made.kill(event)));
    }
  }
  made.account.pass();
  made.jump(MINUTE_MS);
  return ended;
}

function eventsOf({ result, killWatch }: RunTickReport): readonly KillEvent[] {
  return [
    ...result.actions.map((request) => ({ kind: 'automatic' as const, request })),
    ...killWatch.steps.map((step) => ({ kind: 'canary' as const, step })),
  ];
}

/** The nth call at a seam, counted from now, and those after it. */
export function at(seam: Seam, fault: Fault, { nth = 1, times = 1 } = {}): Fate {
  let calls = 0;
  return (called) => {
    if (called !== seam) return null;
    calls += 1;
    return calls >= nth && calls < nth + times ? fault : null;
  };
}
