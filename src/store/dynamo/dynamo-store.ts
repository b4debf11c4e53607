import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EpochMs } from '../../model/time.ts';
import { toJson } from '../json.ts';
import { reader, type StoreOptions } from '../reader.ts';
import { billSchema, tickNoteSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { dynamoAlerts } from './alerts.ts';
import { dynamoBaselines } from './baselines.ts';
import { bodyOf, dynamoIncidents, placeOf } from './incidents.ts';
import { dynamoKills } from './kills.ts';
import { dynamoNotebooks } from './notebooks.ts';
import { openTable } from './table.ts';

const BILL = { pk: 'BILL', sk: 'last' };
const LAST_TICK = { pk: 'TICK', sk: 'last' };

/**
 * One DynamoDB table for one account and region: the deployed store. Keys `pk` and `sk` (strings), TTL on `expiresAt`.
 * Needs GetItem, Query, PutItem and DeleteItem on the table (a transaction needs those of its parts).
 */
export function dynamoStore(
  tableName: string,
  client: DynamoDBClient,
  options: StoreOptions & { readonly now?: () => EpochMs } = {},
): Store {
  const table = openTable(tableName, client);
  const read = reader(options);
  return {
    ...dynamoIncidents(table, read, options.now ?? Date.now),
    ...dynamoAlerts(table, read),
    ...dynamoKills(table, read),
    ...dynamoBaselines(table, options),
    ...dynamoNotebooks(table),
    async bill() {
      const item = await table.get(BILL);
      return item === null ? null : read.lenient(bodyOf(item), billSchema, placeOf(table, item));
    },
    async putBill(note) {
      await table.put({ ...BILL, body: toJson(note) });
    },
    async lastTick() {
      const item = await table.get(LAST_TICK);
      return item === null ? null : read.lenient(bodyOf(item), tickNoteSchema, placeOf(table, item));
    },
    async putTick(note) {
      await table.put(
        { ...LAST_TICK, tickedAt: note.at, body: toJson(note) },
        { condition: 'attribute_not_exists(pk) OR tickedAt <= :at', values: { ':at': note.at } },
      );
    },
  };
}
