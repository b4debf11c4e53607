import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../src/model/alert.ts';
import { escapeText, mrkdwn } from '../../../src/respond/alert/mrkdwn.ts';
import { SLACK_LIMITS, slackMessage } from '../../../src/respond/alert/slack-message.ts';
import { alertOf, incidentOf, storyOfANight } from './build.ts';
import { hostileAlert, hostileText } from './hostile.ts';

const night = storyOfANight();

interface TextObject {
  readonly type: string;
  readonly text: string;
  readonly verbatim?: boolean;
}

/** Every text object of the message, with the type of its block. */
function textsOf(alert: Alert): readonly (TextObject & { readonly block: string })[] {
  return slackMessage(alert).blocks.flatMap((block) => {
    const { type, text, elements } = block as { type: string; text?: TextObject; elements?: TextObject[] };
    return [...(text === undefined ? [] : [text]), ...(elements ?? [])].map((object) => ({
      ...object,
      block: type,
    }));
  });
}

describe('the message reads from the top', () => {
  const texts = textsOf(night.critical);

  it('headline first, then what it is, then the command, then figures, evidence and links', () => {
    expect(texts.map(({ block }) => block)).toEqual([
      ...['header', 'section', 'section', 'section', 'section', 'section', 'context'],
    ]);
    expect(texts[0]?.text).toBe('\u{1f534} CRITICAL orders-worker: retry loop, wasting $61.30/h');
    expect(texts[2]?.text).toContain('```firebreak kill orders-worker```');
    expect(texts[2]?.text).toContain('Undo: `firebreak restore orders-worker`');
    expect(texts[3]?.text).toContain('*Burning now:* $61.30/h wasted');
    expect(texts[4]?.text).toContain('\u2022 `orders-worker`: 118 invocations');
  });

  it('names of functions and queues stand out, and are inert', () => {
    expect(texts[1]?.text).toContain('`orders-worker` keeps failing the same messages of `orders`');
  });

  it('the notification text has the headline and the command', () => {
    expect(slackMessage(night.critical).text).toBe(
      'CRITICAL orders-worker: retry loop, wasting $61.30/h. Stop it: firebreak kill orders-worker',
    );
  });

  it('links are text: a button of an app without interactivity shows a warning sign', () => {
    expect(texts[5]?.text).toMatch(
      /^<https:\/\/[^|]+\|Function> {2}\u00b7 {2}<https:\/\/[^|]+\|Logs around 04:12 UTC>/,
    );
    expect(slackMessage(night.critical).blocks.map(({ type }) => type)).not.toContain('actions');
  });

  it('instants are shown in the time zone of the reader too', () => {
    expect(texts[3]?.text).toMatch(
      /since 04:12\u00a0UTC \u00b7 <!date\^1793506320\^\{date_short_pretty\}, \{time\} your time\|UTC>/,
    );
  });

  it.each(Object.values(night).map((alert) => [alert.transition, alert] as const))(
    '%s has a colour of its own',
    (_, alert) => {
      const loud = ['critical', 'reminder', 'reopened', 'expiring'].includes(alert.transition);
      expect(textsOf(alert)[0]?.text.startsWith('\u{1f534}')).toBe(loud);
    },
  );
});

/** Within the limit; every `<` is one of ours, every `&` begins an entity, every code span and bold ends in its line. */
function expectInert({ type, text, verbatim }: TextObject): void {
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(type === 'plain_text' ? SLACK_LIMITS.header : SLACK_LIMITS.section);
  expect(text).not.toMatch(/\p{Surrogate}/u);
  const rest = text
    .replace(/<!date\^-?\d+\^\{date_short_pretty\}, \{time\} your time\|UTC>/g, '')
    .replace(/<https:\/\/[a-z0-9.-]+\.console\.aws\.amazon\.com\/[^<>|\s]*\|[^<>|]*>/g, '');
  expect(rest).not.toMatch(/[<>]/);
  if (type !== 'mrkdwn') return;
  expect(verbatim).toBe(true);
  expect(rest.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
  for (const line of rest.split('\n')) {
    expect(line.match(/`/g)?.length ?? 0).toSatisfy((count: number) => count % 2 === 0);
    expect(line.replace(/`[^`]*`/g, '').match(/\*/g)?.length ?? 0).toSatisfy(
      (count: number) => count % 2 === 0,
    );
  }
}

describe('nothing from outside is taken for markup', () => {
  it.each([
    ['a mention of everybody', '<!channel> now', '&lt;!channel&gt; now'],
    ['an ampersand', 'R&D', 'R&amp;D'],
    ['what is escaped already', '&lt;', '&amp;lt;'],
    ['formatting', '*a* ~b~ `c`', '\u2217a\u2217 \u223cb\u223c \u2019c\u2019'],
    ['underscores around a word', '_a_', '\uff3fa\uff3f'],
    ['underscores within a name stay', 'orders_worker_v2', 'orders_worker_v2'],
  ])('%s', (_, text, expected) => {
    expect(mrkdwn(text, { names: [], lengthMax: 500 })).toBe(expected);
  });

  it.each([
    ['as a whole word only', 'orders of orders-worker, preorders', '`orders` of `orders-worker`, preorders'],
    ['with its special characters', 'a.fifo and axfifo', '`a.fifo` and axfifo'],
  ])('a name is set apart %s', (_, text, expected) => {
    expect(mrkdwn(text, { names: ['orders', 'orders-worker', 'a.fifo'], lengthMax: 500 })).toBe(expected);
  });

  it('a name with markup in it is still inert', () => {
    const name = '`<!here>` &co';
    expect(mrkdwn(`see ${name} there`, { names: [name], lengthMax: 500 })).toBe(
      "see `'&lt;!here&gt;' &amp;co` there",
    );
  });

  it('a command cannot end its code block', () => {
    const recommendation = {
      lever: 'disable-event-source',
      command: 'firebreak kill a```<!channel>',
    } as const;
    const text = textsOf(alertOf({ incident: incidentOf({ recommendation }) }))[2]?.text ?? '';
    expect(text).toContain("```firebreak kill a'''&lt;!channel&gt;```");
  });
});

describe('whatever the incident says', () => {
  it('the message is within the limits of Slack, and nothing in it is taken for markup', () => {
    fc.assert(
      fc.property(hostileAlert, (alert) => {
        const message = slackMessage(alert);
        const texts = textsOf(alert);
        expect(message.blocks.length).toBeLessThanOrEqual(SLACK_LIMITS.blocks);
        const characters = texts.reduce((sum, { text }) => sum + text.length, message.text.length);
        expect(characters).toBeLessThanOrEqual(SLACK_LIMITS.total);
        expectInert({ type: 'mrkdwn', text: message.text, verbatim: true });
        for (const object of texts) expectInert(object);
      }),
      { numRuns: 150 },
    );
  });

  it('a line says that it was cut', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const rendered = mrkdwn(text, { names: [], lengthMax: 120 });
        expect(rendered.length).toBeLessThanOrEqual(120);
        const isWhole = escapeText(text).length <= 120;
        if (!isWhole) expect(rendered).toContain('... (cut)');
      }),
    );
  });
});
