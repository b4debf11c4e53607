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
  const budgets = findings.filter(({ budget }) => budget !== undefined);
  const causes = causesOf(findings.filter(({ budget }) => budget === undefined));
  return budgets.sort(causeFirst).reduce(withBudget, causes);
}

/**
 * A budget is about many functions, whose troubles need not have one cause: it unites none. It is explained by what its
 * largest spender does wrong, and otherwise stands alone.
 */
function withBudget(causes: readonly Cause[], budget: Finding): Cause[] {
  const [spender] = budget.functions;
  const explains = ({ primary, others }: Cause) =>
    isEstablished(primary) &&
    primary.budget === undefined &&
    [primary, ...others].some(({ functions }) => spender !== undefined && functions.includes(spender));
  const index = causes.findIndex(explains);
  const explaining = causes[index];
  if (explaining === undefined || spender === undefined) return [...causes, { primary: budget, others: [] }];
  // The other functions of the budget have nothing to do with it.
  const consequence = { ...budget, functions: [spender] };
  return causes.with(index, { ...explaining, others: [...explaining.others, consequence] });
}

function causesOf(findings: readonly Finding[]): Cause[] {
  const groups = new Map<number, Finding[]>();
  const parents = findings.map((_, i) => i);
  const seen = new Map<string, number>();
  for (const [i, { functions, queues }] of findings.entries()) {
    for (const name of functions) unite(parents, i, seen, `function/${name}`);
    for (const name of queues) unite(parents, i, seen, `queue/${name}`);
  }
  for (const [i, finding] of findings.entries()) {
    const root = rootOf(parents, i);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [finding]);
    else group.push(finding);
  }
  return [...groups.values()].map((group) => {
    const [primary, ...others] = group.sort(causeFirst) as [Finding, ...Finding[]];
    return { primary, others };
  });
}

/** Union-find: an outage makes thousands of findings. */
function unite(parents: number[], i: number, seen: Map<string, number>, name: string): void {
  const other = seen.get(name);
  if (other === undefined) seen.set(name, i);
  else parents[rootOf(parents, i)] = rootOf(parents, other);
}

function rootOf(parents: number[], i: number): number {
  let root = i;
  while (parents[root] !== root) {
    const parent = parents[root] as number;
    parents[root] = parents[parent] as number;
    root = parent;
  }
  return root;
}

/** The larger share of waste in each minute of some findings; `null` where none saw any. */
export function wastedShareOf(cause: Cause): Series | null {
  return pricedFindings(cause).reduce<Series | null>(
    (most, { wastedShare }) => largest(most, wastedShare),
    null,
  );
}

/** Waste of each function of a cause, whichever of its findings saw it. Functions that waste nothing are not in it. */
export function wastedShares(cause: Cause): ReadonlyMap<string, Series> {
  const shares = new Map<string, Series>();
  for (const { functions, wastedShare } of pricedFindings(cause)) {
    for (const name of functions) {
      const most = largest(shares.get(name) ?? null, wastedShare);
      if (most !== null) shares.set(name, most);
    }
  }
  return shares;
}

/** What is only suspected is not called waste beside what is certain. */
function pricedFindings({ primary, others }: Cause): readonly Finding[] {
  const all = [primary, ...others];
  return isEstablished(primary) ? all.filter(isEstablished) : all;
}

function largest(a: Series | null, b: Series | null): Series | null {
  if (a === null || b === null) return a ?? b;
  return a.map((share, i) => Math.max(share, b[i] ?? 0));
}

/** Sorts the cause before what it explains, and always in the same way. */
export function causeFirst(a: Finding, b: Finding): number {
  return (
    Number(isEstablished(b)) - Number(isEstablished(a)) ||
    byCause(a.detector, b.detector) ||
    b.nats - a.nats ||
    keyOf(a).localeCompare(keyOf(b)) ||
    a.onsetAt - b.onsetAt
  );
}

/**
 * A finding with evidence enough explains one that is only emerging, whatever their kinds. That there is more work may be
 * certain at once; that it is trouble is not before it has outlasted what is wanted.
 */
export function isEstablished(finding: Finding): boolean {
  const isTooYoung = finding.mayBeWanted === true && finding.persistenceMinutes < finding.blipMinutes;
  return isCertain(finding) && !isTooYoung;
}

/** Whether what it says is no chance. */
export function isCertain({ nats, natsToOpen }: Finding): boolean {
  return nats >= natsToOpen;
}

/** Tells findings apart, the same in every tick and whatever the order. */
export function keyOf(finding: Finding): string {
  return [finding.detector, finding.budget?.name ?? '', ...finding.functions, ...finding.queues].join('/');
}
