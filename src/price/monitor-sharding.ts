import { FLAT_PRICES } from './price-list.ts';

/** States of the workflow that are entered in an execution: plan, read, decide. Each shard that is started counts as one more. */
const STATES = 3;
/** An express workflow is billed for 64 MB at least (AWS Step Functions pricing, 2026). */
const EXPRESS_GB = 64 / 1024;
/** How long a shard reads, for what its workflow is billed: what it is meant to take, and its start. */
const SHARD_SECONDS = 10;

/** Dollars of the Step Functions workflow around one tick whose reading is spread over so many shards. */
export function shardingUsd(shards: number): number {
  const { stateTransition, expressRequest, expressDuration } = FLAT_PRICES;
  return (
    ((STATES + shards) * stateTransition.usd) / 1_000 +
    (shards * expressRequest.usd) / 1e6 +
    shards * SHARD_SECONDS * EXPRESS_GB * expressDuration.usd
  );
}
