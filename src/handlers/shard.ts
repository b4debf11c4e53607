import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsClientConfig } from '../observe/aws/clients.ts';
import { readShard } from '../observe/aws/shard-reading.ts';
import { wireOf } from '../observe/aws/source.ts';
import { findPlan, handOver, shardPart } from '../run/sharding.ts';
import { dynamoNotebooks } from '../store/dynamo/notebooks.ts';
import { openTable } from '../store/dynamo/table.ts';
import { createHandler } from './run-handler.ts';
import { once } from './services.ts';
import { parseShardEvent } from './shard-event.ts';
import { tickUsd } from './tick-metrics.ts';

/** What is not read by then is a gap: the tick waits for all shards. */
const READING_MS = 25_000;

const notebooks = once(({ region, table }) =>
  dynamoNotebooks(openTable(table, new DynamoDBClient(awsClientConfig({ region })))),
);

/** Before a tick of a large fleet: says which shards there are to read; then, as one of them, reads its part. */
export const handler = createHandler('shard', async ({ settings, log, event, startedAt }) => {
  const kept = notebooks(settings, log);
  const request = parseShardEvent(event);
  if (request.step === 'plan') return findPlan(kept, request.at);
  const { at, planAt, shard, of } = request;
  const part = await shardPart(kept, { planAt, shard });
  if (part === null) {
    log.warn('the plan was replaced meanwhile', { shard, planAt });
    return { queues: 0, metrics: 0 };
  }
  const { region, memoryMB } = settings;
  const wire = wireOf({ region, reader: { index: shard, of }, signal: AbortSignal.timeout(READING_MS) });
  const reading = await readShard(wire, part, at);
  const reads = wire.reads.total();
  const usd = tickUsd({ reads, startedAt, finishedAt: Date.now(), memoryMB, region });
  await handOver(kept, shard, { ...reading, usd });
  const read = { queues: part.queues.length, metrics: part.metrics.length };
  log.info('read', { shard, of, ...read, gaps: reading.gaps.length });
  return read;
});
