import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DETECTORS } from '../../detectors/registry.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { DETECTOR_IDS } from '../../src/model/finding.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { commandLinesIn, commandsOf, problemOf } from './command-lines.ts';
import { pages, parts, root } from './pages.ts';

/** `firebreak ...` in code blocks, and where a span of code begins with it. */
function commandLines(page: (typeof pages)[number]): readonly string[] {
  const lines = [...page.blockLines, ...page.spans.filter((span) => span.startsWith('firebreak '))];
  return [...new Set(lines.flatMap(commandLinesIn))];
}

describe('the checks of this file', () => {
  it('find the command lines of a block', () => {
    expect(commandLinesIn('    firebreak record -o t.json && firebreak backtest t.json  # both')).toEqual([
      'record -o t.json',
      'backtest t.json',
    ]);
    expect(commandLinesIn('Undo: firebreak restore orders-worker')).toEqual(['restore orders-worker']);
    expect(commandLinesIn('"command": "firebreak kill orders-worker", "a": "b"')).toEqual([
      'kill orders-worker',
    ]);
    expect(commandLinesIn('firebreak kill a --reason "b & c" > out.txt')).toEqual([
      'kill a --reason "b & c"',
    ]);
    expect(commandLinesIn('02:18  $ firebreak kill orders-worker')).toEqual(['kill orders-worker']);
    expect(commandLinesIn('firebreak: this is a message; see firebreak.config.json')).toEqual([]);
  });

  it.each([
    ['kill', null],
    ['kill orders-worker --reason "a b"', null],
    ['config check --json', null],
    ['kill orders-worker another', 'too many arguments'],
    ['kill orders-worker --hardly', 'unknown option'],
    ['kil orders-worker', 'unknown command'],
    ['audit --fail-on everything', 'is invalid'],
    ['record --since', 'argument missing'],
    ['watch --region', 'argument missing'],
  ])('judge "%s"', async (line, problem) => {
    const found = await problemOf(line);
    if (problem === null) expect(found).toBeNull();
    else expect(found).toContain(problem);
  });

  it('name headings as GitHub does', () => {
    const { anchors } = parts('# Kill `x`: what & why?\n## A\n## A\n```\n# no heading\n```\n');
    expect([...anchors]).toEqual(['kill-x-what--why', 'a', 'a-1']);
  });

  it('see the pages, and commands in them', () => {
    expect(pages.map(({ path }) => path)).toContain('docs/getting-started.md');
    expect(pages.flatMap(commandLines).length).toBeGreaterThan(60);
  });
});

const OPTIONS = new Set(
  commandsOf(await buildProgram(fakeIo())).flatMap(({ command }) =>
    command.options.flatMap(({ long }) => long ?? []),
  ),
);
const SCRIPTS: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;

/** The history of names that are gone, and the help texts, whose examples test/cli/help.test.ts judges. */
const NO_INSTRUCTIONS = ['CHANGELOG.md', 'docs/cli.md'];

describe.each(pages.filter(({ path }) => !NO_INSTRUCTIONS.includes(path)))('$path', (page) => {
  it('shows only command lines that firebreak takes', async () => {
    for (const line of commandLines(page)) {
      expect(await problemOf(line), `firebreak ${line}`).toBeNull();
    }
  });

  it('speaks only of options that exist', () => {
    const named = page.spans.flatMap((span) => /^(--[a-z-]+)( \S+)?$/.exec(span)?.[1] ?? []);
    for (const option of named) expect([...OPTIONS, '--help', '--version'], option).toContain(option);
  });

  it('names only scripts of package.json', () => {
    const code = [...page.blockLines, ...page.spans];
    const named = code.flatMap((line) => [...line.matchAll(/npm run (?:--silent )?([\w:-]+)/g)]);
    for (const [, script = ''] of named) expect(Object.keys(SCRIPTS), `npm run ${script}`).toContain(script);
  });
});

