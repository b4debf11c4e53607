import type { KillRecord } from '../../model/kill.ts';
import { toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { killRecordSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { bodyOf, placeOf } from './incidents.ts';
import { EXPIRY, expiry, type Table } from './table.ts';

const PARTITION = 'KILL';
/** A restored record is history: it answers "what was stopped, when, by whom" for more than a year. */
const RESTORED_DAYS = 400;

type Kills = Pick<Store, 'openKill' | 'kills' | 'createKill' | 'updateKill'>;

/** An open record is the item `open#<function>`, so that there can be one only; restored, it moves out of the way. */
export function dynamoKills(table: Table, reader: Reader): Kills {
  const openKey = (functionName: string) => ({ pk: PARTITION, sk: `open#${functionName}` });
  const itemOf = (record: KillRecord) => ({
    id: record.id,
    revision: record.revision,
    body: toJson(record),
  });

  return {
    async openKill(functionName) {
      const item = await table.get(openKey(functionName));
      return item === null ? null : reader.strict(bodyOf(item), killRecordSchema, placeOf(table, item));
    },
    async kills() {
      const records: KillRecord[] = [];
      for (const item of await table.query(PARTITION)) {
        const record = reader.lenient(bodyOf(item), killRecordSchema, placeOf(table, item));
        if (record !== null) records.push(record);
      }
      return records.sort((a, b) => a.recordedAt - b.recordedAt);
    },
    async createKill(record) {
      const item = { ...openKey(record.functionName), ...itemOf(record) };
      const written = await table.put(item, { condition: 'attribute_not_exists(pk)' });
      // A write whose answer was lost is sent again by the SDK, and then meets itself.
      return written.ok || written.stored?.['body'] === item.body;
    },
    async updateKill(record) {
      const only = {
        condition: 'id = :id AND revision = :revision',
        values: { ':id': record.id, ':revision': record.revision - 1 },
      };
      const key = openKey(record.functionName);
      if (record.state === 'restored') {
        return table.move(
          { ...key, only },
          {
            pk: PARTITION,
            sk: `restored#${record.functionName}#${record.id}#${record.recordedAt}`,
            ...itemOf(record),
            [EXPIRY]: expiry(record.restoredAt ?? record.recordedAt, RESTORED_DAYS),
          },
        );
      }
      const item = { ...key, ...itemOf(record) };
      const written = await table.put(item, only);
      return written.ok || written.stored?.['body'] === item.body;
    },
  };
}
