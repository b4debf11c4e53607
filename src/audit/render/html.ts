import { formatCount, formatUsd } from '../../model/format.ts';
import { toIso } from '../../model/time.ts';
import type { AuditFinding, AuditReport } from '../audit.ts';
import type { Exposure } from '../exposure.ts';
import { countsText, notesOf, stakeText, subjectTitle } from './summary.ts';

/** The audit as one HTML page that needs nothing else: no scripts, no fonts, no network. Everything read is escaped. */
export function auditHtml(report: AuditReport): string {
  const title = `firebreak audit: ${subjectTitle(report)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="score">${report.score === null ? 'Nothing to score' : `Score <strong>${report.score}</strong> of 100`}</p>
<p>${escapeHtml(countsText(report))}; ${report.passed} checks passed, ${report.suppressed.length} suppressed. Audited ${toIso(report.auditedAt)}.</p>
<h2>Exposure</h2>
${exposureTable(report.exposures)}
<h2>Findings</h2>
${report.findings.length === 0 ? '<p>None.</p>' : report.findings.map(findingHtml).join('\n')}
<h2>Suppressed</h2>
${suppressedHtml(report)}
<h2>Notes</h2>
<ul>
${notesOf(report)
  .map((note) => `<li>${escapeHtml(note)}</li>`)
  .join('\n')}
</ul>
</main>
</body>
</html>
`;
}

function exposureTable(exposures: readonly Exposure[]): string {
  if (exposures.length === 0) return '<p>No functions.</p>';
  const rows = exposures.map((exposure) => {
    const { reachable, incident } = exposure;
    const notes = exposure.assumptions.map(escapeHtml).join('<br>');
    return `<tr><th scope="row">${escapeHtml(exposure.functionName)}</th><td class="figure">${exposure.usualUsdPerMonth === null ? 'not read' : formatUsd(exposure.usualUsdPerMonth)}</td><td class="figure">${exposure.usdPerHour === null ? 'unknown' : formatUsd(exposure.usdPerHour)}</td><td class="figure">${formatCount(reachable.concurrency)}</td><td>${reachable.limitedBy}</td><td class="figure">${incident === null ? '' : formatUsd(incident.usd)}</td><td>${escapeHtml(exposure.ends)}</td><td class="notes">${notes}</td></tr>`;
  });
  return `<div class="scroll"><table>
<thead><tr><th scope="col">Function</th><th scope="col">Usual month</th><th scope="col">Worst case an hour</th><th scope="col">At once</th><th scope="col">Limited by</th><th scope="col">One poison message</th><th scope="col">What ends it</th><th scope="col">Assumed</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table></div>`;
}

function findingHtml(finding: AuditFinding): string {
  const { severity, resource, title, evidence, why, rule, stake, fix } = finding;
  const money = stakeText(stake);
  return `<details class="${severity}">
<summary><span class="severity">${severity}</span> <b>${escapeHtml(resource)}</b>: ${escapeHtml(title)}${money === '' ? '' : ` <span class="money">${escapeHtml(money)}</span>`}</summary>
<p>${escapeHtml(evidence)}</p>
<p>${escapeHtml(why)} Rule <code>${escapeHtml(rule)}</code>.</p>
<p><b>Fix:</b> ${escapeHtml(fix.summary)}</p>
<h3>CDK</h3><pre>${escapeHtml(fix.cdk)}</pre>
<h3>CloudFormation</h3><pre>${escapeHtml(fix.cloudFormation)}</pre>
<h3>AWS CLI</h3><pre>${escapeHtml(fix.cli)}</pre>
</details>`;
}

function suppressedHtml({ suppressed }: AuditReport): string {
  if (suppressed.length === 0) return '<p>None.</p>';
  const items = suppressed.map(
    ({ finding, suppression }) =>
      `<li><code>${escapeHtml(finding.rule)}</code> on ${escapeHtml(finding.resource)} until ${escapeHtml(suppression.expires)}: ${escapeHtml(suppression.reason)}</li>`,
  );
  return `<ul>\n${items.join('\n')}\n</ul>`;
}

/** Safe as text and in a quoted attribute. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const STYLE = `
:root { color-scheme: light dark; --high: #b3261e; --medium: #9a5b00; --low: #3a6ea5; }
@media (prefers-color-scheme: dark) { :root { --high: #ff8a80; --medium: #ffb74d; --low: #90c2ff; } }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.15rem; margin-top: 2rem; } h3 { font-size: .9rem; margin: .8rem 0 .2rem; }
.score strong { font-size: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #8884; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.notes { font-size: .85rem; opacity: .8; }
details { border-left: 4px solid var(--low); padding: .3rem .8rem; margin: .5rem 0; }
details.high { border-color: var(--high); } details.medium { border-color: var(--medium); }
.severity { font-weight: 700; text-transform: uppercase; font-size: .8rem; }
.high .severity { color: var(--high); } .medium .severity { color: var(--medium); } .low .severity { color: var(--low); }
.money { font-weight: 600; }
pre { overflow-x: auto; background: #8882; padding: .6rem; }
`;
