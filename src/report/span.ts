import type { Incident } from '../model/incident.ts';
import type { KillRecord } from '../model/kill.ts';
import { DAY_MS, type EpochMs, MINUTE_MS } from '../model/time.ts';

/** What is shown before onset and after the end: enough to see what is normal. */
const MARGIN_MS = 30 * MINUTE_MS;
/** Longest span drawn: more shows nothing, and costs. */
const SPAN_MS_MAX = DAY_MS;

/** The minutes that the report is about: from before onset until it was over, and put back; a day at most. */
export function reportSpan(
  incident: Incident,
  kill: KillRecord | null,
  now: EpochMs,
): { readonly startAt: EpochMs; readonly minutes: number } {
  const startAt = Math.floor((incident.onsetAt - MARGIN_MS) / MINUTE_MS) * MINUTE_MS;
  const isOpen = incident.state !== 'resolved' || (kill !== null && kill.restoredAt === null);
  const lastAt = isOpen ? now : Math.max(incident.resolvedAt ?? now, kill?.restoredAt ?? 0) + MARGIN_MS;
  const endAt = Math.min(lastAt, now, startAt + SPAN_MS_MAX);
  return { startAt, minutes: Math.max(1, Math.floor((endAt - startAt) / MINUTE_MS)) };
}

/** The kill that belongs to the incident: by its id, or of one of its functions in its time. */
export function killOf(incident: Incident, kills: readonly KillRecord[]): KillRecord | null {
  const untilAt = incident.resolvedAt ?? Number.POSITIVE_INFINITY;
  const fits = kills.filter(
    ({ incidentId, functionName, recordedAt }) =>
      incidentId === incident.id ||
      (incident.functions.includes(functionName) && recordedAt >= incident.onsetAt && recordedAt <= untilAt),
  );
  return fits.sort((a, b) => b.recordedAt - a.recordedAt)[0] ?? null;
}
