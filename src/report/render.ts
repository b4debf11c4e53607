import { utcText } from '../model/time.ts';
import { chartsHtml } from './chart/panels.ts';
import { figuresTable } from './chart/table.ts';
import { type Html, html, renderHtml, styleHtml } from './html.ts';
import type { ReportModel } from './model.ts';
import { evidenceHtml, fixesHtml, kpisHtml, settingsHtml, timelineHtml, versusHtml } from './sections.ts';
import { REPORT_STYLE, THEME } from './theme.ts';

/** The report as one HTML page that needs nothing else: no scripts, no fonts, no network. */
export function renderReport(model: ReportModel): string {
  const { story, incident } = model;
  return renderHtml(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${incident.id}: firebreak incident report</title>
<style>${styleHtml(THEME + REPORT_STYLE)}</style>
</head>
<body>
<header class="top">
<div class="line"><span class="brand">firebreak</span><span>incident report, ${utcText(model.generatedAt)}</span></div>
<h1>${story.title}</h1>
<p><span class="pill ${story.tone}">${story.label}</span> <span class="soft">${story.footer}</span></p>
</header>
<main>
${kpisHtml(model)}
<h2>What happened</h2>
<div class="card">${timelineHtml(model)}</div>
<h2>Around it</h2>
${chartsSection(model)}
<div class="two">
<section><h2>How it was known</h2><div class="card">${evidenceHtml(model)}</div></section>
<section><h2>Without action</h2><div class="card">${versusHtml(model)}</div></section>
</div>
<h2>Settings</h2>
<div class="card">${settingsHtml(model)}</div>
<h2>So that it does not come back</h2>
<div class="card">${fixesHtml(model)}</div>
</main>
${footerHtml(model)}
</body>
</html>
`);
}

function chartsSection(model: ReportModel): Html {
  const { series } = model;
  if (!series.ok) return html`<div class="card"><p class="missing">No charts. ${series.why}</p></div>`;
  return html`<div class="card">${chartsHtml(model, series.value)}${figuresTable(series.value)}</div>`;
}

function footerHtml({ incident, seriesSource }: ReportModel): Html {
  const notes = [
    seriesSource,
    ...incident.burn.assumptions,
    'Dollars are estimates from metrics at list prices. All times are UTC.',
  ].filter((note) => note !== '');
  return html`<footer><p><b>What the figures rest on</b></p><ul>${notes.map((note) => html`<li>${note}</li>`)}</ul></footer>`;
}
