import { codeHtml, html, renderHtml, styleHtml } from '../../src/report/html.ts';
import type { Sent } from './demo-alerts.ts';

/** The e-mail that SNS makes of a message: a subject, and plain text as it is. */
export function mailPage({ at, email }: Sent): string {
  return renderHtml(
    html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>E-mail</title><style>${STYLE}</style></head><body><main>
<header><h1>${email.subject}</h1><p><b>AWS Notifications</b> &lt;no-reply@sns.amazonaws.com&gt;</p><p>${new Date(at).toUTCString()}</p></header>
<pre>${codeHtml(columns(email.body))}</pre></main></body></html>`,
  );
}

/** What stands in columns stays there: HTML would make one space of many. */
function columns(text: string): string {
  return text.replace(/(?<=\S) {2,}/g, (run) => '\u00a0'.repeat(run.length));
}

const STYLE = styleHtml(`
* { box-sizing: border-box; }
body { margin: 0; padding: 20px; width: max-content; background: #e8ebee; color: #1f2328; font: 14px/1.5 "Liberation Sans", Arial, sans-serif; }
main { width: 680px; background: #fff; border-radius: 10px; overflow: hidden; box-shadow: 0 2px 14px #0003; }
header { padding: 16px 24px 12px; border-bottom: 1px solid #dde1e6; }
h1 { font-size: 17px; line-height: 1.35; margin: 0 0 8px; }
p { margin: 0; color: #57606a; font-size: 13px; }
p b { color: #1f2328; }
pre { margin: 0; padding: 18px 24px 22px; font: 13px/1.5 "Liberation Mono", Menlo, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
`);
