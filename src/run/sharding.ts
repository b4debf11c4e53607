import * as z from 'zod';
import { type EpochMs, MINUTE_MS } from '../model/time.ts';
import { type HandedOver, handedOver } from '../observe/aws/handed-over.ts';
import { partition, type ReadingCost, type ReadingOrder, shardsFor } from '../observe/aws/shard-plan.ts';
import {
  packPlan,
  packReading,
  type ShardPlan,
  type ShardReading,
  unpackPlan,
  unpackReading,
} from '../observe/aws/shard-reading.ts';
import type { Store } from '../store/store.ts';

type Notebooks = Pick<Store, 'notebook' | 'putNotebook'>;

/** A plan is for the next tick: later than this it says nothing about whose turn it is. */
const PLAN_AGE_MAX_MS = 1.5 * MINUTE_MS;

/** A plan, as one execution passes it on: all its steps must mean the same one. */
export const planRefSchema = z.object({ at: z.number(), shards: z.array(z.number().int().nonnegative()) });
export type PlanRef = Readonly<z.infer<typeof planRefSchema>>;

/** The part of a plan that one shard is to read. */
export interface ShardRef {
  readonly planAt: EpochMs;
  readonly shard: number;
}

/** After a tick: what shards are to read before the next one, where one tick is not enough for it. Returns how many there are. */
export async function planShards(
  notebooks: Notebooks,
  input: {
    readonly at: EpochMs;
    readonly order: ReadingOrder;
    readonly cost: ReadingCost;
    readonly shardsMax: number;
  },
): Promise<number> {
  const { at, order } = input;
  const shards = shardsFor(order, input.cost, input.shardsMax);
  if (shards > 0) {
    const parts = partition(order, shards);
    // Each part goes to another shard each minute: one that fails again and again must not hide the same functions for good.
    const turn = Math.floor(at / MINUTE_MS) % shards;
    const text = packPlan({ at, parts: [...parts.slice(turn), ...parts.slice(0, turn)] });
    await notebooks.putNotebook('reading-plan', { at, text });
  }
  return shards;
}

/** The plan for a tick at `now`; no shards where there is none: then the tick reads by itself. */
export async function findPlan(notebooks: Pick<Notebooks, 'notebook'>, now: EpochMs): Promise<PlanRef> {
  const plan = await planIn(notebooks);
  if (plan === null || Math.abs(now - plan.at) > PLAN_AGE_MAX_MS) return { at: now, shards: [] };
  return { at: plan.at, shards: [...plan.parts.keys()] };
}

/** What a shard is to read; `null`: the plan was replaced meanwhile. */
export async function shardPart(
  notebooks: Pick<Notebooks, 'notebook'>,
  { planAt, shard }: ShardRef,
): Promise<ReadingOrder | null> {
  const plan = await planIn(notebooks);
  return plan?.at === planAt ? (plan.parts[shard] ?? null) : null;
}

/** Hands a shard's reading over to the tick that waits for it. */
export async function handOver(notebooks: Notebooks, shard: number, reading: ShardReading): Promise<void> {
  await notebooks.putNotebook(`shard-${shard}`, { at: reading.at, text: packReading(reading) });
}

/** What the shards of a plan have read for a tick at `at`; `null`: the plan was replaced meanwhile. */
export async function collect(
  notebooks: Pick<Notebooks, 'notebook'>,
  ref: PlanRef,
  at: EpochMs,
): Promise<HandedOver | null> {
  const plan = await planIn(notebooks);
  if (plan === null || plan.at !== ref.at) return null;
  const readings = await Promise.all(
    plan.parts.map(async (_, shard) => {
      const text = await notebooks.notebook(`shard-${shard}`);
      const reading = text === null ? null : unpackReading(text);
      // Of another execution, or left by an earlier one.
      return reading?.at === at ? reading : null;
    }),
  );
  return handedOver(plan.at, plan.parts, readings);
}

async function planIn(notebooks: Pick<Notebooks, 'notebook'>): Promise<ShardPlan | null> {
  const text = await notebooks.notebook('reading-plan');
  return text === null ? null : unpackPlan(text);
}
