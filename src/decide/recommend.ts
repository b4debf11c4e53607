import type { Finding } from '../model/finding.ts';
import type { Recommendation } from '../model/incident.ts';
import type { Inventory } from '../model/inventory.ts';

/** The gentlest lever that stops the money, and the command for it. */
export function recommend(finding: Finding, inventory: Inventory): Recommendation {
  const name = finding.functions[0];
  const fn = inventory.functions.find((candidate) => candidate.name === name);
  if (fn === undefined || name === undefined) {
    return { lever: 'none', command: 'firebreak incidents' };
  }
  if (finding.wastedShare === null) return { lever: 'none', command: 'firebreak audit' };
  return fn.eventSources.some(({ enabled }) => enabled)
    ? { lever: 'disable-event-source', command: `firebreak kill ${name}` }
    : { lever: 'reserved-concurrency-zero', command: `firebreak kill ${name} --hard` };
}
