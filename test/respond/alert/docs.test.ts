import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Alert } from '../../../src/model/alert.ts';
import { consoleText } from '../../../src/respond/alert/console-channel.ts';
import { alertPayload } from '../../../src/respond/alert/payload.ts';
import { slackMessage } from '../../../src/respond/alert/slack-message.ts';
import { snsMessage } from '../../../src/respond/alert/sns-message.ts';
import { story } from '../../../src/respond/alert/words.ts';
import { storyOfANight } from './build.ts';

const PAGE = join(import.meta.dirname, '../../../docs/alerts.md');
const night = storyOfANight();

/** The examples of docs/alerts.md by name, each a fenced block. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'slack-critical': fence('text', asSlackShowsIt(night.critical)),
  'email-critical': fence(
    'text',
    `Subject: ${snsMessage(night.critical).Subject}\n\n${snsMessage(night.critical).Message}`,
  ),
  headlines: fence(
    'text',
    Object.values(night)
      .map((alert) => `${story(alert).label} ${story(alert).title}`)
      .join('\n'),
  ),
  'console-resolved': fence('text', consoleText(night.resolved, { color: false, columns: 80 })),
  'console-killed': fence('text', consoleText(night.killed, { color: false, columns: 80 })),
  'json-critical': fence('json', JSON.stringify(alertPayload(night.critical), null, 2)),
};

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** Roughly what the eye sees: links by their label, instants in the reader's zone, no markup. */
function asSlackShowsIt(alert: Alert): string {
  return slackMessage(alert)
    .blocks.map((block) => {
      const { text, elements } = block as { text?: { text: string }; elements?: { text: string }[] };
      return text?.text ?? elements?.map((element) => element.text).join(' ') ?? '';
    })
    .join('\n\n')
    .replace(/<https:[^|]*\|([^>]*)>/g, '[$1]')
    .replace(/<!date\^[^|]*\|UTC>/g, '(and in your own time zone)')
    .replace(/```([^`]*)```/g, '    $1')
    .replace(/[*`]/g, '')
    .replaceAll('\u00a0', ' ');
}

it('docs/alerts.md shows what is really sent (UPDATE_DOCS=1 brings it up to date)', () => {
  const page = readFileSync(PAGE, 'utf8');
  const current = page.replace(
    /<!-- example: ([\w-]+) -->\n[\s\S]*?<!-- end -->/g,
    (_, name: string) =>
      `<!-- example: ${name} -->\n\n${EXAMPLES[name] ?? `no example ${name}`}\n\n<!-- end -->`,
  );
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(PAGE, current);
  expect(readFileSync(PAGE, 'utf8')).toBe(current);
  for (const name of Object.keys(EXAMPLES)) expect(page).toContain(`<!-- example: ${name} -->`);
});
