import type { Alert } from '../../model/alert.ts';
import { SECOND_MS } from '../../model/time.ts';
import { clip } from './clean.ts';
import type { Fact } from './facts.ts';
import { code, escapeText, mrkdwn } from './mrkdwn.ts';
import { glued } from './plain-text.ts';
import { type Story, story, type Tone } from './words.ts';

/**
 * Slack's limits, in characters and blocks.
 * @see https://docs.slack.dev/reference/block-kit/blocks (2026-11): header 150, section text 3000, 50 blocks
 * @see https://github.com/slackapi/bolt-js/issues/2509 (2025): a message of about 13,000 characters in all is refused
 */
export const SLACK_LIMITS = { header: 150, section: 3_000, blocks: 50, total: 12_000 } as const;

/** Kept well below the limit, so that all sections together stay below the total. */
const SECTION_MAX = 2_200;
const FALLBACK_MAX = 400;
const LINK_MAX = 700;
const LINE_MAX = 500;

export interface SlackMessage {
  /** Shown in notifications, and where blocks cannot be shown. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** The three kinds of block that are used. `verbatim`: Slack makes no links or mentions out of plain words. */
type SlackBlock =
  | { readonly type: 'header'; readonly text: PlainText }
  | { readonly type: 'section'; readonly text: Mrkdwn }
  | { readonly type: 'context'; readonly elements: Mrkdwn[] };

interface PlainText {
  readonly type: 'plain_text';
  readonly text: string;
  readonly emoji: false;
}

interface Mrkdwn {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

const MARKS: Readonly<Record<Tone, string>> = {
  critical: '\u{1f534}',
  warning: '\u{1f7e0}',
  good: '\u2705',
  test: '\u{1f9ea}',
};

/**
 * The alert as a Block Kit message for an incoming webhook: what and how much first, then the command, then the
 * figures and the evidence. Links are text, since a button of an app without interactivity shows a warning sign.
 * @see https://github.com/slackapi/slack-github-action/issues/513 (2025)
 */
export function slackMessage(alert: Alert): SlackMessage {
  const told = story(alert);
  const blocks: readonly SlackBlock[] = [
    header(told),
    ...section(told.lead.map((text) => line(text, told))),
    ...section(actionLines(told)),
    ...section(factLines(told, (fact) => !fact.isFinePrint)),
    ...section(evidenceLines(told)),
    ...section(linkLines(told)),
    context([...factLines(told, (fact) => fact.isFinePrint), line(told.footer, told)]),
  ];
  return { text: mrkdwn(fallback(told), { names: [], lengthMax: FALLBACK_MAX }), blocks };
}

function fallback(told: Story): string {
  const command = told.action.command === null ? '' : `. ${told.action.heading}: ${told.action.command}`;
  return `${told.label} ${told.title}${command}`;
}

/** A header is plain text; the three characters that Slack treats as control characters are replaced, not escaped. */
function header(told: Story): SlackBlock {
  const plain = `${MARKS[told.tone]} ${told.label} ${told.title}`
    .replaceAll('<', '\u2039')
    .replaceAll('>', '\u203a')
    .replaceAll('&', '+');
  return {
    type: 'header',
    text: { type: 'plain_text', text: clip(plain, SLACK_LIMITS.header), emoji: false },
  };
}

function section(lines: readonly string[]): readonly SlackBlock[] {
  return lines.length === 0 ? [] : [{ type: 'section', text: mrkdwnOf(lines) }];
}

/** Small and grey. */
function context(lines: readonly string[]): SlackBlock {
  return { type: 'context', elements: [mrkdwnOf(lines)] };
}

/** Lines that do not fit any more are left out, and counted. */
function mrkdwnOf(lines: readonly string[]): Mrkdwn {
  const kept: string[] = [];
  let length = 0;
  for (const text of lines) {
    if (length + text.length + 1 > SECTION_MAX) break;
    kept.push(text);
    length += text.length + 1;
  }
  const hidden = lines.length - kept.length;
  if (hidden > 0) kept.push(`... ${hidden} more ${hidden === 1 ? 'line' : 'lines'} cut to fit`);
  return { type: 'mrkdwn', text: kept.join('\n'), verbatim: true };
}

function actionLines(told: Story): readonly string[] {
  const { command, heading, notes, undo } = told.action;
  const commands = command === null ? [] : [`\`\`\`${code(command)}\`\`\``];
  const undone = undo === null ? [] : [`Undo: \`${code(undo)}\``];
  return [`*${heading}*`, ...commands, ...notes.map((note) => line(note, told)), ...undone];
}

function evidenceLines(told: Story): readonly string[] {
  if (told.evidence.length === 0) return [];
  return ['*Evidence*', ...told.evidence.map((text) => `\u2022 ${line(text, told)}`)];
}

/** A link that is too long to be a real one is left out. */
function linkLines(told: Story): readonly string[] {
  const links = told.links
    .map(({ url, label }) => `<${escapeText(url)}|${escapeText(label)}>`)
    .filter(({ length }) => length <= LINK_MAX);
  return links.length === 0 ? [] : [links.join('  \u00b7  ')];
}

function factLines(told: Story, isWanted: (fact: Fact) => boolean): readonly string[] {
  return told.facts.filter(isWanted).map((fact) => factLine(fact, told));
}

/** Instants are shown in UTC and, by Slack itself, in the reader's own time zone. */
function factLine(fact: Fact, told: Story): string {
  const text = `*${fact.label}:* ${line(fact.text, told)}`;
  if (fact.at === null) return text;
  const seconds = Math.floor(fact.at / SECOND_MS);
  return `${text} \u00b7 <!date^${seconds}^{date_short_pretty}, {time} your time|UTC>`;
}

function line(text: string, told: Story): string {
  return mrkdwn(glued(text), { names: told.names, lengthMax: LINE_MAX });
}
