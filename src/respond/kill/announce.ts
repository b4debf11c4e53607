import { withPulledLever } from '../../decide/kill-watch.ts';
import type { Alert } from '../../model/alert.ts';
import type { Incident } from '../../model/incident.ts';
import type { KillRecord } from '../../model/kill.ts';
import { type EpochMs, SECOND_MS } from '../../model/time.ts';
import type { Store } from '../../store/store.ts';

/**
 * Puts into the outbox that a function was stopped or restored, so that the next tick tells everybody who was told of the
 * incident. Nothing to tell where the record belongs to no incident that is known.
 */
export async function announce(
  record: KillRecord,
  store: Pick<Store, 'incident' | 'enqueueAlert'>,
): Promise<Alert | null> {
  const incident = record.incidentId === null ? null : await store.incident(record.incidentId);
  const alert = incident === null ? null : killAlert(record, incident);
  if (alert !== null) await store.enqueueAlert(alert);
  return alert;
}

/** `null`: it is half done, and there is nothing to tell yet. */
export function killAlert(record: KillRecord, incident: Incident): Alert | null {
  const told = toldOf(record);
  if (told === null || told.at === null) return null;
  const { transition, at } = told;
  return {
    key: `${incident.id}#${transition}#${Math.floor(at / SECOND_MS)}`,
    transition,
    reason: 'kill-switch-used',
    at,
    incident: withPulledLever(incident, record),
    account: record.account,
    region: record.region,
  };
}

function toldOf(record: KillRecord): { transition: Alert['transition']; at: EpochMs | null } | null {
  switch (record.state) {
    case 'recorded':
    case 'canary-starting':
    case 'restoring':
      return null;
    case 'killed':
      return { transition: 'killed', at: record.killedAt };
    case 'canary':
      return { transition: 'canary', at: record.canary?.startedAt ?? null };
    case 'restored':
      return { transition: 'restored', at: record.restoredAt };
  }
}
