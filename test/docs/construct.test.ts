import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './pages.ts';

const INTRODUCTION = `# The construct

What \`firebreak/cdk\` exports, made from its doc comments: \`npx vitest run --project unit test/docs/construct.test.ts -u\` writes this
page anew, and a test fails when it is out of date. What it deploys and why is in [deployment](deployment.md).
`;

/** Exported names with the file that each is in, in the order of the package's entry. */
function exportsOf(index: string): readonly { readonly name: string; readonly file: string }[] {
  return [...index.matchAll(/^export (?:type )?\{ (.+) \} from '\.\/(.+)';$/gm)].flatMap(
    ([, names = '', file = '']) =>
      names.split(', ').map((name) => ({ name: name.replace(/^type /, ''), file })),
  );
}

/** Text of a doc comment and its tags, on one line each. */
function docOf(comment: string): { readonly text: string; readonly tags: Readonly<Record<string, string>> } {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*? ?/, ''));
  const [text = '', ...tags] = lines
    .join('\n')
    .trim()
    .split(/\n(?=@\w+)/);
  const flat = (part: string) => part.replace(/\s+/g, ' ').trim();
  const byName = tags.map((tag) => /^@(\w+)\s+([\s\S]*)$/.exec(tag) ?? []);
  return {
    text: flat(text).replace(/\{@link (\w+)\}/g, '`$1`'),
    tags: Object.fromEntries(byName.map(([, name = '', rest = '']) => [name, flat(rest)])),
  };
}

interface Member {
  readonly name: string;
  readonly type: string;
  readonly text: string;
  readonly standard: string | undefined;
}

function sectionOf(name: string, source: string): string {
  const found = new RegExp(
    `(?:/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\n)?export (class|interface) ${name}\\b[^{]*\\{\\n([\\s\\S]*?)\\n\\}\\n`,
  ).exec(source);
  if (found === null) throw new Error(`${name} is not declared as a class or an interface`);
  const [, comment = '', kind, body = ''] = found;
  const { text, tags } = docOf(comment);
  const members = [
    ...body.matchAll(/(?: {2}\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)? {2}readonly (\w+)(\??): ([^;]+);/g),
  ].map(([, doc = '', member = '', optional, type = '']): Member => {
    const { text: meaning, tags: more } = docOf(doc);
    const standard = more['default']?.replace(/^- /, '') ?? (optional === '?' ? undefined : 'required');
    return { name: member, type, text: meaning, standard: kind === 'class' ? '' : standard };
  });
  const example = tags['example'] === undefined ? '' : `\n\`\`\`ts\n${tags['example']}\n\`\`\`\n`;
  return `## ${name}\n\n${text}\n${example}${members.length === 0 ? '' : `\n${tableOf(members, kind === 'class')}`}`;
}

function tableOf(members: readonly Member[], isClass: boolean): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = members.map(({ name, type, text, standard }) =>
    isClass
      ? `| \`${name}\` | \`${cell(type)}\` | ${cell(text)} |`
      : `| \`${name}\` | \`${cell(type)}\` | ${cell(standard ?? '')} | ${cell(text)} |`,
  );
  const head = isClass
    ? '| property | type | |\n|---|---|---|'
    : '| prop | type | default | |\n|---|---|---|---|';
  return `${head}\n${rows.join('\n')}\n`;
}

describe('docs/construct.md', () => {
  const read = (file: string) => readFileSync(join(root, 'infra', file), 'utf8');
  const exported = exportsOf(read('index.ts'));
  const sections = exported.map(({ name, file }) => sectionOf(name, read(file)));

  it('finds what is exported', () => {
    expect(exported.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Firebreak', 'FirebreakProps', 'KillSwitchProps', 'FirebreakAlarms']),
    );
    expect(sections.join('\n')).toContain('| `pageUsd` | `number` | 1 | Page (critical) when');
  });

  it('is what the doc comments say', async () => {
    await expect([INTRODUCTION, ...sections].join('\n')).toMatchFileSnapshot(join(root, 'docs/construct.md'));
  });
});
