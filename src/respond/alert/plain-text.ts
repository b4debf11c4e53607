import type { Story } from './words.ts';

export interface PlainOptions {
  /** Lines are wrapped here; commands and links never are. */
  readonly columns: number;
  /** Sets headings, commands and the title apart; default: as they are. */
  readonly style?: Partial<Record<'title' | 'heading' | 'command' | 'faint', (text: string) => string>>;
}

/** The whole story as plain text: for e-mail and the terminal. */
export function plainText(told: Story, options: PlainOptions): string {
  const asIs = (text: string): string => text;
  const style = { title: asIs, heading: asIs, command: asIs, faint: asIs, ...options.style };
  const paragraph = (text: string): string[] => wrap(text, options.columns);
  const item = (text: string): string[] => wrap(text, options.columns, { first: '- ', rest: '  ' });
  const blocks: string[][] = [
    paragraph(`${told.label} ${told.title}`).map(style.title),
    told.lead.flatMap(paragraph),
    [
      style.heading(told.action.heading),
      ...(told.action.command === null ? [] : ['', `    ${style.command(told.action.command)}`, '']),
      ...told.action.notes.flatMap(paragraph),
      ...(told.action.undo === null ? [] : [`Undo: ${style.command(told.action.undo)}`]),
    ],
    told.facts.flatMap(({ label, text }) => factLines(label, text, options.columns)),
    told.evidence.length === 0 ? [] : [style.heading('Evidence'), ...told.evidence.flatMap(item)],
    told.links.flatMap(({ label, url }) => [`${label}:`, url]),
    wrap(told.footer, options.columns).map(style.faint),
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Labels in a column of their own. */
const LABEL_COLUMNS = 16;

function factLines(label: string, text: string, columns: number): string[] {
  return wrap(text, columns, { first: label.padEnd(LABEL_COLUMNS), rest: ' '.repeat(LABEL_COLUMNS) });
}

const GLUE = '\u00a0';

/** Text in which a figure stays on the line of its unit. */
export function glued(text: string): string {
  return text.replace(/(\d) (?=(?:s|min|h|d|UTC)\b|%)/g, `$1${GLUE}`);
}

/** Lines of at most so many columns, broken between words; a word that is longer has a line of its own. */
export function wrap(text: string, columns: number, indent = { first: '', rest: '' }): string[] {
  const lines: string[] = [];
  let line = indent.first;
  let isEmpty = true;
  for (const word of glued(text).split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = indent.rest;
      isEmpty = true;
    }
    line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((wrapped) => wrapped.replaceAll(GLUE, ' '));
}
