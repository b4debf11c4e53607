import { formatCountOf, formatUsd } from '../model/format.ts';
import { utcText } from '../model/time.ts';
import { codeHtml, type Html, html, renderHtml, styleHtml } from '../report/html.ts';
import { THEME } from '../report/theme.ts';
import type { Story } from '../respond/alert/words.ts';
import { LIVE_STYLE } from './style.ts';
import type { IncidentView, LiveView, Tile } from './view.ts';

/** Functions with a name and a figure; the rest are squares. */
const TILES_NAMED = 24;
const TILES_MAX = 600;

/** The live page as it is loaded. */
export function liveDocument(view: LiveView): string {
  return renderHtml(html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>firebreak: ${view.region}</title><style>${styleHtml(THEME + LIVE_STYLE)}</style></head>
<body><header class="top"><span class="brand">firebreak</span><span id="link" class="link" role="status">as loaded</span></header>
<main id="live">${fragment(view)}</main><p id="say" class="unseen" aria-live="polite"></p>
<script src="live.js"></script></body></html>`);
}

/** What changes from look to look. */
export function liveFragment(view: LiveView): string {
  return renderHtml(fragment(view));
}

function fragment(view: LiveView): Html {
  const burning = view.incidents.filter(({ incident }) => incident.state !== 'resolved');
  const first = burning[0];
  const announced = first === undefined ? '' : `${first.story.label}: ${first.story.title}`;
  return html`<div class="now" data-announce="${announced}" data-title="${formatUsd(view.usdPerHour)}/h, firebreak">
<h1><span class="usd">${formatUsd(view.usdPerHour)}</span><span class="per">an hour, now</span></h1>
<p class="soft">${view.region}, account ${view.account}; ${formatCountOf(view.tiles.length, 'function')}, ${formatCountOf(view.queues, 'queue')}; ${utcText(view.at)}${view.readUsd === null ? '' : `; reading cost ${formatUsd(view.readUsd)} so far`}</p>
${view.note === '' ? null : html`<p class="soft">${view.note}</p>`}</div>
<section aria-label="Incidents">${view.incidents.length === 0 ? html`<p class="card calm">No incident. Nothing repeats itself, nothing runs away.</p>` : view.incidents.map(incidentCard)}</section>
<h2>Fleet, by burn</h2><ol class="fleet">${view.tiles.slice(0, TILES_NAMED).map(tile)}</ol>
${view.tiles.length > TILES_NAMED ? html`<ol class="rest">${view.tiles.slice(TILES_NAMED, TILES_MAX).map(square)}</ol>` : null}
${gapsHtml(view)}`;
}

function incidentCard({ incident, story, plan, kill }: IncidentView): Html {
  const { action } = story;
  const notes = plan === null ? action.notes : plan.consequences;
  const refused = plan?.refusals ?? [];
  return html`<article class="card incident ${story.tone}"><p><span class="pill ${story.tone}">${story.label}</span></p><h2>${story.title}</h2>
${story.lead.map((line) => html`<p>${line}</p>`)}
${action.command === null ? null : html`<h3>${action.heading}</h3><div class="run"><pre tabindex="0" data-key="pre-${incident.id}">${codeHtml(action.command)}</pre><button type="button" data-key="copy-${incident.id}" data-copy="${action.command}">Copy</button></div>`}
${refused.length > 0 ? html`<p class="soft">It would refuse: ${refused.join('; ')}</p>` : null}
<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>
${factsHtml(story.facts.filter(({ isFinePrint }) => !isFinePrint))}
<details data-key="why-${incident.id}"><summary data-key="sum-${incident.id}">How it is known</summary><ul class="notes">${story.evidence.map((line) => html`<li>${line}</li>`)}</ul>${factsHtml(story.facts.filter(({ isFinePrint }) => isFinePrint))}</details>
<p class="soft">${kill === null ? '' : `Stopped by ${kill.requestedBy}. `}<a href="report/${encodeURIComponent(incident.id)}" data-key="report-${incident.id}">Open its report</a></p></article>`;
}

function factsHtml(facts: Story['facts']): Html {
  return html`<dl class="facts">${facts.map(({ label, text }) => html`<div><dt>${label}</dt><dd>${text}</dd></div>`)}</dl>`;
}

/** Dollars an hour at which a tile gets hotter. */
const HEAT_USD_PER_HOUR = [0.01, 0.1, 1, 10, 100];

function heatOf({ usdPerHour }: Tile): number {
  return HEAT_USD_PER_HOUR.filter((usd) => usdPerHour >= usd).length;
}

function tile(one: Tile): Html {
  const state = one.isStopped ? 'stopped' : one.incident === null ? '' : one.incident.state;
  const worst =
    one.exposureUsdPerHour === null
      ? 'worst case unknown'
      : `at worst ${formatUsd(one.exposureUsdPerHour)}/h`;
  return html`<li class="tile heat-${heatOf(one)} ${state}"><span class="name">${one.name}</span><b class="usd">${formatUsd(one.usdPerHour)}/h</b>${spark(one.recentUsd)}<span class="worst">${state === '' ? worst : `${state}, ${worst}`}</span></li>`;
}

function square(one: Tile): Html {
  const text = `${one.name}: ${formatUsd(one.usdPerHour)}/h`;
  return html`<li class="heat-${heatOf(one)}" title="${text}"><span class="unseen">${text}</span></li>`;
}

/** The last half hour as bars, scaled to its own highest minute. */
function spark(recentUsd: Float64Array): Html {
  const highest = Math.max(...recentUsd, 0);
  const bars = Array.from(recentUsd, (usd, index) => {
    const height = highest > 0 && usd > 0 ? Math.max(1, Math.round((usd / highest) * 22)) : 1;
    return html`<rect x="${index * 4}" y="${24 - height}" width="3" height="${height}"/>`;
  });
  return html`<svg class="spark" viewBox="0 0 120 24" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}

function gapsHtml({ gaps }: LiveView): Html | null {
  if (gaps.length === 0) return null;
  return html`<h2>Could not be read</h2><ul class="card notes">${gaps.map(({ resource, operation, reason }) => html`<li>${resource}: ${operation}: ${reason}</li>`)}</ul>`;
}
