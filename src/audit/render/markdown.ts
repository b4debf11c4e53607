import { formatCount, formatUsd } from '../../model/format.ts';
import type { AuditFinding, AuditReport } from '../audit.ts';
import { escapeHtml } from './html.ts';
import { countsText, notesOf, stakeText, subjectTitle } from './summary.ts';

/** A comment on GitHub holds 65,536 characters. */
const LENGTH_MAX = 60_000;
const EXPOSURES_MAX = 20;

/** The audit as Markdown for a pull request: what it can cost, then what to change, each fix folded. */
export function auditMarkdown(report: AuditReport): string {
  const head = [
    `## firebreak audit: ${report.score === null ? 'nothing to score' : `score ${report.score}/100`}`,
    '',
    `${cell(subjectTitle(report))}: ${countsText(report)}; ${report.passed} checks passed, ${report.suppressed.length} suppressed.`,
    '',
    ...exposureTable(report),
  ].join('\n');
  const notes = ['', '### Notes', '', ...notesOf(report).map((note) => `- ${cell(note)}`), ''].join('\n');
  const room = LENGTH_MAX - head.length - notes.length;
  return `${head}\n${findingsText(report.findings, room)}${notes}`;
}

function exposureTable(report: AuditReport): readonly string[] {
  if (report.exposures.length === 0) return ['No functions.', ''];
  const rows = report.exposures
    .slice(0, EXPOSURES_MAX)
    .map((exposure) =>
      row([
        exposure.functionName,
        exposure.usdPerHour === null ? 'unknown' : formatUsd(exposure.usdPerHour),
        `${formatCount(exposure.reachable.concurrency)} (${exposure.reachable.limitedBy})`,
        exposure.incident === null ? '' : formatUsd(exposure.incident.usd),
        exposure.ends,
      ]),
    );
  const more = report.exposures.length - rows.length;
  return [
    '### Exposure',
    '',
    row(['Function', 'Worst case an hour', 'At once', 'One poison message', 'What ends it']),
    '| --- | ---: | --- | ---: | --- |',
    ...rows,
    ...(more > 0 ? ['', `… and ${more} more functions`] : []),
    '',
  ];
}

function findingsText(findings: readonly AuditFinding[], room: number): string {
  if (findings.length === 0) return '### Findings\n\nNone.\n';
  const parts: string[] = ['### Findings\n'];
  let left = room - 100;
  for (const [index, finding] of findings.entries()) {
    const text = findingText(finding);
    left -= text.length;
    if (left < 0) {
      parts.push(`… and ${findings.length - index} more; run \`firebreak audit --json\` for all\n`);
      break;
    }
    parts.push(text);
  }
  return parts.join('\n');
}

function findingText(finding: AuditFinding): string {
  const { rule, severity, resource, evidence, stake, fix } = finding;
  const money = stakeText(stake);
  return `<details><summary><b>${severity}</b> ${html(resource)}: ${html(finding.title)}${money === '' ? '' : ` (${html(money)})`}</summary>

${cell(evidence)}. ${cell(finding.why)} Rule ${code(rule)}.

**Fix:** ${cell(fix.summary)}.

${block('ts', fix.cdk)}

${block('yaml', fix.cloudFormation)}

${block('sh', fix.cli)}

</details>
`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** Text that stays text: in a table cell, and in the HTML that GitHub allows in Markdown. */
function cell(text: string): string {
  return html(text.replace(/[\\`*_[\]|#~!]/g, (character) => `\\${character}`));
}

/** Text within an HTML tag, where Markdown's own escapes would show; `@` must not call anyone. */
function html(text: string): string {
  return escapeHtml(text).replaceAll('@', '&#64;').replace(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}

/** A fenced block whose fence is longer than any run of backticks within. */
function block(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
