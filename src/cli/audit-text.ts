import pc from 'picocolors';
import type { AuditReport } from '../audit/audit.ts';
import { countsText, notesOf, stakeText, subjectTitle } from '../audit/render/summary.ts';
import { formatCount, formatUsd } from '../model/format.ts';
import type { Io } from './io.ts';
import { renderTable } from './table.ts';

/** Fixes that the terminal spells out; the other formats have all of them. */
const FIXES_SHOWN = 3;
/** Width of all columns but the evidence, roughly. */
const EVIDENCE_INDENT = 70;
const EVIDENCE_MIN = 40;

/** The audit for a terminal: exposure, findings, what to do first. Nothing is cut where it goes to a pipe. */
export function auditText(report: AuditReport, io: Pick<Io, 'color' | 'isTty' | 'columns'>): string {
  return [
    `Audit of ${subjectTitle(report)}`,
    `${report.score === null ? 'Nothing to score' : `Score ${report.score}/100`}: ${countsText(report)}; ${report.passed} checks passed, ${report.suppressed.length} suppressed`,
    '',
    'Exposure: what each function can cost at the worst',
    exposureText(report, io),
    report.findings.length === 0 ? 'No findings.\n' : findingsText(report, io),
    ...firstFixes(report),
    notesOf(report)
      .map((note) => `- ${note}`)
      .join('\n'),
    '',
  ].join('\n');
}

function exposureText(report: AuditReport, io: Pick<Io, 'isTty'>): string {
  // Only an audit with logs knows what is usual.
  const usual = report.exposures.some(({ usualUsdPerMonth }) => usualUsdPerMonth !== null);
  return renderTable(
    [
      { title: 'function', ...cutAt(48, io) },
      ...(usual ? [{ title: 'usual $/month', align: 'right' } as const] : []),
      { title: '$/hour', align: 'right' },
      { title: 'at once', align: 'right' },
      { title: 'limited by' },
      { title: '$/poison message', align: 'right' },
      { title: 'what ends it' },
    ],
    report.exposures.map(({ functionName, usualUsdPerMonth, usdPerHour, reachable, incident, ends }) => [
      functionName,
      ...(usual ? [usualUsdPerMonth === null ? 'unknown' : formatUsd(usualUsdPerMonth)] : []),
      usdPerHour === null ? 'unknown' : formatUsd(usdPerHour),
      formatCount(reachable.concurrency),
      reachable.limitedBy,
      incident === null ? '' : formatUsd(incident.usd),
      ends,
    ]),
  );
}

function findingsText(report: AuditReport, io: Pick<Io, 'color' | 'isTty' | 'columns'>): string {
  const table = renderTable(
    [
      { title: 'severity' },
      { title: 'rule' },
      { title: 'resource', ...cutAt(48, io) },
      { title: 'at stake' },
      { title: 'evidence', ...cutAt(Math.max(EVIDENCE_MIN, io.columns - EVIDENCE_INDENT), io) },
    ],
    report.findings.map((finding) => [
      finding.severity,
      finding.rule,
      finding.resource,
      stakeText(finding.stake),
      finding.evidence,
    ]),
  );
  const colors = pc.createColors(io.color);
  const paint = { high: colors.red, medium: colors.yellow, low: colors.cyan };
  return table.replace(/^(high|medium|low)\b/gm, (word) => paint[word as keyof typeof paint](word));
}

function cutAt(width: number, { isTty }: Pick<Io, 'isTty'>): { readonly widthMax?: number } {
  return isTty ? { widthMax: width } : {};
}

function firstFixes({ findings, subject }: AuditReport): readonly string[] {
  if (findings.length === 0) return [];
  // A template is changed where it is written; only what is deployed has names for the CLI.
  const language = subject.origin.kind === 'template' ? 'cdk' : 'cli';
  const fixes = findings
    .slice(0, FIXES_SHOWN)
    .map(
      ({ resource, fix }, index) =>
        `${index + 1}. ${resource}: ${fix.summary}\n${fix[language].replace(/^/gm, '     ')}`,
    );
  return [
    'Do first (all fixes, as CDK, CloudFormation and CLI: --json, --markdown or --html):',
    ...fixes,
    '',
  ];
}
