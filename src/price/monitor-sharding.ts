import { lambdaUsd, type RegionPrices } from './lambda-price.ts';
import { type MonitorCostItem, priced } from './monitor-cost-item.ts';
import { MINUTES_PER_MONTH, type MonitorPlan } from './monitor-plan.ts';
import type { ReadingDemand } from './monitor-reading.ts';
import { FLAT_PRICES, LAMBDA_FREE_TIER } from './price-list.ts';

/** States of the workflow that are entered in an execution: plan, read, decide. Each shard that is started counts as one more. */
const STATES = 3;
/** An express workflow is billed for 64 MB at least (AWS Step Functions pricing, 2026). */
const EXPRESS_GB = 64 / 1024;
/** How long a shard reads, for what its workflow is billed: what it is meant to take, and its start. */
const SHARD_SECONDS = 10;

/** Of that, what a tick that reads by itself does not take (assumption): starting, handing over. */
const SHARD_START_MS = 2_000;
/** Finding the plan, before shards are started (assumption). */
const PLAN_MS = 200;
/** State transitions of standard workflows that are free each month, always (AWS Step Functions pricing, 2026). */
const FREE_TRANSITIONS = 4_000;
/** Bytes in the table: of a plan, for each depth and metric; of a reading, for one of each (`npm run bench:scale`). */
const HANDED_BYTES = { planned: 7, depth: 12, metric: 450 } as const;

/** Dollars of the Step Functions workflow around one tick whose reading is spread over so many shards. */
export function shardingUsd(shards: number): number {
  return STATES * transitionUsd() + shards * shardUsd();
}

function transitionUsd(): number {
  return FLAT_PRICES.stateTransition.usd / 1_000;
}

/** Of the workflow of one shard. */
function shardUsd(): number {
  const { expressRequest, expressDuration } = FLAT_PRICES;
  return transitionUsd() + expressRequest.usd / 1e6 + SHARD_SECONDS * EXPRESS_GB * expressDuration.usd;
}

/** What is handed over around one tick, through the table. */
interface Handed {
  readonly shards: number;
  readonly planBytes: number;
  readonly readingBytes: number;
}

/** Its write units: plan and readings are written, and removed again. */
function writeUnits({ planBytes, readingBytes }: Handed): number {
  return (2 * (planBytes + readingBytes)) / 1_024;
}

/** Dollars of handing over. The plan is read by each shard and twice more. */
export function handingOverUsd(handed: Handed): number {
  const { shards, planBytes, readingBytes } = handed;
  const readUnits = ((shards + 2) * planBytes + readingBytes) / 4_096;
  const { dynamoDbRead, dynamoDbWrite } = FLAT_PRICES;
  return (writeUnits(handed) * dynamoDbWrite.usd + readUnits * dynamoDbRead.usd) / 1e6;
}

/**
 * What `maximumShards` adds to the bill of a month: the state machine, and the shards where there are any. What they read, and the
 * time of reading it, a single tick would take as well.
 */
export function shardingItems(input: {
  readonly shards: number;
  readonly demand: ReadingDemand;
  readonly prices: RegionPrices;
  readonly plan: MonitorPlan;
  /** Of the tick, which takes of the free tier first. */
  readonly tickMs: number;
}): readonly MonitorCostItem[] {
  const { shards, prices, tickMs } = input;
  const ticks = MINUTES_PER_MONTH;
  const duration = (msPerTick: number, freeTier: boolean) =>
    lambdaUsd({
      ...{ prices, freeTier, architecture: 'arm64', memoryMB: input.plan.tickMemoryMB, invocations: 0 },
      durationMs: ticks * msPerTick,
    });
  const requestsUsd = (perTick: number, free: number) =>
    Math.max(0, ticks * perTick - free) * prices.usdPerRequest;
  /** Invocations of each tick that come after so many others, with their milliseconds. */
  const invoked = (count: number, ms: number, after: { readonly count: number; readonly ms: number }) => {
    const usd = (freeTier: boolean) => {
      const free = freeTier ? LAMBDA_FREE_TIER.requests : 0;
      return (
        duration(after.ms + ms, freeTier) -
        duration(after.ms, freeTier) +
        requestsUsd(after.count + count, free) -
        requestsUsd(after.count, free)
      );
    };
    return { quantity: ticks * count, usdPerMonth: usd(false), usdAfterFreeTier: usd(true) };
  };
  const always: readonly MonitorCostItem[] = [
    priced({
      item: 'Step Functions, each tick',
      quantity: ticks * STATES,
      unit: 'state transitions',
      usdPerUnit: transitionUsd(),
      free: FREE_TRANSITIONS,
    }),
    {
      ...{ item: 'Lambda, finding the plan', unit: 'invocations', grows: false },
      ...invoked(1, PLAN_MS, { count: 1, ms: tickMs }),
    },
  ];
  if (shards === 0) return always;
  const handed = { shards, ...handedBytes(input.demand) };
  const units = ticks * writeUnits(handed);
  return [
    ...always,
    priced({
      item: 'Step Functions, shards',
      quantity: ticks * shards,
      unit: 'express executions',
      usdPerUnit: shardUsd(),
      grows: true,
    }),
    {
      ...{ item: 'Lambda, starting shards', unit: 'invocations', grows: true },
      ...invoked(shards, shards * SHARD_START_MS, { count: 2, ms: tickMs + PLAN_MS }),
    },
    priced({
      item: 'DynamoDB, plan and readings',
      quantity: units,
      unit: 'write units',
      usdPerUnit: (ticks * handingOverUsd(handed)) / units,
      grows: true,
    }),
  ];
}

function handedBytes(demand: ReadingDemand): { readonly planBytes: number; readonly readingBytes: number } {
  const depths = demand.depthReads / MINUTES_PER_MONTH;
  const metrics = demand.metrics / MINUTES_PER_MONTH;
  return {
    planBytes: (depths + metrics) * HANDED_BYTES.planned,
    readingBytes: depths * HANDED_BYTES.depth + metrics * HANDED_BYTES.metric,
  };
}
