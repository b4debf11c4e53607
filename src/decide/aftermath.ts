import type { DetectorId, Finding } from '../model/finding.ts';
import type { Incident } from '../model/incident.ts';
import { isEstablished } from './group.ts';

/**
 * What is left of an incident when its cause is gone: the backlog is worked off, with more messages, more concurrency and
 * more dollars than usual. That is how recovery looks, not a return, and nobody is told of it anew.
 */

/** Kinds that look alike whether they come from new work or from a backlog, unless a finding can say. */
const OF_A_BACKLOG: ReadonlySet<DetectorId> = new Set([
  'concurrency-runaway',
  'traffic-amplification',
  'cost-anomaly',
  'budget-burn-rate',
]);

/** Kinds that outlast their cause in the window, but are news if they begin after it. */
const OF_THE_WINDOW: ReadonlySet<DetectorId> = new Set(['duration-regression']);

/** Whether a finding is what an incident, which people were told of, leaves behind. */
export function isAftermath(finding: Finding, incident: Incident): boolean {
  if (incident.openedAt === null || isConsequence(incident.detector)) return false;
  // Whoever spends a budget, only its largest spender explains it.
  if (finding.budget !== undefined) return incident.functions.includes(finding.functions[0] ?? '');
  if (OF_A_BACKLOG.has(finding.detector)) return finding.mayBeBacklog ?? true;
  if (!OF_THE_WINDOW.has(finding.detector)) return false;
  return !isEstablished(finding) || incident.resolvedAt === null || finding.onsetAt <= incident.resolvedAt;
}

function isConsequence(detector: DetectorId): boolean {
  return OF_A_BACKLOG.has(detector) || OF_THE_WINDOW.has(detector);
}