describe.each(pages)('links of $path', ({ path, links, anchors }) => {
  const local = links.filter((target) => !/^[a-z]+:/.test(target));

  it('lead somewhere', () => {
    for (const target of local) {
      const [file = '', anchor] = target.split('#');
      const found = file === '' ? path : posix.join(posix.dirname(path), file);
      expect(existsSync(join(root, found)), `${path}: ${target}`).toBe(true);
      if (anchor === undefined) continue;
      const there = file === '' ? anchors : pages.find((page) => page.path === found)?.anchors;
      expect([...(there ?? [])], `${path}: ${target}`).toContain(anchor);
    }
  });
});

const RUNBOOK_PARTS = ['What it means', 'First look', 'Stop', 'Fix', 'Restore', 'Prevent'];
const RUNBOOK_LINES_MAX = 80;

describe('docs/runbooks', () => {
  const runbooks = pages.filter(({ path }) => /^docs\/runbooks\/(?!README)/.test(path));
  const idOf = (path: string) => posix.basename(path, '.md');

  it('has one for every detector, and for no other', () => {
    const ids = DETECTORS.map(({ id }) => id);
    expect(runbooks.map(({ path }) => idOf(path)).sort()).toEqual(ids.toSorted());
  });

  it.each(runbooks)('$path has the parts that one looks for at night, and is short', ({ text }) => {
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)).toEqual(RUNBOOK_PARTS);
    expect(text.split('\n').length).toBeLessThanOrEqual(RUNBOOK_LINES_MAX);
  });

  it('are all in their list', () => {
    const list = pages.find(({ path }) => path === 'docs/runbooks/README.md');
    expect(list?.links.filter((target) => DETECTOR_IDS.some((id) => target === `${id}.md`)).sort()).toEqual(
      runbooks.map(({ path }) => posix.basename(path)).sort(),
    );
  });
});

describe('docs/README.md', () => {
  it('leads to every page, or to the list of its folder', () => {
    const index = pages.find(({ path }) => path === 'docs/README.md');
    for (const { path } of pages) {
      const [, name = '', rest] = /^docs\/([^/]+)(\/.*)?$/.exec(path) ?? [];
      if (name === '' || name === 'README.md') continue;
      const target = rest === undefined ? name : `${name}/README.md`;
      expect(index?.links, `docs/README.md does not lead to ${target}`).toContain(target);
    }
  });

  it.each(['docs/runbooks', 'docs/decisions'])('%s/README.md leads to every page of its folder', (folder) => {
    const list = pages.find(({ path }) => path === `${folder}/README.md`);
    for (const { path } of pages) {
      if (!path.startsWith(`${folder}/`) || path.endsWith('README.md')) continue;
      expect(list?.links).toContain(posix.basename(path));
    }
  });
});

describe('docs/operations.md', () => {
  it('quotes gaps as they are worded', () => {
    const page = pages.find(({ path }) => path === 'docs/operations.md')?.text ?? '';
    const table = /\| the gap says \|.*?\n\n/s.exec(page)?.[0] ?? '';
    const quoted = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
    );
    const folder = join(root, 'src/observe/aws');
    const code = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    expect(quoted.length).toBeGreaterThan(6);
    for (const text of quoted) expect(code.join('\n')).toContain(text);
  });
});

/** Words that have no place in what people get. */
const FOREIGN = [
  /\/(work|home|root|Users)\/[a-z]/,
  /registry\.npmjs|npmjs\.(com|org)|pypi\.org|files\.pythonhosted|proxy\.golang/i,
  /\b(this|the) (brief|issue says|session was)\b/i,
  /\b(TODO|FIXME|XXX)\b/,
];

describe('what people read', () => {
  it.each(pages)('$path speaks of the product alone', ({ text }) => {
    for (const pattern of FOREIGN) expect(pattern.exec(text)?.[0]).toBeUndefined();
  });

  it('an indented or fenced shell block never names a page that is not there', () => {
    for (const { path, blockLines } of pages) {
      for (const [target = ''] of blockLines.join('\n').matchAll(/\bdocs\/[\w/-]+\.md\b/g)) {
        expect(existsSync(join(root, target)) && statSync(join(root, target)).isFile(), path).toBe(true);
      }
    }
  });
});
