import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const json = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');

interface Line {
  readonly name: string;
  readonly licence: string;
  readonly reason: string;
}

const lines: readonly Line[] = [...page.matchAll(/^- (.*)$/gm)].map(([, text = '']) => {
  const [, name, licence, reason] = /^`([^`]+)` \(([^)]+)\): (.+)/.exec(text) ?? [];
  if (name === undefined || licence === undefined || reason === undefined) {
    throw new Error(`docs/dependencies.md: a line must read "\`name\` (licence): reason", not: ${text}`);
  }
  return { name, licence, reason };
});

const own = json('package.json');
const toolchain = json('test/toolchain/package.json');
const runtime = Object.keys(own.dependencies);
const development = [own.peerDependencies, own.devDependencies].flatMap(Object.keys);
const apart = [toolchain.dependencies, toolchain.optionalDependencies].flatMap(Object.keys);
const installed = [...new Set([...runtime, ...development])];

const PERMISSIVE = ['MIT', 'Apache-2.0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD'];

describe('docs/dependencies.md', () => {
  it('names every package, and none besides', () => {
    const named = new Set(lines.map(({ name }) => name));
    expect([...named].sort()).toEqual([...new Set([...installed, ...apart])].sort());
  });

  it.each(installed)('states the licence of %s as the package does', (name) => {
    const { licence } = lines.find((line) => line.name === name) ?? { licence: 'no line' };
    expect(licence).toBe(json(`node_modules/${name}/package.json`).license);
  });

  it.each(runtime)('%s, which people run, is under a permissive licence', (name) => {
    expect(PERMISSIVE).toContain(lines.find((line) => line.name === name)?.licence);
  });

  it('what they bring along is under a permissive licence too', () => {
    const { packages } = json('package-lock.json') as {
      readonly packages: Readonly<
        Record<string, { readonly dev?: boolean; readonly peer?: boolean; readonly license?: string }>
      >;
    };
    const shipped = Object.entries(packages).filter(
      ([path, { dev, peer }]) => path !== '' && dev !== true && peer !== true,
    );
    expect(shipped.length).toBeGreaterThan(runtime.length);
    const others = shipped.filter(([, { license = 'none' }]) => !PERMISSIVE.includes(license));
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
  });

  it('gives a reason in a sentence, ending in a full stop', () => {
    expect(lines.filter(({ reason }) => !/^.{6,}\.$/.test(reason))).toEqual([]);
  });

  it('is in alphabetical order within each part', () => {
    for (const part of page.split(/^(?:##|In) /m)) {
      const names = [...part.matchAll(/^- `([^`]+)`/gm)].map(([, name]) => name);
      expect(names).toEqual(names.toSorted());
    }
  });
});
