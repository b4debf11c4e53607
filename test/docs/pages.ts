import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const root = join(import.meta.dirname, '../..');

/** A page for people, taken apart as far as tests need it. */
export interface Page {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Lines in fenced or indented blocks. */
  readonly blockLines: readonly string[];
  /** `inline code`, outside of blocks. */
  readonly spans: readonly string[];
  /** Targets of links outside of code. */
  readonly links: readonly string[];
  /** What `#...` may point at, as GitHub names headings. */
  readonly anchors: ReadonlySet<string>;
}

export const pages: readonly Page[] = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((path) => existsSync(join(root, path))),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => posix.join('docs', name.replaceAll('\\', '/')))
    .sort(),
].map(readPage);

function readPage(path: string): Page {
  const text = readFileSync(join(root, path), 'utf8');
  return { path, text, ...parts(text) };
}

export function parts(text: string): Pick<Page, 'blockLines' | 'spans' | 'links' | 'anchors'> {
  const blockLines: string[] = [];
  const prose: string[] = [];
  let fence: string | null = null;
  for (const line of text.split('\n')) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (fence === null && mark !== undefined) fence = mark;
    else if (fence !== null && mark?.startsWith(fence)) fence = null;
    else if (fence !== null || line.startsWith('    ')) blockLines.push(line);
    else prose.push(line);
  }
  // A span may be broken over two lines, a paragraph not.
  const paragraphs = prose.join('\n').split(/\n\s*\n/);
  const spans = paragraphs.flatMap((paragraph) =>
    [...paragraph.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replace(/\s+/g, ' ')),
  );
  const plain = prose.join('\n').replace(/`[^`\n]+`/g, 'code');
  const links = [...plain.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return { blockLines, spans, links, anchors: anchorsOf(prose) };
}

function anchorsOf(lines: readonly string[]): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const line of lines) {
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    let unique = slug;
    for (let n = 1; anchors.has(unique); n++) unique = `${slug}-${n}`;
    anchors.add(unique);
  }
  return anchors;
}
