import type { Finding } from '../model/finding.ts';
import type { Series } from '../model/window.ts';
import { byCause } from './precedence.ts';

/** Findings that have one cause: the causing one, and what it explains. */
export interface Cause {
  readonly primary: Finding;
  readonly others: readonly Finding[];
}

/**
 * One cause, one incident: findings that share a function or a queue, directly or through others, are one.
 * The order of the input does not matter.
 */
export function groupByCause(findings: readonly Finding[]): Cause[] {
  const groups: Finding[][] = [];
  for (const finding of findings) {
    const touching = groups.filter((group) => group.some((other) => touches(other, finding)));
    const merged = [...touching.flat(), finding];
    for (const group of touching) groups.splice(groups.indexOf(group), 1);
    groups.push(merged);
  }
  return groups.map((group) => {
    const [primary, ...others] = group.sort(causeFirst) as [Finding, ...Finding[]];
    return { primary, others };
  });
}

/** Waste of a cause, whichever of its findings saw it: the largest share in each minute; `null` where none saw any. */
export function wastedShareOf({ primary, others }: Cause): Series | null {
  const shares = [primary, ...others].map(({ wastedShare }) => wastedShare).filter((share) => share !== null);
  const [first, ...rest] = shares;
  if (first === undefined || rest.length === 0) return first ?? null;
  return first.map((share, i) => rest.reduce((most, other) => Math.max(most, other[i] ?? 0), share));
}

function touches(a: Finding, b: Finding): boolean {
  return (
    a.functions.some((name) => b.functions.includes(name)) || a.queues.some((name) => b.queues.includes(name))
  );
}

function causeFirst(a: Finding, b: Finding): number {
  return (
    Number(isEstablished(b)) - Number(isEstablished(a)) ||
    byCause(a.detector, b.detector) ||
    b.nats - a.nats ||
    key(a).localeCompare(key(b))
  );
}

/** A finding with evidence enough explains one that is only emerging, whatever their kinds. */
export function isEstablished(finding: Finding): boolean {
  return finding.nats >= finding.natsToOpen;
}

function key(finding: Finding): string {
  return [finding.detector, ...finding.functions, ...finding.queues].join('/');
}
