import type { Incident } from '../../model/incident.ts';
import { toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { incidentSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { EXPIRY, expiry, type Item, type Table } from './table.ts';

const PARTITION = 'INCIDENT';
/** Resolved incidents are kept this long: for `incidents --all` and reports. Open ones never expire. */
const RESOLVED_DAYS = 90;

/** One partition: a tick reads all of them in one query, which is a few strongly consistent read units a minute. */
export function dynamoIncidents(
  table: Table,
  reader: Reader,
): Pick<Store, 'incidents' | 'incident' | 'putIncident'> {
  return {
    async incidents({ resolvedSince }) {
      const found: Incident[] = [];
      for (const item of await table.query(PARTITION)) {
        const incident = reader.lenient(bodyOf(item), incidentSchema, placeOf(table, item));
        if (incident === null) continue;
        if (incident.state !== 'resolved' || (incident.resolvedAt ?? 0) >= resolvedSince)
          found.push(incident);
      }
      return found;
    },
    async incident(id) {
      const item = await table.get({ pk: PARTITION, sk: id });
      return item === null ? null : reader.strict(bodyOf(item), incidentSchema, placeOf(table, item));
    },
    async putIncident(incident) {
      const { id, evaluatedAt, state, resolvedAt } = incident;
      const written = await table.put(
        {
          pk: PARTITION,
          sk: id,
          evaluatedAt,
          body: toJson(incident),
          ...(state === 'resolved' ? { [EXPIRY]: expiry(resolvedAt ?? evaluatedAt, RESOLVED_DAYS) } : {}),
        },
        {
          condition: 'attribute_not_exists(pk) OR evaluatedAt <= :evaluatedAt',
          values: { ':evaluatedAt': evaluatedAt },
        },
      );
      return written.ok;
    },
  };
}

/** What is stored under `body`; an item without it reads as damaged. */
export function bodyOf(item: Item): string {
  return typeof item['body'] === 'string' ? item['body'] : '';
}

export function placeOf(table: Table, item: Item): string {
  return `item ${String(item['pk'])} / ${String(item['sk'])} of table ${table.name}`;
}
