import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/**
 * The architecture, checked: which folder may import which, and what only the edges may touch.
 * `model` <- `stats`, `price` <- `detectors` <- `decide` <- edges <- `cli`, `handlers`, `infra`.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'src/model': ['src/model'],
  'src/stats': ['src/model', 'src/stats'],
  'src/price': ['src/model', 'src/stats', 'src/price'],
  // `price` for the one detector whose signal is money: test 'keeps money out of detectors'.
  detectors: ['src/model', 'src/stats', 'src/price', 'detectors', 'detectors/evidence'],
  // What detectors share knows none of them.
  'detectors/evidence': ['src/model', 'src/stats', 'src/price', 'detectors/evidence'],
  'src/decide': ['src/model', 'src/stats', 'src/price', 'detectors', 'detectors/evidence', 'src/decide'],
  'src/audit': ['src/model', 'src/stats', 'src/price', 'src/audit'],
  'src/simulate': ['src/model', 'src/stats', 'src/price', 'src/simulate'],
  'src/observe': ['src/model', 'src/stats', 'src/price', 'src/decide', 'src/audit', 'src/observe'],
  'src/store': ['src/model', 'src/decide', 'src/store'],
  'src/respond': ['src/model', 'src/decide', 'src/store', 'src/respond'],
  'src/run': [
    'src/model',
    'src/stats',
    'src/price',
    'src/decide',
    'src/observe',
    'src/store',
    'src/respond',
    'src/run',
  ],
  'src/replay': [
    'src/model',
    'src/stats',
    'src/price',
    'src/decide',
    'src/observe',
    'src/replay',
    'detectors',
  ],
};
/** Free to import everything under src and detectors. */
const TOP_LAYERS = ['src/cli', 'src/handlers', 'infra', 'src/report', 'src/web'];
const EDGES = ['src/observe', 'src/respond', 'src/store', ...TOP_LAYERS];

const BANS: readonly {
  readonly pattern: RegExp;
  readonly instead: string;
  readonly allowedIn: readonly string[];
}[] = [
  {
    pattern: /\bDate\.now\(|new Date\(\)/,
    instead: 'take `now` as an argument',
    allowedIn: ['src/cli/node-io.ts', 'src/handlers'],
  },
  { pattern: /Math\.random\(/, instead: 'use a seeded generator', allowedIn: [] },
  {
    pattern: /\bprocess\./,
    instead: 'take it from Io',
    allowedIn: ['src/cli/node-io.ts', 'src/cli/main.ts', 'src/handlers', 'infra'],
  },
  { pattern: /from '(@aws-sdk|@slack)\//, instead: 'go through observe, respond or store', allowedIn: EDGES },
  {
    pattern: /import (type )?\{ z \} from 'zod'/,
    instead: 'import * as z: a bundle then takes what is used, not all of it',
    allowedIn: [],
  },
  { pattern: /@ts-ignore|@ts-nocheck/, instead: 'fix the type', allowedIn: [] },
];
const LINES_MAX = 420;

const root = join(import.meta.dirname, '..');
const files = ['src', 'detectors', 'infra'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(folder, name.replaceAll('\\', '/'))),
);

function layerOf(file: string): string {
  const [top = '', below = ''] = posix.dirname(file).split('/');
  return top === 'src' || `${top}/${below}` in MAY_IMPORT ? `${top}/${below}` : top;
}

/** The detectors that may know money: a budget is nothing else. */
const MONEY_DETECTORS = ['detectors/budget-burn-rate.ts', 'detectors/evidence/budget-timeline.ts'];

it('keeps money out of detectors', () => {
  const priced = files.filter(
    (file) =>
      file.startsWith('detectors/') && /from '\.[^']*src\/price/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(priced.filter((file) => !MONEY_DETECTORS.includes(file))).toEqual([]);
});

describe.each(files)('%s', (file) => {
  const text = readFileSync(join(root, file), 'utf8');

  it('imports only what its layer may', () => {
    const layer = layerOf(file);
    const allowed = MAY_IMPORT[layer];
    if (allowed === undefined) {
      expect(TOP_LAYERS, `unknown layer ${layer}: add it to MAY_IMPORT`).toContain(layer);
      return;
    }
    for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) {
      const target = relative(root, join(root, posix.dirname(file), path ?? ''));
      expect(allowed, `${file} imports ${target}`).toContain(layerOf(target));
    }
  });

  it('keeps clocks, randomness, process and SDKs at the edges', () => {
    for (const { pattern, instead, allowedIn } of BANS) {
      if (allowedIn.some((place) => file.startsWith(place))) continue;
      const line = text.split('\n').findIndex((code) => pattern.test(code)) + 1;
      expect(line, `${file}:${line} matches ${pattern}: ${instead}`).toBe(0);
    }
  });

  it(`has at most ${LINES_MAX} lines`, () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(LINES_MAX);
  });
});

it('tests make folders only where the run removes them', () => {
  // The emulator may run on after the folder of the run is gone, and removes its own.
  const own = ['temporary-folder.ts', 'tidy.test.ts', 'e2e/emulator/server.ts'];
  const others = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !own.includes(name.replaceAll('\\', '/')),
  );
  const found = others.filter((name) => /\bmkdtemp/.test(readFileSync(join(root, 'test', name), 'utf8')));
  expect(found, 'use temporaryFolder()').toEqual([]);
});
