import type { EpochMs } from '../model/time.ts';
import type { PricingOptions, RegionPrices } from '../price/lambda-price.ts';
import type { Exposure } from './exposure.ts';
import type { AuditEventSource, AuditFunction, AuditQueue, AuditRole, AuditSubject } from './subject.ts';

export const AUDIT_SEVERITIES = ['high', 'medium', 'low'] as const;
export type AuditSeverity = (typeof AUDIT_SEVERITIES)[number];

/** Money that a finding puts at stake, with what it is the price of. */
export interface Stake {
  readonly usd: number;
  readonly per: 'hour' | 'poison message' | 'failed event' | 'invocation' | 'month';
}

/** The same change in three languages; each is ready to paste, names filled in. */
export interface Fix {
  /** What to do, one sentence. */
  readonly summary: string;
  readonly cdk: string;
  readonly cloudFormation: string;
  readonly cli: string;
}

export type Verdict =
  | { readonly outcome: 'passed' }
  /** The rule has nothing to say about this resource; it does not count. */
  | { readonly outcome: 'not-applicable' }
  /** What it needs could not be read: never taken for passed. */
  | { readonly outcome: 'cannot-say'; readonly missing: string }
  | {
      readonly outcome: 'finding';
      readonly severity: AuditSeverity;
      readonly evidence: string;
      readonly stake: Stake | null;
      readonly fix: Fix;
    };

export const PASSED: Verdict = { outcome: 'passed' };
export const NOT_APPLICABLE: Verdict = { outcome: 'not-applicable' };

export function cannotSay(missing: string): Verdict {
  return { outcome: 'cannot-say', missing };
}

export interface RuleContext {
  readonly subject: AuditSubject;
  readonly prices: RegionPrices;
  readonly pricing: PricingOptions;
  readonly now: EpochMs;
  readonly queues: ReadonlyMap<string, AuditQueue>;
  /** By the name of the dead-letter queue: the queues that move messages there. */
  readonly deadLetterSources: ReadonlyMap<string, readonly AuditQueue[]>;
  /** By function name. */
  readonly exposures: ReadonlyMap<string, Exposure>;
}

/** A queue or stream feeding a function, with the queue's settings where they are known. */
export interface Mapping {
  readonly fn: AuditFunction;
  readonly source: AuditEventSource;
  /** Absent for streams, and for a queue that could not be read. */
  readonly queue: AuditQueue | undefined;
}

/** A role that functions run as, with its policies where they could be read. */
export interface RoleUse {
  readonly id: string;
  readonly functions: readonly string[];
  readonly details: AuditRole | undefined;
}

interface RuleText {
  /** Public and permanent: it is in reports, suppressions and docs. */
  readonly id: string;
  /** What is wrong when it fires, a few words. */
  readonly title: string;
  /** Why it matters, one or two sentences, with its source. */
  readonly why: string;
}

/** One question asked of each resource of one kind. Pure; looks at nothing but its arguments. */
export type Rule = RuleText &
  (
    | { readonly scope: 'function'; evaluate(fn: AuditFunction, context: RuleContext): Verdict }
    | { readonly scope: 'mapping'; evaluate(mapping: Mapping, context: RuleContext): Verdict }
    | { readonly scope: 'queue'; evaluate(queue: AuditQueue, context: RuleContext): Verdict }
    | { readonly scope: 'role'; evaluate(role: RoleUse, context: RuleContext): Verdict }
  );
