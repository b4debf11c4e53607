import { toIso } from '../../model/time.ts';
import type { AuditReport } from '../audit.ts';
import type { Exposure } from '../exposure.ts';
import { countsOf } from './summary.ts';

/** The audit as one JSON document, `firebreak-audit/1`. */
export function auditJson(report: AuditReport) {
  const { subject, prices } = report;
  return {
    format: 'firebreak-audit/1',
    auditedAt: toIso(report.auditedAt),
    readAt: toIso(subject.readAt),
    subject: { ...subject.origin, region: subject.region },
    prices: {
      region: prices.region,
      estimated: prices.estimated,
      estimatedReason: prices.estimatedReason,
      source: prices.source,
    },
    score: report.score,
    counts: { ...countsOf(report), passed: report.passed, suppressed: report.suppressed.length },
    exposures: report.exposures.map(exposureJson),
    findings: report.findings,
    suppressed: report.suppressed.map(({ finding, suppression }) => ({
      rule: finding.rule,
      severity: finding.severity,
      resource: finding.resource,
      reason: suppression.reason,
      expires: suppression.expires,
    })),
    expiredSuppressions: report.expired,
    unusedSuppressions: report.unused,
    unanswered: report.unanswered,
    gaps: subject.gaps,
  };
}

function exposureJson(exposure: Exposure) {
  const { reachable, incident } = exposure;
  return {
    function: exposure.functionName,
    usdPerHour: exposure.usdPerHour,
    usualUsdPerMonth: exposure.usualUsdPerMonth,
    usdPerIncident: incident?.usd ?? null,
    concurrency: reachable.concurrency,
    limitedBy: reachable.limitedBy,
    minutesToReach: reachable.minutesToReach,
    incident,
    ends: exposure.ends,
    assumptions: exposure.assumptions,
  };
}
