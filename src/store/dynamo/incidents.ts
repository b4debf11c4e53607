import type { Incident } from '../../model/incident.ts';
import { DAY_MS, type EpochMs } from '../../model/time.ts';
import { toJson } from '../json.ts';
import type { Reader } from '../reader.ts';
import { incidentSchema } from '../schema.ts';
import type { Store } from '../store.ts';
import { EXPIRY, expiry, type Item, type Table } from './table.ts';

/** What a tick reads, each minute: what is not resolved, or was resolved within these days. Small for ever. */
const PARTITION = 'INCIDENT';
const RESOLVED_LATELY_DAYS = 2;

/** Whatever was resolved, for `incidents --all`, reports and the survey. */
const PAST = 'INCIDENT#PAST';
const RESOLVED_DAYS = 90;

/** Only what was resolved so lately is surely among what a tick reads. */
const LATELY_MS = DAY_MS;

type Incidents = Pick<Store, 'incidents' | 'incident' | 'putIncident' | 'forgetIncident'>;

/** Two partitions, each read in one query; while an incident is in both, the newer evaluation is the incident. */
export function dynamoIncidents(table: Table, reader: Reader, now: () => EpochMs): Incidents {
  const incidentIn = (item: Item) => reader.lenient(bodyOf(item), incidentSchema, placeOf(table, item));

  return {
    async incidents({ resolvedSince }) {
      const items = [...(await table.query(PARTITION))];
      if (resolvedSince < now() - LATELY_MS) items.push(...(await table.query(PAST)));
      const found = new Map<string, Incident>();
      for (const item of items) {
        const incident = incidentIn(item);
        if (incident === null || incident.evaluatedAt <= (found.get(incident.id)?.evaluatedAt ?? -1))
          continue;
        found.set(incident.id, incident);
      }
      return [...found.values()].filter(
        ({ state, resolvedAt }) => state !== 'resolved' || (resolvedAt ?? 0) >= resolvedSince,
      );
    },
    async incident(id) {
      const item = (await table.get({ pk: PARTITION, sk: id })) ?? (await table.get({ pk: PAST, sk: id }));
      return item === null ? null : reader.strict(bodyOf(item), incidentSchema, placeOf(table, item));
    },
    async putIncident(incident) {
      const put = async (pk: string, days: number) => {
        const { id, evaluatedAt, state, resolvedAt } = incident;
        const item = { pk, sk: id, evaluatedAt, body: toJson(incident) };
        const end = state === 'resolved' ? { [EXPIRY]: expiry(resolvedAt ?? evaluatedAt, days) } : {};
        return (await table.put({ ...item, ...end }, unlessNewer(incident))).ok;
      };
      // The past first: whatever is cut off in between is done again as long as a tick sees it unresolved.
      if (incident.state === 'resolved') await put(PAST, RESOLVED_DAYS);
      return put(PARTITION, RESOLVED_LATELY_DAYS);
    },
    async forgetIncident(incident) {
      return (await table.remove({ pk: PARTITION, sk: incident.id }, unlessNewer(incident))).ok;
    },
  };
}

function unlessNewer({ evaluatedAt }: Incident) {
  return {
    condition: 'attribute_not_exists(pk) OR evaluatedAt <= :evaluatedAt',
    values: { ':evaluatedAt': evaluatedAt },
  };
}

/** What is stored under `body`; an item without it reads as damaged. */
export function bodyOf(item: Item): string {
  return typeof item['body'] === 'string' ? item['body'] : '';
}

export function placeOf(table: Table, item: Item): string {
  return `item ${String(item['pk'])} / ${String(item['sk'])} of table ${table.name}`;
}
