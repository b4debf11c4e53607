import { clip } from './clean.ts';

/** Shorter names would light up in the middle of ordinary words. */
const NAME_LENGTH_MIN = 3;

/**
 * Slack's control characters; nothing else may be escaped.
 * @see https://docs.slack.dev/messaging/formatting-message-text#escaping (2026-11)
 */
export function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The inside of a code span or block: formatting is inert there, and it can be copied as it is. */
export function code(text: string): string {
  return escapeText(text.replaceAll('`', "'"));
}

/**
 * Plain text as one line of mrkdwn, at most `lengthMax` characters: known names become code spans, everything else
 * is escaped, and characters that would format the text (for which Slack has no escape) become their look-alikes.
 */
export function mrkdwn(
  text: string,
  options: { readonly names: readonly string[]; readonly lengthMax: number },
): string {
  const pattern = namePattern(options.names);
  let raw = text;
  let rendered = render(raw, pattern);
  while (rendered.length > options.lengthMax) {
    raw = clip(raw, Math.floor(raw.length * 0.8));
    rendered = render(raw, pattern);
  }
  return rendered;
}

function render(text: string, names: RegExp | null): string {
  if (names === null) return plain(text);
  return text
    .split(names)
    .map((part, index) => (index % 2 === 1 ? `\`${code(part)}\`` : plain(part)))
    .join('');
}

function plain(text: string): string {
  const inert = text
    .replaceAll('*', '\u2217')
    .replaceAll('~', '\u223c')
    .replaceAll('`', '\u2019')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\uff3f');
  return escapeText(inert);
}

/** Matches any of the names as a whole word, the longest first. */
function namePattern(names: readonly string[]): RegExp | null {
  const usable = [...new Set(names)]
    .filter((name) => name.length >= NAME_LENGTH_MIN && name.trim() === name)
    .sort((a, b) => b.length - a.length)
    .map((name) => name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  return usable.length === 0 ? null : new RegExp(`(?<![\\w-])(${usable.join('|')})(?![\\w-])`);
}
