import type { AuditSeverity } from './rule.ts';

/** What one finding weighs against one passed check. */
const WEIGHTS: Readonly<Record<AuditSeverity, number>> = { high: 8, medium: 3, low: 1 };

/**
 * 0..100: passed checks as a share of passed checks and weighted findings, rounded down so that 100 means no finding.
 * What could not be answered, and what is suppressed, does not count. `null`: nothing was answered.
 */
export function scoreOf(counts: {
  readonly passed: number;
  readonly findings: readonly { readonly severity: AuditSeverity }[];
}): number | null {
  const lost = counts.findings.reduce((sum, { severity }) => sum + WEIGHTS[severity], 0);
  const total = counts.passed + lost;
  return total === 0 ? null : Math.floor((100 * counts.passed) / total);
}
