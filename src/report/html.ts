import { escapeHtml } from '../audit/render/html.ts';
import { clean } from '../respond/alert/clean.ts';

/** Marks what was built by {@link html}: a string from outside can never be one. */
const SAFE: unique symbol = Symbol('safe HTML');

export interface Html {
  readonly [SAFE]: string;
}

export type Part = string | number | Html | null | readonly Part[];

/** Longest text of one value: more is no name and no sentence. */
const TEXT_LENGTH_MAX = 2_000;

/**
 * HTML with values put in as text: each is cut to one clean line and escaped, in content and in quoted attributes.
 * `null` is nothing; a list is its members.
 *
 * @example html`<p title="${name}">${lines.map((line) => html`<b>${line}</b>`)}</p>`
 */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const rest = parts.map((part, index) => textOf(part) + (literals[index + 1] ?? ''));
  return { [SAFE]: (literals[0] ?? '') + rest.join('') };
}

/** A block of code or of commands: lines and indents stay. */
export function codeHtml(text: string): Html {
  const lines = text.split('\n').map((line) => {
    const indent = /^ */.exec(line)?.[0] ?? '';
    return indent + escapeHtml(clean(line, TEXT_LENGTH_MAX));
  });
  return { [SAFE]: lines.join('\n') };
}

/** A style sheet of our own, as it is. */
export function styleHtml(css: string): Html {
  return { [SAFE]: css };
}

export function renderHtml(page: Html): string {
  return page[SAFE];
}

function textOf(part: Part): string {
  if (part === null) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeHtml(clean(part, TEXT_LENGTH_MAX));
  if (SAFE in part) return part[SAFE];
  return part.map(textOf).join('');
}
