import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sentByDemo } from './demo-alerts.ts';
import { mailPage } from './mail-view.ts';
import { slackPage } from './slack-view.ts';

const pictured = join(import.meta.dirname, '../../docs/images/alerts.json');

describe('the pictures of alerts', () => {
  it('show what is sent today (npx tsx test/browser/pictures.ts makes them anew)', async () => {
    expect(await sentByDemo()).toEqual(JSON.parse(readFileSync(pictured, 'utf8')));
  });

  it('are drawn from everything that is sent, and from nothing else', async () => {
    const { page, resolved } = await sentByDemo();
    const slack = slackPage([page, resolved]);
    expect(slack).toContain('<pre>firebreak kill orders-worker</pre>');
    expect(slack).toContain('<pre>firebreak restore orders-worker</pre>');
    expect(slack).not.toMatch(/&amp;(lt|gt|amp);|date\^|```/);
    for (const line of page.email.body.split('\n')) {
      expect(mailPage(page).replaceAll('\u00a0', ' ')).toContain(
        line.replaceAll('&', '&amp;').replaceAll("'", '&#39;'),
      );
    }
  });

  it('take nothing that is sent for HTML', () => {
    const hostile = 'a <b>&lt;script&gt;</b> b';
    const slack = {
      text: '',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: hostile, verbatim: true } }],
    } as const;
    const sent = { at: 0, slack, email: { subject: hostile, body: hostile } };
    for (const page of [slackPage([sent]), mailPage(sent)]) expect(page).not.toMatch(/<script|<b>&/);
  });
});
