import type { AuditFinding } from '../audit/audit.ts';
import { stakeText } from '../audit/render/summary.ts';
import { formatCount, formatDuration, formatUsd } from '../model/format.ts';
import { toIso, utcText } from '../model/time.ts';
import { letterOf, toneOf } from './chart/panels.ts';
import { highestOf } from './chart/scale.ts';
import { codeHtml, type Html, html } from './html.ts';
import type { ReportModel } from './model.ts';

/** The figures that a person asks for first. */
export function kpisHtml(model: ReportModel): Html {
  const { incident, series, withoutAction, kill } = model;
  const { burn, openedAt, onsetAt, loss } = incident;
  const wasted = series.ok ? series.value.wastedUsdPerHour : null;
  const peakUsdPerHour = wasted === null ? burn.wastedUsdPerHour : highestOf([wasted]);
  const over = incident.lastEvidenceAt - onsetAt;
  return html`<dl class="kpis">
${kpi('Wasted', formatUsd(burn.wastedUsd), `in ${formatDuration(over)}`, 'fire')}
${kpi(wasted === null ? 'Wasting' : 'Wasting at the peak', `${formatUsd(peakUsdPerHour)}/h`, PEAK_NOTE[String(wasted !== null)] ?? '', 'fire')}
${kpi('First alert', openedAt === null ? 'nobody yet' : formatDuration(openedAt - onsetAt), toldNote(model), '')}
${withoutAction.ok ? kpi(kill === null ? 'Next 24 h if nobody acts' : 'Avoided in 24 h', formatUsd(withoutAction.value.usdIn24Hours), 'projected', kill === null ? 'fire' : 'good') : null}
${kpi('Messages lost', loss === null ? 'none seen' : formatCount(loss.lost), loss === null ? '' : 'dead-lettered or dropped', '')}
</dl>`;
}

const PEAK_NOTE: Readonly<Record<string, string>> = { true: 'by the minute', false: 'when last looked at' };

function toldNote({ incident }: ReportModel): string {
  const cycles = incident.delayInRetryCycles;
  return cycles === null ? 'after it began' : `after it began: ${formatCount(cycles)} retry cycles`;
}

function kpi(label: string, value: string, note: string, tone: string): Html {
  return html`<div class="kpi card"><dt>${label}</dt><dd class="${tone}">${value}</dd><dd class="soft note-line">${note}</dd></div>`;
}

/** The story as a list of instants, lettered as in the charts. */
export function timelineHtml({ moments }: ReportModel): Html {
  let day = '';
  const items = moments.map(({ at, kind, title, text }, index) => {
    const iso = toIso(at);
    const isNewDay = iso.slice(0, 10) !== day;
    day = iso.slice(0, 10);
    const date = isNewDay ? html`<br><span class="date">${iso.slice(5, 10)}</span>` : null;
    return html`<li><time datetime="${iso}">${iso.slice(11, 16)}${date}</time><span class="badge ${toneOf(kind)}" aria-hidden="true">${letterOf(index)}</span><div><h3>${title}</h3><p>${text}</p></div></li>`;
  });
  return html`<ol class="timeline">${items}</ol>`;
}

export function evidenceHtml({ incident }: ReportModel): Html {
  if (incident.evidence.length === 0) return html`<p class="missing">None was kept.</p>`;
  return html`<ul class="evidence">${incident.evidence.map(({ text }) => html`<li>${text}</li>`)}</ul>`;
}

/** Both worlds as two bars. */
export function versusHtml({ incident, withoutAction, kill }: ReportModel): Html {
  if (!withoutAction.ok) return html`<p class="missing">${withoutAction.why}</p>`;
  const { usdIn24Hours, usd, endsAt, endsBecause, sinceAt } = withoutAction.value;
  const wastedUsd = incident.burn.wastedUsd;
  const without = wastedUsd + usdIn24Hours;
  const share = without > 0 ? Math.min(100, (wastedUsd / without) * 100) : 0;
  const horizon = endsAt === null ? 'in the 30 days after' : `until ${utcText(endsAt)}`;
  const since = toIso(sinceAt).slice(11, 16);
  const now = kill === null ? 'So far' : 'What it cost';
  return html`<div class="versus">
<span class="label">${now}</span>${bar(share, 'good')}<span class="usd">${formatUsd(wastedUsd)}</span>
<span class="label">24 h more of it</span>${bar(100, '')}<span class="usd">${formatUsd(without)}</span>
</div>
<p>Left alone from ${since} on, it would have wasted ${formatUsd(usdIn24Hours)} more within a day, and ${formatUsd(usd)} ${horizon}: ${endsBecause}. That is the projection that severity is decided by, not a measurement.</p>`;
}

/** As SVG, so that its length needs no inline style. */
function bar(percent: number, tone: string): Html {
  const width = Math.max(1, Math.round(percent * 10) / 10);
  return html`<svg class="bar-box" width="100%" height="18" role="presentation" aria-hidden="true"><rect class="bar-fill ${tone}" width="${width}%" height="18" rx="4"/></svg>`;
}

export function settingsHtml({ settings, kill, incident }: ReportModel): Html {
  if (kill === null) {
    const { lever, command } = incident.recommendation;
    const isOver = incident.state === 'resolved' || lever === 'none';
    return html`<p class="missing">The kill switch was not used: no setting was changed.</p>${isOver ? null : html`<pre class="command">${codeHtml(command)}</pre>`}`;
  }
  if (settings.length === 0)
    return html`<p class="missing">It was stopped already: no setting had to change.</p>`;
  const rows = settings.map(
    ({ name, before, killed, after }) =>
      html`<tr><th scope="row">${name}</th><td>${before}</td><td>${killed}</td><td>${after ?? 'still as killed'}</td></tr>`,
  );
  const restore =
    kill.state === 'restored'
      ? null
      : html`<pre class="command">${codeHtml(`firebreak restore ${kill.functionName}`)}</pre>`;
  return html`<div class="scroll"><table><thead><tr><th scope="col">setting</th><th scope="col">before</th><th scope="col">killed</th><th scope="col">restored</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="soft">Kill record ${kill.id}, asked for by ${kill.requestedBy}: ${kill.reason}</p>${restore}`;
}

/** What to change so that it cannot happen again, the dearest first. */
export function fixesHtml({ fixes, incident }: ReportModel): Html {
  if (!fixes.ok) {
    return html`<p class="missing">${fixes.why} Without the settings of ${incident.functionName ?? 'the function'} nothing can be said here; <code>firebreak audit</code> reads them.</p>`;
  }
  if (fixes.value.length === 0) {
    return html`<p class="missing">The audit finds nothing to change in what it could read.</p>`;
  }
  return html`${fixes.value.map(fixHtml)}`;
}

const SEVERITY_TONE = { high: 'critical', medium: 'warning', low: 'good' } as const;

function fixHtml({ severity, title, resource, evidence, why, stake, fix, rule }: AuditFinding): Html {
  const money = stakeText(stake);
  return html`<details class="fix"><summary><span class="pill ${SEVERITY_TONE[severity]}">${severity}</span><span><b>${resource}</b>: ${title}${money === '' ? '' : `, ${money}`}</span><span class="soft">${evidence}</span></summary>
<p>${why} Rule <code>${rule}</code>.</p><p><b>${fix.summary}</b></p>
<h3>AWS CLI</h3><pre tabindex="0">${codeHtml(fix.cli)}</pre><h3>CDK</h3><pre tabindex="0">${codeHtml(fix.cdk)}</pre><h3>CloudFormation</h3><pre tabindex="0">${codeHtml(fix.cloudFormation)}</pre></details>`;
}
