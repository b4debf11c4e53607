import type { EpochMs } from '../model/time.ts';
import type { PricingOptions, RegionPrices } from '../price/lambda-price.ts';
import { type Exposure, exposuresOf } from './exposure.ts';
import { AUDIT_RULES } from './registry.ts';
import {
  AUDIT_SEVERITIES,
  type AuditSeverity,
  type Fix,
  type RoleUse,
  type Rule,
  type RuleContext,
  type Stake,
  type Verdict,
} from './rule.ts';
import { scoreOf } from './score.ts';
import type { AuditQueue, AuditSubject } from './subject.ts';
import { holds, matches, type Suppression } from './suppressions.ts';

/** Something to put right, with what it can cost and how to do it. */
export interface AuditFinding {
  readonly rule: string;
  readonly title: string;
  readonly why: string;
  readonly severity: AuditSeverity;
  /** `orders-worker`, `orders -> orders-worker`, `orders-dlq`, or a role's id. */
  readonly resource: string;
  readonly evidence: string;
  readonly stake: Stake | null;
  readonly fix: Fix;
}

interface SuppressedFinding {
  readonly finding: AuditFinding;
  readonly suppression: Suppression;
}

/** A rule that could not be answered for some resources, because something could not be read. */
export interface Unanswered {
  readonly rule: string;
  readonly missing: string;
  readonly resources: readonly string[];
}

export interface AuditReport {
  readonly subject: AuditSubject;
  readonly prices: RegionPrices;
  readonly auditedAt: EpochMs;
  /** 0..100: the weighted share of answered questions that passed; `null`: nothing could be answered. */
  readonly score: number | null;
  readonly passed: number;
  /** Worst first: severity, then dollars, then resource. */
  readonly findings: readonly AuditFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  /** Suppressions that have run out, and those that match nothing any more. */
  readonly expired: readonly Suppression[];
  readonly unused: readonly Suppression[];
  readonly unanswered: readonly Unanswered[];
  /** Worst first. */
  readonly exposures: readonly Exposure[];
}

export interface AuditInput {
  readonly subject: AuditSubject;
  readonly prices: RegionPrices;
  readonly pricing: PricingOptions;
  readonly now: EpochMs;
  readonly suppressions: readonly Suppression[];
}

interface Answer {
  readonly rule: Rule;
  readonly resource: string;
  readonly verdict: Verdict;
}

/** Asks every rule of every resource it is about, and prices what it finds. Pure. */
export function audit(input: AuditInput): AuditReport {
  const { subject, prices, pricing, now, suppressions } = input;
  const exposures = exposuresOf(input);
  const context: RuleContext = {
    subject,
    prices,
    pricing,
    now,
    queues: new Map(subject.queues.map((queue) => [queue.name, queue])),
    deadLetterSources: deadLetterSourcesOf(subject),
    exposures: new Map(exposures.map((exposure) => [exposure.functionName, exposure])),
  };
  const answers = AUDIT_RULES.flatMap((rule) => answersOf(rule, context));
  const all = answers.flatMap(findingOf).toSorted(worstFirst);
  const current = suppressions.filter((suppression) => holds(suppression, now));
  const bySuppression = (finding: AuditFinding) => current.find((entry) => matches(entry, finding));
  const suppressed = all.flatMap((finding) => {
    const suppression = bySuppression(finding);
    return suppression === undefined ? [] : [{ finding, suppression }];
  });
  const findings = all.filter((finding) => bySuppression(finding) === undefined);
  const passed = answers.filter(({ verdict }) => verdict.outcome === 'passed').length;
  return {
    subject,
    prices,
    auditedAt: now,
    score: scoreOf({ passed, findings }),
    passed,
    findings,
    suppressed,
    expired: suppressions.filter((suppression) => !holds(suppression, now)),
    unused: current.filter((entry) => !all.some((finding) => matches(entry, finding))),
    unanswered: unansweredOf(answers),
    exposures,
  };
}

function deadLetterSourcesOf({ queues }: AuditSubject): ReadonlyMap<string, readonly AuditQueue[]> {
  const sources = new Map<string, AuditQueue[]>();
  for (const queue of queues) {
    const name = queue.redrive?.deadLetterQueue;
    if (name !== undefined) sources.set(name, [...(sources.get(name) ?? []), queue]);
  }
  return sources;
}

function answersOf(rule: Rule, context: RuleContext): readonly Answer[] {
  const { subject } = context;
  switch (rule.scope) {
    case 'function':
      return subject.functions.map((fn) => ({
        rule,
        resource: fn.name,
        verdict: rule.evaluate(fn, context),
      }));
    case 'mapping':
      return subject.functions.flatMap((fn) =>
        (fn.eventSources ?? []).map((source) => {
          const queue = source.kind === 'sqs' ? context.queues.get(source.source) : undefined;
          const resource = `${source.source} -> ${fn.name}`;
          return { rule, resource, verdict: rule.evaluate({ fn, source, queue }, context) };
        }),
      );
    case 'queue':
      return subject.queues.map((queue) => ({
        rule,
        resource: queue.name,
        verdict: rule.evaluate(queue, context),
      }));
    case 'role':
      return rolesOf(subject).map((role) => ({
        rule,
        resource: role.id,
        verdict: rule.evaluate(role, context),
      }));
  }
}

/** Each role that some function runs as, once. */
function rolesOf(subject: AuditSubject): readonly RoleUse[] {
  const functions = new Map<string, string[]>();
  for (const { name, role } of subject.functions) {
    if (role !== undefined) functions.set(role, [...(functions.get(role) ?? []), name]);
  }
  return [...functions].map(([id, names]) => ({ id, functions: names, details: subject.roles.get(id) }));
}

function findingOf({ rule, resource, verdict }: Answer): readonly AuditFinding[] {
  if (verdict.outcome !== 'finding') return [];
  const { severity, evidence, stake, fix } = verdict;
  return [{ rule: rule.id, title: rule.title, why: rule.why, severity, resource, evidence, stake, fix }];
}

function worstFirst(a: AuditFinding, b: AuditFinding): number {
  return (
    AUDIT_SEVERITIES.indexOf(a.severity) - AUDIT_SEVERITIES.indexOf(b.severity) ||
    (b.stake?.usd ?? 0) - (a.stake?.usd ?? 0) ||
    compare(a.rule, b.rule) ||
    compare(a.resource, b.resource)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unansweredOf(answers: readonly Answer[]): readonly Unanswered[] {
  const groups = new Map<string, { rule: string; missing: string; resources: string[] }>();
  for (const { rule, resource, verdict } of answers) {
    if (verdict.outcome !== 'cannot-say') continue;
    const key = `${rule.id}\n${verdict.missing}`;
    const group = groups.get(key) ?? { rule: rule.id, missing: verdict.missing, resources: [] };
    group.resources.push(resource);
    groups.set(key, group);
  }
  return [...groups.values()];
}
