import { type Html, html, renderHtml, styleHtml } from '../../src/report/html.ts';
import type { Sent } from './demo-alerts.ts';

/** Somebody in Berlin looks at it. */
const READER = { timeZone: 'Europe/Berlin', name: 'your time' } as const;

/** Messages of a channel as Slack shows them on a phone, each on a screen of its own: the blocks that firebreak sends, no others. */
export function slackPage(messages: readonly Sent[]): string {
  return renderHtml(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Slack</title><style>${STYLE}</style></head><body>${messages.map(phone)}</body></html>`,
  );
}

type Block = Sent['slack']['blocks'][number];

function phone({ at, slack }: Sent): Html {
  return html`<main class="phone">
<div class="channel"><b># alerts</b></div>
<article><div class="avatar"><i></i></div><div class="message"><div class="sender"><b>firebreak</b> <span class="app">APP</span> <time>${timeOf(at)}</time></div>${slack.blocks.map(block)}</div></article>
</main>`;
}

function block(one: Block): Html {
  switch (one.type) {
    case 'header':
      return html`<h1>${header(one.text.text)}</h1>`;
    case 'section':
      return html`<div class="section">${mrkdwn(one.text.text)}</div>`;
    case 'context':
      return html`<div class="context">${one.elements.map(({ text }) => mrkdwn(text))}</div>`;
  }
}

/** A mark, and words. */
function header(text: string): readonly (string | Html)[] {
  const [mark = '', ...words] = text.split(' ');
  return [EMOJI[mark] ?? mark, html` `, words.join(' ')];
}

/** There need not be a font for them. */
const EMOJI: Readonly<Record<string, Html>> = {
  '\u{1f534}': html`<i class="circle"></i>`,
  '\u2705': html`<i class="check">✓</i>`,
};

/** Code blocks, code, bold, dates and links; all other markup firebreak makes inert. */
const MARKUP = /```([^`]*)```\n?|`([^`]*)`|\*([^*]*)\*|<!date\^(\d+)\^[^|]*\|[^>]*>|<([^|>]*)\|([^>]*)>|\n/g;

function mrkdwn(text: string): readonly (string | Html)[] {
  const parts: (string | Html)[] = [];
  let from = 0;
  for (const match of text.matchAll(MARKUP)) {
    parts.push(plain(text.slice(from, match.index)), ...marked(match));
    from = match.index + match[0].length;
  }
  return [...parts, plain(text.slice(from))];
}

function marked([, pre, code, bold, seconds, url, label]: RegExpMatchArray): readonly Html[] {
  if (pre !== undefined) return [html`<pre>${unescaped(pre)}</pre>`];
  if (code !== undefined) return [html`<code>${unescaped(code)}</code>`];
  if (bold !== undefined) return [html`<b>${unescaped(bold)}</b>`];
  if (seconds !== undefined) return [html`${dateOf(Number(seconds) * 1_000)} ${READER.name}`];
  if (url !== undefined) return [html`<a href="${unescaped(url)}">${unescaped(label ?? '')}</a>`];
  return [html`<br>`];
}

/** Spaces at the ends separate it from its neighbours. */
function plain(text: string): Html {
  const [, before = '', inner = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(unescaped(text)) ?? [];
  const space = (around: string) => (around === '' ? null : html` `);
  return html`${space(before)}${inner}${space(after)}`;
}

/** Slack's own three escapes, which are taken back before HTML's are put in. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** `Nov 2, 3:07 AM`, which is what `{date_short_pretty}, {time}` gives on another day. */
function dateOf(at: number): string {
  const day = new Intl.DateTimeFormat('en-US', { timeZone: READER.timeZone, month: 'short', day: 'numeric' });
  return `${day.format(at)}, ${timeOf(at)}`;
}

function timeOf(at: number): string {
  const time = new Intl.DateTimeFormat('en-US', { timeZone: READER.timeZone, timeStyle: 'short' });
  return time.format(at).replace('\u202f', ' ');
}

const STYLE = styleHtml(`
* { box-sizing: border-box; }
body { margin: 0; padding: 20px; display: flex; gap: 20px; align-items: flex-start; width: max-content; background: #e9e6ec;
  font: 15px/1.46 Lato, "Liberation Sans", Arial, sans-serif; color: #1d1c1d; }
.phone { width: 390px; background: #fff; border-radius: 22px; overflow: hidden; box-shadow: 0 2px 14px #0003; }
.channel { background: #4a154b; color: #fff; padding: 14px 16px; font-size: 17px; }
article { display: flex; gap: 10px; padding: 14px 16px 18px; }
.avatar { flex: none; width: 36px; height: 36px; border-radius: 8px; background: #b3261e; display: grid; place-items: center; }
.avatar i { width: 20px; height: 6px; border-radius: 3px; background: #fff; }
.message { min-width: 0; }
.app { background: #ddd; border-radius: 2px; font-size: 10px; font-weight: 700; padding: 1px 4px; color: #616061; vertical-align: 2px; }
time, .context { color: #616061; font-size: 12px; }
h1 { font-size: 18px; line-height: 1.3; margin: 4px 0 8px; }
.section { margin: 0 0 10px; overflow-wrap: anywhere; }
.context { overflow-wrap: anywhere; }
pre, code { font: 12.5px/1.5 "Liberation Mono", Menlo, monospace; background: #f8f8f8; border: 1px solid #ddd; }
pre { margin: 4px 0; padding: 8px; border-radius: 4px; white-space: pre-wrap; }
code { padding: 1px 3px; border-radius: 3px; color: #c0123c; }
a { color: #1264a3; text-decoration: none; }
.circle { display: inline-block; width: 17px; height: 17px; border-radius: 50%; background: #dd2e44; vertical-align: -2px; }
.check { display: inline-block; width: 18px; height: 18px; border-radius: 4px; background: #2e9e47; color: #fff; font: 700 14px/18px sans-serif;
  text-align: center; vertical-align: 0; }
`);
