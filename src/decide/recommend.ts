import type { DetectorId, Finding } from '../model/finding.ts';
import type { Recommendation } from '../model/incident.ts';
import type { Inventory } from '../model/inventory.ts';
import { isShared } from './shared-cause.ts';

/** Work that somebody wants done, however much of it there is: stopping it is for people to decide. */
const WANTED: ReadonlySet<DetectorId> = new Set(['traffic-amplification', 'cost-anomaly']);

/** The gentlest lever that stops the money, and the command for it. */
export function recommend(finding: Finding, inventory: Inventory): Recommendation {
  const name = finding.functions[0];
  const fn = inventory.functions.find((candidate) => candidate.name === name);
  if (fn === undefined || name === undefined) {
    return { lever: 'none', command: 'firebreak incidents' };
  }
  if (finding.budget !== undefined) return { lever: 'none', command: 'firebreak forecast' };
  // Stopping one of many functions does not bring back what they all depend on.
  if (isShared(finding)) return { lever: 'none', command: 'firebreak incidents' };
  if (finding.wastedShare === null || WANTED.has(finding.detector))
    return { lever: 'none', command: 'firebreak audit' };
  return fn.eventSources.some(({ enabled }) => enabled)
    ? { lever: 'disable-event-source', command: `firebreak kill ${name}` }
    : { lever: 'reserved-concurrency-zero', command: `firebreak kill ${name} --hard` };
}
