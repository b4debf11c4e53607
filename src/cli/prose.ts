import { wrap } from '../respond/alert/plain-text.ts';
import type { Io } from './io.ts';

/** One point of a list, broken at words where a person reads it; in a file or a pipe each is one line. */
export function point(
  text: string,
  indent: { readonly first: string; readonly rest: string },
  io: Pick<Io, 'isTty' | 'columns'>,
): string {
  return wrap(text, io.isTty ? io.columns : Number.POSITIVE_INFINITY, indent).join('\n');
}

/** Text of a help page with its paragraphs broken anew. Lines that are indented (options, commands) stay as they are. */
export function reflowed(text: string, columns: number): string {
  const blocks: string[][] = [];
  for (const line of text.split('\n')) {
    const isProse = /^\S/.test(line);
    const block = blocks.at(-1);
    if (isProse && block !== undefined && /^\S/.test(block[0] ?? '')) block.push(line);
    else blocks.push([line]);
  }
  return blocks
    .flatMap((block) => (/^\S/.test(block[0] ?? '') ? wrap(block.join(' '), columns) : block))
    .join('\n');
}
