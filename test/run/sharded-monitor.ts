import type { Alert } from '../../src/model/alert.ts';
import { type Config, DEFAULT_CONFIG } from '../../src/model/config.ts';
import { MINUTE_MS } from '../../src/model/time.ts';
import { readShard } from '../../src/observe/aws/shard-reading.ts';
import { type AwsSource, awsSource } from '../../src/observe/aws/source.ts';
import type { Channel } from '../../src/respond/channel.ts';
import { type RunTickReport, runTick } from '../../src/run/run-tick.ts';
import { collect, findPlan, handOver, planShards, shardPart } from '../../src/run/sharding.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { Store } from '../../src/store/store.ts';
import type { FakeAws } from '../observe/aws/fake-aws.ts';
import { fakeWire } from '../observe/aws/wire.ts';

/** Reading is taken for so slow that any order is spread over as many shards as there may be. */
const SLOW = { depthMs: 100_000, metricMs: 100_000 };

export interface Monitor {
  readonly store: Store;
  readonly source: AwsSource;
  /** What was told, over every channel. */
  readonly told: Alert[];
  readonly config: Config;
}

export function monitorOf(
  aws: FakeAws,
  store: Store = memoryStore(),
  told: Alert[] = [],
  config: Config = DEFAULT_CONFIG,
): Monitor {
  return { store, told, config, source: awsSource({ clients: aws.clients, sleep: async () => undefined }) };
}

function channelOf(told: Alert[]): Channel {
  return {
    name: 'sns',
    send: async (alert) => {
      told.push(alert);
      return { ok: true };
    },
  };
}

/** A tick that reads everything by itself. */
export function tickAlone(monitor: Monitor, now: number): Promise<RunTickReport> {
  const { source, store, told, config } = monitor;
  return runTick({
    source: { window: source.window, baselines: async () => NOTHING_LEARNT },
    ...{ store, channels: [channelOf(told)], config, now: () => now },
  });
}

export interface Mishap {
  /** Shards that do not end in time. */
  readonly lost?: (shard: number) => boolean;
  /** Shards that hand over once the tick has decided. */
  readonly late?: (shard: number) => boolean;
  /** The plan's step does not end in time. */
  readonly planLost?: boolean;
  /** The tick dies before it settles what the next one is to read. */
  readonly diesAfterwards?: boolean;
  /** Happens between the shards and the tick. */
  readonly meanwhile?: () => Promise<void>;
}

/** What the state machine does in a minute: find the plan, let the shards read, decide. */
export async function tickSharded(
  monitor: Monitor,
  aws: FakeAws,
  input: { readonly now: number; readonly shardsMax: number } & Mishap,
): Promise<RunTickReport & { readonly shards: number }> {
  const { source, store, told, config } = monitor;
  const { now, shardsMax } = input;
  const plan = input.planLost === true ? null : await findPlan(store, now);
  const shards = plan?.shards ?? [];
  const late: (() => Promise<void>)[] = [];
  await Promise.all(
    shards.map(async (shard) => {
      const part = await shardPart(store, { planAt: plan?.at ?? 0, shard });
      if (part === null || input.lost?.(shard) === true) return;
      const wire = fakeWire(aws, { reader: { index: shard, of: shards.length } });
      const reading = { ...(await readShard(wire, part, now)), usd: 0.001 };
      if (input.late?.(shard) === true) late.push(() => handOver(store, shard, reading));
      else await handOver(store, shard, reading);
    }),
  );
  await input.meanwhile?.();
  const handed = plan === null ? null : await collect(store, plan, now);
  const report = await runTick({
    source: {
      window: (at, incidents, stopped, pricing) =>
        source.window(at, incidents, stopped, pricing, handed ?? undefined),
      baselines: async () => NOTHING_LEARNT,
    },
    ...{ store, channels: [channelOf(told)], config, now: () => now, at: now },
  });
  for (const hand of late) await hand();
  if (input.diesAfterwards !== true) {
    const nextAt = now + MINUTE_MS;
    const order = source.order(nextAt, report.result.incidents, report.stopped);
    await planShards(store, { at: nextAt, order, cost: SLOW, shardsMax });
  }
  return { ...report, shards: shards.length };
}

const NOTHING_LEARNT = { builtAt: 0, functions: new Map(), queues: new Map() };
