import { formatDuration, formatUsd } from '../model/format.ts';
import type { Incident } from '../model/incident.ts';
import type { EpochMs } from '../model/time.ts';
import { clean } from '../respond/alert/clean.ts';
import { renderTable } from './table.ts';

/** A line for each incident: how bad, what, since when, what it cost and costs, and what to run. `stopped`: functions. */
export function incidentTable(
  incidents: readonly Incident[],
  now: EpochMs,
  stopped: ReadonlySet<string> = new Set(),
): string {
  return renderTable(
    [
      { title: 'STATE' },
      { title: 'INCIDENT' },
      { title: 'FOR', align: 'right' },
      { title: 'WASTED', align: 'right' },
      { title: 'NOW', align: 'right' },
      { title: 'NEXT STEP' },
    ],
    incidents.map((incident) => [
      incident.state,
      clean(incident.id, 120),
      formatDuration((incident.resolvedAt ?? now) - incident.onsetAt),
      formatUsd(incident.burn.wastedUsd),
      incident.state === 'resolved' ? '-' : `${formatUsd(incident.burn.wastedUsdPerHour)}/h`,
      nextStep(incident, stopped),
    ]),
  );
}

/** What to run about it; `-`: nothing. */
export function nextStep(
  { state, functionName, recommendation }: Incident,
  stopped: ReadonlySet<string>,
): string {
  if (state === 'resolved') return '-';
  if (functionName === null || !stopped.has(functionName)) return clean(recommendation.command, 120);
  return `stopped; once repaired, firebreak restore ${functionName}`;
}
