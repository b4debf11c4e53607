import { formatUsd } from '../../model/format.ts';
import type { AuditFinding, AuditReport, Unanswered } from '../audit.ts';
import { AUDIT_SEVERITIES, type AuditSeverity, type Stake } from '../rule.ts';

/** What was audited, in words. */
export function subjectTitle({ subject }: AuditReport): string {
  return subject.origin.kind === 'template'
    ? `template ${subject.origin.file} (priced for ${subject.region})`
    : `account ${subject.origin.account} in ${subject.region}`;
}

export function countsOf(report: AuditReport): Readonly<Record<AuditSeverity, number>> {
  const count = (severity: AuditSeverity) =>
    report.findings.filter((finding) => finding.severity === severity).length;
  return { high: count('high'), medium: count('medium'), low: count('low') };
}

/** `5 high, 12 medium, 14 low`. */
export function countsText(report: AuditReport): string {
  const counts = countsOf(report);
  return AUDIT_SEVERITIES.map((severity) => `${counts[severity]} ${severity}`).join(', ');
}

/** Rules that could not be answered, together by what is missing: one line a cause. */
function unansweredByCause(report: AuditReport): readonly string[] {
  const causes = new Map<string, Unanswered[]>();
  for (const entry of report.unanswered) {
    causes.set(entry.missing, [...(causes.get(entry.missing) ?? []), entry]);
  }
  return [...causes].map(([missing, entries]) => {
    const resources = new Set(entries.flatMap((entry) => entry.resources)).size;
    const rules = entries.map(({ rule }) => rule).join(', ');
    return `${missing} not known for ${resources} ${resources === 1 ? 'resource' : 'resources'}: ${rules}`;
  });
}

export function stakeText(stake: Stake | null): string {
  return stake === null ? '' : `${formatUsd(stake.usd)} per ${stake.per}`;
}

/** What to know about the figures and the suppressions, a sentence each. */
export function notesOf(report: AuditReport): readonly string[] {
  const { prices, subject } = report;
  return [
    ...unansweredByCause(report).map((text) => `cannot say: ${text}`),
    ...subject.gaps.map(
      ({ resource, operation, reason }) => `not read: ${resource} (${operation}): ${reason}`,
    ),
    ...report.expired.map(
      ({ rule, resource, expires }) => `suppression expired on ${expires}: ${rule} on ${resource}`,
    ),
    ...report.unused.map(({ rule, resource }) => `suppression matches nothing: ${rule} on ${resource}`),
    `prices: ${prices.source.title}, read ${prices.source.readOn}${prices.estimatedReason === null ? '' : `; estimated: ${prices.estimatedReason}`}`,
  ];
}

/** Whether a finding is at least that severe. */
export function atLeast(finding: AuditFinding, severity: AuditSeverity): boolean {
  return AUDIT_SEVERITIES.indexOf(finding.severity) <= AUDIT_SEVERITIES.indexOf(severity);
}
